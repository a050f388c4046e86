import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { median, renderTable } from './measure.ts';
import {
  compareRatio,
  formatMet,
  formatRatio,
  type Measurements,
  measurePeaks,
  measureTimes,
  ratio,
} from './rounds.ts';
import {
  ACTION,
  CLIENT,
  CLIENT_SUBJECT,
  CREATE_SUBJECT,
  EMPTY_SUBJECT,
  FETCH_SUBJECT,
  MINIMAL_SUBJECT,
  SUBJECTS,
  WATCH_SUBJECT,
} from './subjects.ts';

const MEMORY_ROUNDS = 5;

/** Compares all subjects, and the action with its targets. */
export async function renderComparison(rounds: number): Promise<string> {
  const times = await measureTimes(SUBJECTS, rounds);
  const peaks = await measurePeaks(SUBJECTS, MEMORY_ROUNDS);
  return `${renderSubjects(times, peaks)}\n\n${renderTargets(times, peaks)}`;
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
        1.5,
      ),
      compareRatio(
        'create from IDs, against the `fetch` script',
        ratio(times, CREATE_SUBJECT, FETCH_SUBJECT),
        1,
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
      compareBytes('archive that a runner downloads', archiveBytes, 120 * 1024),
      compareBytes('main chunk of `dist`', chunkBytes, 210 * 1024),
      ['the official client’s bundle, for comparison', formatKib(readFileSync(CLIENT).length), '', ''],
    ],
  );
}

function compareBytes(measure: string, bytes: number, targetBytes: number): string[] {
  return [measure, formatKib(bytes), formatKib(targetBytes), formatMet(bytes <= targetBytes)];
}

/** Size of the archive that GitHub packs for a runner, at HEAD. */
function measureArchiveBytes(): number {
  return gzipSync(execFileSync('git', ['archive', '--format=tar', 'HEAD'], { maxBuffer: 2 ** 28 })).length;
}

function formatKib(bytes: number): string {
  return `${(bytes / 1024).toFixed(0)} KiB`;
}
