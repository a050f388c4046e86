import { groupingOf, type ReportEntry, type Severity, type SyncJob } from '../../sync/history.ts';
import type { SyncStep } from '../../sync/record.ts';

// What the author of a report has written into it, whatever a step reads.

/** Something that is in a report and should have a case. */
export interface ShownItem {
  readonly severity: Severity;
  readonly files: ReadonlySet<number>;
  /** Findings, or tests that fail, in files that are whole. */
  readonly members: ReadonlySet<string>;
  /** Whether it is in a file that is whole. */
  readonly isCertain: boolean;
}

export interface Content {
  readonly items: ReadonlyMap<string, ShownItem>;
  /** Tests that ran and passed, each time and everywhere. */
  readonly passed: ReadonlySet<string>;
  /** Whether nothing about the report says that something is missing. */
  readonly isComplete: boolean;
  /** Whether it is known what the report is about: at least one file is whole. */
  readonly isReadable: boolean;
  /** Whether it is certain that the report has a file that could not be read. */
  readonly hasUnreadFile: boolean;
  /** Files that are missing without anybody noticing. */
  readonly missing: ReadonlySet<number>;
}

const ORDER: readonly Severity[] = ['high', 'medium', 'low'];

/** Whether something is at least as severe. */
export function isAtLeast(severity: Severity, min: Severity): boolean {
  return ORDER.indexOf(severity) <= ORDER.indexOf(min);
}

/** What an entry belongs to. */
function itemOf(job: SyncJob, { what, where }: ReportEntry): string {
  switch (groupingOf(job)) {
    case 'rule':
      return `rule-${what}`;
    case 'file':
      return `path-${where}`;
    case 'finding':
      return `rule-${what} in path-${where}`;
    case 'test':
      return `test-${what}`;
    case 'suite':
      return `suite-${what % 2}`;
    default:
      return `key-${what}`;
  }
}

/** What a case is about, by its title. */
export function itemOfTitle(job: SyncJob, title: string): string | undefined {
  const find = (word: string) => new RegExp(`${word}-\\d`).exec(title)?.[0];
  switch (groupingOf(job)) {
    case 'rule':
      return find('rule');
    case 'file':
      return find('path');
    case 'finding':
      return `${find('rule')} in ${find('path')}`;
    case 'test':
      return find('test');
    case 'suite':
      return find('suite');
    default:
      return find('key');
  }
}

/** What a report says. */
export function readContent({ sync: { job, event, entries } }: SyncStep): Content {
  const { format, fileCount, isPattern } = job;
  const flaw = event.flaw && { ...event.flaw, file: event.flaw.file % fileCount };
  const isLost = flaw?.kind === 'missing' || flaw?.kind === 'empty';
  const isFailed = flaw?.kind === 'failed' && format !== 'junit';
  const isCut = flaw !== null && !isLost && !isFailed;
  const isUnnoticed = flaw?.kind === 'missing' && isPattern && fileCount === 2;
  const fileOf = ({ file }: ReportEntry) => file % fileCount;
  // Of a JUnit report that is cut off, the beginning counts.
  const isHidden = (entry: ReportEntry) =>
    flaw !== null && flaw.file === fileOf(entry) && (isLost || (isCut && format !== 'junit'));
  const shown = entries.filter((entry) => !isHidden(entry));
  const isCertain = (entry: ReportEntry) => !(isCut && flaw.file === fileOf(entry));
  const items = new Map<string, ShownItem>();
  for (const entry of shown.filter(({ how }) => how === 'fails')) {
    const item = itemOf(job, entry);
    const known = items.get(item);
    const severity = format === 'junit' ? 'medium' : entry.severity;
    items.set(item, {
      severity: known && isAtLeast(known.severity, severity) ? known.severity : severity,
      files: new Set([...(known?.files ?? []), fileOf(entry)]),
      members: new Set([...(known?.members ?? []), ...(isCertain(entry) ? [memberOf(job, entry)] : [])]),
      isCertain: known?.isCertain || isCertain(entry),
    });
  }
  const testsThat = (result: ReportEntry['how']) =>
    shown.filter(({ how }) => how === result).map(({ what }) => `test-${what}`);
  const others = [...testsThat('fails'), ...testsThat('skipped')];
  const readCount = fileCount - (flaw && (isLost || isCut) ? 1 : 0);
  return {
    items,
    passed: new Set(testsThat('passes').filter((test) => !others.includes(test))),
    isComplete: flaw === null || isUnnoticed,
    isReadable: readCount > 0,
    hasUnreadFile: flaw !== null && !isUnnoticed && !isFailed,
    missing: new Set(isUnnoticed ? [flaw.file] : []),
  };
}

function memberOf(job: SyncJob, { what, where }: ReportEntry): string {
  if (job.format === 'junit') return `test-${what}`;
  return job.format === 'json' ? `key-${what}` : `rule-${what} in path-${where}`;
}

/** The tests of a suite. */
export function testsOf(suite: string): string[] {
  return [0, 1, 2, 3].filter((what) => suite === `suite-${what % 2}`).map((what) => `test-${what}`);
}
