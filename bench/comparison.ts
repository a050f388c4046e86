import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { measurePeakMemory, measureTime, median, renderTable } from './measure.ts';
import {
  ACTION,
  CLIENT,
  CLIENT_SUBJECT,
  CREATE_SUBJECT,
  EMPTY_SUBJECT,
  FETCH_SUBJECT,
  MINIMAL_SUBJECT,
  type NamedSubject,
  SUBJECTS,
  WATCH_SUBJECT,
} from './subjects.ts';

const MEMORY_ROUNDS = 5;

/** The values of each subject, one per round. */
type Measurements = ReadonlyMap<NamedSubject, readonly number[]>;

/** Compares all subjects, and the action with its targets. */
export async function renderComparison(rounds: number): Promise<string> {
  for (const subject of SUBJECTS) await measureTime(subject); // Warms the disk cache.
  const times = await measureRounds(rounds, measureTime);
  const peaks = await measureRounds(MEMORY_ROUNDS, measurePeakMemory);
  return `${renderSubjects(times, peaks)}\n\n${renderTargets(times, peaks)}`;
}

/** Measures in interleaved rounds, every other one backwards, so that other load affects all subjects equally. */
async function measureRounds(
  rounds: number,
  measure: (subject: NamedSubject) => Promise<number>,
): Promise<Measurements> {
  const values = new Map(SUBJECTS.map((subject) => [subject, [] as number[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const subject of round % 2 ? SUBJECTS.toReversed() : SUBJECTS)
      values.get(subject)?.push(await measure(subject));
  }
  return values;
}

/** The median of the ratios within each round. */
function ratio(values: Measurements, subject: NamedSubject, base: NamedSubject): number {
  const bases = values.get(base) ?? [];
  return median((values.get(subject) ?? []).map((value, round) => value / (bases[round] ?? Number.NaN)));
}

function renderSubjects(times: Measurements, peaks: Measurements): string {
  const head = ['step', 'median ms', 'minimal POST', '`fetch` script', 'official client', 'peak memory, MiB'];
  const rows = SUBJECTS.map((subject) => {
    const peak = median(peaks.get(subject) ?? []);
    return [
      subject.name,
      median(times.get(subject) ?? []).toFixed(0),
      ...[MINIMAL_SUBJECT, FETCH_SUBJECT, CLIENT_SUBJECT].map((base) => formatRatio(times, subject, base)),
      peak
        ? `${(peak / 1024).toFixed(0)} (${formatRatio(peaks, subject, MINIMAL_SUBJECT)})`
        : 'not a Node process',
    ];
  });
  return renderTable(head, rows);
}

function renderTargets(times: Measurements, peaks: Measurements): string {
  const clientShare = 1 / ratio(times, CLIENT_SUBJECT, CREATE_SUBJECT);
  const archiveBytes = measureArchiveBytes();
  const chunkBytes = readFileSync(ACTION).length;
  return renderTable(
    ['measure', 'result', 'target', 'met'],
    [
      compareRatio(
        'create from IDs, against a minimal POST',
        ratio(times, CREATE_SUBJECT, MINIMAL_SUBJECT),
        1.25,
      ),
      compareRatio(
        'create from IDs, against the `fetch` script',
        ratio(times, CREATE_SUBJECT, FETCH_SUBJECT),
        0.8,
      ),
      compareRatio(
        '`watch`, main stage, against `node -e 0`',
        ratio(times, WATCH_SUBJECT, EMPTY_SUBJECT),
        1.8,
      ),
      [
        'create from IDs, against the official client',
        `1/${(1 / clientShare).toFixed(1)}`,
        '1/6',
        formatMet(clientShare <= 1 / 6),
      ],
      compareRatio('peak memory, against a minimal POST', ratio(peaks, CREATE_SUBJECT, MINIMAL_SUBJECT), 1.2),
      compareBytes('archive that a runner downloads', archiveBytes, 100 * 1024),
      compareBytes('main chunk of `dist`', chunkBytes, 140 * 1024),
      ['the official client’s bundle, for comparison', formatKib(readFileSync(CLIENT).length), '', ''],
    ],
  );
}

function compareRatio(measure: string, result: number, target: number): string[] {
  return [measure, `${result.toFixed(2)} ×`, `${target} ×`, formatMet(result <= target)];
}

function compareBytes(measure: string, bytes: number, targetBytes: number): string[] {
  return [measure, formatKib(bytes), formatKib(targetBytes), formatMet(bytes <= targetBytes)];
}

function formatMet(isMet: boolean): string {
  return isMet ? 'yes' : 'no, see [Performance](../docs/performance.md#time-memory-and-size)';
}

/** Size of the archive that GitHub packs for a runner, at HEAD. */
function measureArchiveBytes(): number {
  return gzipSync(execFileSync('git', ['archive', '--format=tar', 'HEAD'], { maxBuffer: 2 ** 28 })).length;
}

function formatRatio(values: Measurements, subject: NamedSubject, base: NamedSubject): string {
  return `${ratio(values, subject, base).toFixed(2)} ×`;
}

function formatKib(bytes: number): string {
  return `${(bytes / 1024).toFixed(0)} KiB`;
}
