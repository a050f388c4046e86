import { APP_KEY } from '../case-store.ts';
import type { Flaw, Format, ReportEntry, SyncJob } from './history.ts';

/** What a job finds in its workspace. */
export interface Workspace {
  readonly [file: string]: string;
}

/** Where all reports are. */
export const REPORT_FOLDER = 'results';

interface ReportFiles {
  readonly job: SyncJob;
  readonly entries: readonly ReportEntry[];
  readonly flaw: Flaw | null;
  readonly shift: number;
}

/** The names of all files of a report. */
export function fileNames({ format, fileCount }: SyncJob): string[] {
  return ['first', 'second'].slice(0, fileCount).map((name) => `${REPORT_FOLDER}/${name}.${format}`);
}

/** The input `files`. */
export function filesInput(job: SyncJob): string {
  return job.isPattern ? `${REPORT_FOLDER}/*.${job.format}` : fileNames(job).join('\n');
}

/** Writes a report. */
export function writeReport({ job, entries, flaw, shift }: ReportFiles): Workspace {
  const files = fileNames(job).flatMap((name, index): [string, string][] => {
    const own = entries.filter(({ file }) => file % job.fileCount === index);
    const isFlawed = flaw !== null && flaw.file % job.fileCount === index;
    const text = WRITERS[job.format](own, { job, shift, hasFailed: isFlawed && flaw.kind === 'failed' });
    if (!isFlawed || (flaw.kind === 'failed' && job.format !== 'junit')) return [[name, text]];
    if (flaw.kind === 'missing') return [];
    if (flaw.kind === 'empty') return [[name, '']];
    // A JUnit report can't say that it failed.
    return [[name, cut(text, flaw.percent)]];
  });
  return Object.fromEntries(files);
}

/** The beginning of a text. Items of JSON in lines that are whole would still open cases. */
function cut(text: string, percent: number): string {
  const start = text.slice(0, Math.floor((text.length * Math.min(percent, 99)) / 100));
  return start.replace(/\}\n?$/, '');
}

interface Writing {
  readonly job: SyncJob;
  readonly shift: number;
  readonly hasFailed: boolean;
}

const WRITERS: Readonly<Record<Format, (entries: readonly ReportEntry[], writing: Writing) => string>> = {
  sarif: (entries, { job, shift, hasFailed }) =>
    JSON.stringify({
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: job.tool } },
          invocations: [{ executionSuccessful: !hasFailed }],
          results: entries.map((entry) => toResult(entry, { job, line: lineOf(entry) + shift })),
        },
      ],
    }),
  junit: (entries, { job, shift }) => {
    const suites = [0, 1].map((suite) => {
      const tests = entries
        .filter(({ what }) => what % 2 === suite)
        .map((entry, index) => toTest(entry, { job, line: index + 1 + shift }));
      return `<testsuite name="suite-${suite}">${tests.join('')}</testsuite>`;
    });
    return `<?xml version="1.0"?>\n<testsuites>${suites.join('\n')}</testsuites>`;
  },
  json: (entries, { job, hasFailed }) => {
    const items = entries.filter(({ how }) => how === 'fails').map((entry) => toItem(entry, job));
    const isLines = job.fileCount === 2 || hasFailed;
    if (!isLines) return JSON.stringify(items);
    return [...items, ...(hasFailed ? [] : [{ complete: true }])]
      .map((item) => JSON.stringify(item))
      .join('\n')
      .concat(items.length || !hasFailed ? '' : '{"key":""}');
  },
};

interface Place {
  readonly job: SyncJob;
  readonly line: number;
}

const LEVELS = { high: 'error', medium: 'warning', low: 'note' } as const;

/** The same finding is always at the same place, so that it counts once. */
function lineOf({ what, where }: ReportEntry): number {
  return 10 * what + where + 1;
}

/** The message doesn't name the line, so that it is the same once lines have moved. */
function toResult({ what, where, how, severity }: ReportEntry, { job, line }: Place): object {
  const uri = `src/path-${where}.js`;
  return {
    ruleId: `rule-${what}`,
    level: LEVELS[severity],
    message: { text: `A problem of rule-${what}${leak(job)}` },
    locations: [{ physicalLocation: { artifactLocation: { uri }, region: { startLine: line } } }],
    ...(how === 'passes' && { kind: 'pass' }),
    ...(how === 'skipped' && { suppressions: [{ kind: 'inSource' }] }),
  };
}

function toTest({ what, how }: ReportEntry, { job, line }: Place): string {
  const name = `classname="Shop" name="test-${what}"`;
  if (how === 'passes') return `<testcase ${name}/>`;
  if (how === 'skipped') return `<testcase ${name}><skipped/></testcase>`;
  const text = `expected 1, got 2${leak(job)}\n  at shop.js:${line}`;
  return `<testcase ${name}><failure message="no">${text}</failure></testcase>`;
}

function toItem({ what, severity }: ReportEntry, job: SyncJob): object {
  return { key: `key-${what}`, title: `The item key-${what}${leak(job)}`, severity };
}

function leak({ isLeaky }: SyncJob): string {
  return isLeaky ? ` with ${APP_KEY}` : '';
}
