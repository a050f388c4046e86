import type { Fault, Feature, PersonEvent, Service, Stop } from '../history.ts';

// What happens in a world in which jobs sync reports, as data.

/** Something that such a world can have, besides what other worlds can have. Without any of these, it is simple. */
export const SYNC_FEATURES = [
  'uneven-index',
  'lagging-index',
  'short-pages',
  'uneven-pages',
  'text-limits',
  'old-answers',
  'no-closing-time',
  'status-names-only',
  'refused-fields',
  'notes-below',
  'people',
  'faults',
  'kills',
  'signals',
  'clocks',
  'dry-runs',
  'secrets-in-texts',
  'incomplete-reports',
  'few-changes',
  'branches',
  'long-times',
] as const satisfies readonly (Feature | 'incomplete-reports' | 'few-changes' | 'branches' | 'long-times')[];
export type SyncFeature = (typeof SYNC_FEATURES)[number];

export type Format = 'sarif' | 'junit' | 'json';
export type GroupBy = 'rule' | 'file' | 'finding' | 'test' | 'suite' | 'item';
export type Severity = 'high' | 'medium' | 'low';

/** One result of a report: a finding, a test or an item. */
export interface ReportEntry {
  /** Which rule, test or key. */
  readonly what: number;
  /** Which path. */
  readonly where: number;
  /** Whether it is there. SARIF results that passed or were skipped are no findings; JSON leaves such items out. */
  readonly how: 'fails' | 'passes' | 'skipped';
  readonly severity: Severity;
  /** Which of the report's files it is in. */
  readonly file: number;
}

/** What is wrong with one of the files of a report. */
export interface Flaw {
  /** `failed`: the file is whole, but says that it doesn't hold everything. */
  readonly kind: 'cut' | 'empty' | 'missing' | 'failed';
  readonly file: number;
  /** After how many percent of its text it is cut off. */
  readonly percent: number;
}

/** A job of a workflow that syncs a report. */
export interface SyncJob {
  readonly format: Format;
  /** Which of the groupings of its format. */
  readonly grouping: number;
  readonly source: 'left' | 'right';
  /** Of SARIF reports only. */
  readonly tool: 'Scanner' | 'Linter';
  readonly branch: 'main' | 'topic';
  /** Whether its branch may change cases, although it isn't the default one. */
  readonly isBranchNamed: boolean;
  readonly fileCount: 1 | 2;
  /** Whether `files` is a pattern, so that nobody notices a file that is missing. */
  readonly isPattern: boolean;
  readonly minSeverity: Severity;
  readonly maxNew: number;
  readonly maxClosed: number;
  readonly close: boolean;
  readonly onClosed: '' | 'ignore' | 'reopen';
  readonly timeoutSeconds: number;
  /** Whether a key of Datadog's API is in the report. */
  readonly isLeaky: boolean;
  readonly isDetailed: boolean;
}

/** A job reads a report and syncs it. */
export interface SyncEvent {
  readonly kind: 'sync';
  /** Milliseconds since the event before. */
  readonly wait: number;
  /** Index of the job. */
  readonly job: number;
  /** A new run, another attempt of the newest one or of the one before, or the run of another job. */
  readonly run: 'new' | 'same' | 'again' | 'older';
  /** Milliseconds from the start of the run to that of the step: the others may be faster. */
  readonly lasts: number;
  /** Index of the report. */
  readonly report: number;
  readonly flaw: Flaw | null;
  /** How far all lines have moved. */
  readonly shift: number;
  readonly on: 'push' | 'pull request' | 'tag';
  /** Whether the event names the default branch, so that GitHub need not be asked. */
  readonly isDefaultKnown: boolean;
  readonly faults: readonly Fault[];
  readonly stop: Stop | null;
  /** Milliseconds by which the runner's clock is ahead. */
  readonly skew: number;
  readonly isDryRun: boolean;
  /** Makes everything that is random about this event. */
  readonly salt: number;
}

/** Everything that happens, in order. */
export interface SyncHistory {
  readonly service: Service;
  readonly jobs: readonly SyncJob[];
  /** The reports that jobs find, each more than once. */
  readonly reports: readonly (readonly ReportEntry[])[];
  readonly events: readonly (SyncEvent | PersonEvent)[];
  /** Index of the report that each job finds when it runs twice more, after everything else. */
  readonly ends: readonly number[];
}

const GROUPINGS: Readonly<Record<Format, readonly [GroupBy, ...GroupBy[]]>> = {
  sarif: ['rule', 'file', 'finding'],
  junit: ['test', 'suite'],
  json: ['item'],
};

/** What gets a case of its own. */
export function groupingOf({ format, grouping }: SyncJob): GroupBy {
  const all = GROUPINGS[format];
  return all[grouping % all.length] ?? all[0];
}
