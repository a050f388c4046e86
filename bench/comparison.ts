import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { measurePeakMemory, measureTime, median, renderTable } from './measure.ts';
import {
  ACTION,
  BASELINE_SUBJECT,
  CLIENT,
  CLIENT_SUBJECT,
  CREATE_SUBJECT,
  type NamedSubject,
  SUBJECTS,
} from './subjects.ts';

const MEMORY_ROUNDS = 5;

type Measurements = Map<NamedSubject, number>;

/** Compares all subjects, and the action with its targets. */
export async function renderComparison(rounds: number): Promise<string> {
  for (const subject of SUBJECTS) await measureTime(subject); // Warms the disk cache.
  const times = await measureMedians(rounds, measureTime);
  const peaks = await measureMedians(MEMORY_ROUNDS, measurePeakMemory);
  return `${renderSubjects(times, peaks)}\n\n${renderTargets(times, peaks)}`;
}

/** Measures in interleaved rounds, so that what slows the machine down affects all subjects alike. */
async function measureMedians(
  rounds: number,
  measure: (subject: NamedSubject) => Promise<number>,
): Promise<Measurements> {
  const values = new Map(SUBJECTS.map((subject) => [subject, [] as number[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const subject of SUBJECTS) values.get(subject)?.push(await measure(subject));
  }
  return new Map(SUBJECTS.map((subject) => [subject, median(values.get(subject) ?? [])]));
}

function ratio(values: Measurements, subject: NamedSubject, base: NamedSubject): number {
  return (values.get(subject) ?? Number.NaN) / (values.get(base) ?? Number.NaN);
}

function renderSubjects(times: Measurements, peaks: Measurements): string {
  const head = [
    'step',
    'median ms',
    'against the bare POST',
    'against the official client',
    'peak memory, MiB',
  ];
  const rows = SUBJECTS.map((subject) => {
    const peak = peaks.get(subject);
    return [
      subject.name,
      (times.get(subject) ?? Number.NaN).toFixed(0),
      `${ratio(times, subject, BASELINE_SUBJECT).toFixed(2)} ×`,
      `${ratio(times, subject, CLIENT_SUBJECT).toFixed(2)} ×`,
      peak
        ? `${(peak / 1024).toFixed(0)} (${ratio(peaks, subject, BASELINE_SUBJECT).toFixed(2)} ×)`
        : 'not Node',
    ];
  });
  return renderTable(head, rows);
}

function renderTargets(times: Measurements, peaks: Measurements): string {
  const timeRatio = ratio(times, CREATE_SUBJECT, BASELINE_SUBJECT);
  const clientRatio = ratio(times, CLIENT_SUBJECT, CREATE_SUBJECT);
  const memoryRatio = ratio(peaks, CREATE_SUBJECT, BASELINE_SUBJECT);
  return renderTable(
    ['measure', 'here', 'target'],
    [
      ['create with ids, against the bare POST', `${timeRatio.toFixed(2)} ×`, 'at most 1.8 ×'],
      ['create with ids, against the official client', `1/${clientRatio.toFixed(1)}`, 'at most 1/6'],
      ['peak memory, against the bare POST', `${memoryRatio.toFixed(2)} ×`, 'at most 1.3 ×'],
      ['archive that a runner downloads', formatKib(archiveBytes()), 'at most 200 KiB'],
      ['main chunk of `dist`, not minified', formatKib(readFileSync(ACTION).length), 'at most 350 KiB'],
      ['the official client’s bundle, for comparison', formatKib(readFileSync(CLIENT).length), ''],
    ],
  );
}

/** Size of the archive that GitHub packs for a runner, at HEAD. */
function archiveBytes(): number {
  return gzipSync(execFileSync('git', ['archive', '--format=tar', 'HEAD'], { maxBuffer: 2 ** 28 })).length;
}

function formatKib(bytes: number): string {
  return `${(bytes / 1024).toFixed(0)} KiB`;
}
