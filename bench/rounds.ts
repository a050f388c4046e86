import { measurePeakMemory, measureTime, median, type NamedSubject } from './measure.ts';

/** The values of each subject, one per round. */
export type Measurements = ReadonlyMap<NamedSubject, readonly number[]>;

/** The times of all subjects, in milliseconds. */
export async function measureTimes(subjects: readonly NamedSubject[], rounds: number): Promise<Measurements> {
  for (const subject of subjects) await measureTime(subject); // Warms the disk cache.
  return measureRounds(subjects, rounds, measureTime);
}

/** The peak memory of all subjects, in KiB. */
export function measurePeaks(subjects: readonly NamedSubject[], rounds: number): Promise<Measurements> {
  return measureRounds(subjects, rounds, measurePeakMemory);
}

/** Measures in interleaved rounds, every other one backwards, so that other load affects all subjects equally. */
async function measureRounds(
  subjects: readonly NamedSubject[],
  rounds: number,
  measure: (subject: NamedSubject) => Promise<number>,
): Promise<Measurements> {
  const values = new Map(subjects.map((subject) => [subject, [] as number[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const subject of round % 2 ? subjects.toReversed() : subjects)
      values.get(subject)?.push(await measure(subject));
  }
  return values;
}

/** The median of the ratios within each round. */
export function ratio(values: Measurements, subject: NamedSubject, base: NamedSubject): number {
  const bases = values.get(base) ?? [];
  return median((values.get(subject) ?? []).map((value, round) => value / (bases[round] ?? Number.NaN)));
}

export function formatRatio(values: Measurements, subject: NamedSubject, base: NamedSubject): string {
  return `${ratio(values, subject, base).toFixed(2)} ×`;
}

/** A row of a table of targets, which are upper limits. */
export function compareRatio(measure: string, result: number, target: number): string[] {
  return [measure, `${result.toFixed(2)} ×`, `${target} ×`, formatMet(result <= target)];
}

export function formatMet(isMet: boolean): string {
  return isMet ? 'yes' : 'no, see [Performance](../docs/performance.md#time-memory-and-size)';
}
