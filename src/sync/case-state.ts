import type { Case } from '../datadog/case.ts';
import type { FoundReference } from '../datadog/reference.ts';
import { parseReference } from '../datadog/reference.ts';
import { shortHash } from './identity.ts';
import type { GroupBy } from './read/format.ts';
import { GROUPINGS } from './read/format.ts';
import type { Item, SuiteCounts, ToolReport } from './read/report.ts';
import { SEVERITIES, type Severity } from './read/severity.ts';

// What later runs need to know about a case of a report follows its references on the last line of its description:
// `; report ghac… rule high n12 m1a2b3c4d …`. Words of letters and digits, because editors escape everything else.
// Versions without `sync` ignore all of it, and this version ignores words that it doesn't know.

/** A run, to be compared with others of the same server: IDs grow with time. */
export interface RunNumber {
  readonly id: number;
  readonly attempt: number;
}

/** Why this action closed a case. */
type ClosingMark = 'gone' | 'duplicate';

/** What the last line of a case says about its item. */
export interface CaseState {
  /** The reference of the report. */
  readonly report: string;
  readonly kind: GroupBy;
  /** A hash of the tool and its category. */
  readonly tool: string;
  /** The beginning of the item's hash. */
  readonly item: string;
  readonly severity: Severity;
  readonly memberCount: number;
  /** A hash of the members' identities, unless the case is about a test. */
  readonly members: string;
  /** The beginnings of the hashes of the tests that failed, at most `MAX_TESTS`, if the case is about a suite. */
  readonly tests: readonly string[];
  /** What the suite had, if `tests` doesn't list all that failed. */
  readonly counts: SuiteCounts | undefined;
  /** Hashes of the report's files that the item was in, at most `MAX_FILES`. */
  readonly files: readonly string[];
  /** How many files there were, because `files` may lack some. */
  readonly fileCount: number;
  /** A hash of the title that this action gave the case, to notice what people changed. */
  readonly title: string;
  /** A hash of the text that this action wrote above, to notice what people changed. */
  readonly text: string;
  /** The last run that changed the case. */
  readonly run: RunNumber | undefined;
  /** How often this action has opened the case again. */
  readonly reopenCount: number;
  /** Set before this action closes the case; undefined if a person does. */
  readonly closedAs: ClosingMark | undefined;
  /** Whether people were told that this action doesn't close the case any more. */
  readonly isLeftToPeople: boolean;
}

/** A case of a report. */
export interface TrackedCase {
  readonly case: Case;
  readonly reference: FoundReference;
  readonly state: CaseState;
}

const MAX_FILES = 10;
const MAX_TESTS = 20;
/** Of cases that were merged without knowing the counts of their suite. */
const MAX_MERGED_TESTS = 60;
/** Of a suite that nobody can say when it passed. */
const UNKNOWN_COUNTS: SuiteCounts = { ran: 999_999_999, skipped: 0 };
const TAIL = /^\s*;\s*report\s+(ghac[0-9a-f]{32})\b(.*)$/;
const KINDS = Object.values(GROUPINGS).flat();

/** The end of the last line. */
export function renderTail(state: CaseState): string {
  const { report, kind, tool, item, severity, memberCount, members, tests, files, fileCount } = state;
  const { title, text, run, reopenCount } = state;
  const words = [
    report,
    kind,
    `k${tool}`,
    `i${item}`,
    severity,
    `n${memberCount}`,
    `m${members}`,
    ...tests.map((test) => `p${test}`),
    ...(state.counts ? [`c${state.counts.ran}s${state.counts.skipped}`] : []),
    ...files.map((file) => `f${file}`),
    ...(fileCount > files.length ? [`c${fileCount}`] : []),
    ...(title ? [`h${title}`] : []),
    `t${text}`,
    ...(run ? [`r${run.id}a${run.attempt}`] : []),
    ...(reopenCount ? [`o${reopenCount}`] : []),
    ...(state.closedAs ? [state.closedAs] : []),
    ...(state.isLeftToPeople ? ['left'] : []),
  ];
  return `; report ${words.join(' ')}`;
}

/** Reads the end of the last line; `undefined` if it isn't about a report. */
export function parseTail(tail: string): CaseState | undefined {
  const [, report, rest = ''] = TAIL.exec(tail) ?? [];
  const words = rest.trim().split(/\s+/);
  const kind = KINDS.find((candidate) => words.includes(candidate));
  if (!report || !kind) return undefined;
  const find = (pattern: RegExp) => words.flatMap((word) => pattern.exec(word)?.slice(1) ?? []);
  const files = find(/^f([0-9a-f]{8})$/);
  const [ran, skipped] = find(/^c(\d{1,9})s(\d{1,9})$/);
  const [runId, attempt] = find(/^r(\d{1,15})a(\d{1,6})$/);
  return {
    report,
    kind,
    tool: find(/^k([0-9a-f]{8})$/)[0] ?? '',
    item: find(/^i([0-9a-f]{16})$/)[0] ?? '',
    severity: SEVERITIES.find((candidate) => words.includes(candidate)) ?? 'medium',
    memberCount: Number(find(/^n(\d{1,9})$/)[0] ?? 0),
    members: find(/^m([0-9a-f]{8})$/)[0] ?? '',
    tests: find(/^p([0-9a-f]{16})$/),
    counts: ran ? { ran: Number(ran), skipped: Number(skipped) } : undefined,
    files,
    fileCount: Number(find(/^c(\d{1,9})$/)[0] ?? files.length),
    title: find(/^h([0-9a-f]{8})$/)[0] ?? '',
    text: find(/^t([0-9a-f]{8})$/)[0] ?? '',
    run: runId ? { id: Number(runId), attempt: Number(attempt) } : undefined,
    reopenCount: Number(find(/^o(\d{1,3})$/)[0] ?? 0),
    closedAs: (['gone', 'duplicate'] as const).find((mark) => words.includes(mark)),
    isLeftToPeople: words.includes('left'),
  };
}

/** The case with what its last line says; `undefined` if it isn't a case of a report. */
export function trackCase(datadogCase: Case): TrackedCase | undefined {
  const reference = parseReference(datadogCase.description);
  const state = reference?.tail === undefined ? undefined : parseTail(reference.tail);
  return reference && state && { case: datadogCase, reference, state };
}

/** Whether a response shows the whole last line of the description that was sent, or no description. */
export function isWhole(sent: string, response: Case | undefined): boolean {
  const read = (text: string) => JSON.stringify(parseTail(parseReference(text)?.tail ?? ''));
  return !response?.description || read(response.description) === read(sent);
}

/** What a report says about an item now, as it is recorded. */
export function describeItem({ id, kind, severity, members, files, counts }: Item) {
  const ids = [...members.keys()].sort();
  const failing = kind === 'suite' ? ids.map((test) => test.slice(0, 16)) : [];
  return {
    kind,
    item: id.slice(0, 16),
    severity,
    memberCount: members.size,
    // A test is the same wherever it failed, even if its suites and files have other names now.
    members: shortHash(kind === 'test' ? [] : ids),
    ...mergeTests({ tests: failing, counts: undefined }, { tests: [], counts: undefined }, counts),
    files: [...hashFiles(files)].sort().slice(0, MAX_FILES),
    fileCount: files.size,
  };
}

/** What a report says about the item of an open case. */
interface KnownItem {
  readonly item: Item;
  readonly tool: Pick<ToolReport, 'passed' | 'files'>;
  /** The hashes of all files that were read. */
  readonly read: ReadonlySet<string>;
}

/**
 * Whether files of a case were not read. Of those that aren't recorded, only the number is known: as many files as the
 * case had must say something about its tool.
 */
export function hasUnreadFiles(
  { files, fileCount }: CaseState,
  { tool, read }: Pick<KnownItem, 'tool' | 'read'>,
): boolean {
  const isCut = fileCount > files.length;
  return files.some((file) => !read.has(file)) || (isCut && tool.files.size < fileCount);
}

/**
 * What is recorded about the item of an open case. What the report says nothing about stays: files that weren't read,
 * unless none of the case's files was, because then the report has another name; and tests that didn't pass.
 */
export function describeKnownItem(state: CaseState, { item, tool, read }: KnownItem) {
  const now = describeItem(item);
  const failing = state.tests.filter((test) => !tool.passed.has(test));
  return {
    ...now,
    ...describeFiles(state, now, { tool, read }),
    ...mergeTests({ tests: failing, counts: state.counts }, now, item.counts),
  };
}

type KnownFiles = Pick<CaseState, 'files' | 'fileCount'>;

function describeFiles(
  state: CaseState,
  now: KnownFiles,
  known: Pick<KnownItem, 'tool' | 'read'>,
): KnownFiles {
  const unread = state.files.filter((file) => !known.read.has(file));
  if (unread.length === state.files.length) return { files: now.files, fileCount: now.fileCount };
  const files = [...new Set([...unread, ...now.files])];
  const count = files.length + now.fileCount - now.files.length;
  return {
    files: files.slice(0, MAX_FILES).sort(),
    fileCount: hasUnreadFiles(state, known) ? Math.max(state.fileCount, count) : count,
  };
}

/**
 * What a case records that stays open, once its duplicate is closed. `report` is given if the case already records what
 * the report of this run says about the item: then only the rest of what the duplicate knew is added.
 */
export function mergeDuplicate(
  known: CaseState,
  duplicate: CaseState,
  report: Pick<KnownItem, 'tool' | 'read'> | undefined,
): RecordedTests & KnownFiles {
  const more = report
    ? {
        tests: duplicate.tests.filter((test) => !report.tool.passed.has(test)),
        counts: duplicate.counts,
        files: duplicate.files.filter((file) => !report.read.has(file)),
        fileCount: hasUnreadFiles(duplicate, report) ? duplicate.fileCount : 0,
      }
    : duplicate;
  return { ...mergeTests(known, more), ...mergeFiles(known, more) };
}

/** The files of two cases of an item, as many as are recorded, and at least how many there were. */
function mergeFiles(known: KnownFiles, more: KnownFiles): KnownFiles {
  const files = [...new Set([...known.files, ...more.files])];
  return {
    files: files.slice(0, MAX_FILES).sort(),
    fileCount: Math.max(files.length, known.fileCount, more.fileCount),
  };
}

type RecordedTests = Pick<CaseState, 'tests' | 'counts'>;

/**
 * The tests of both lists, as many as are recorded. If that isn't all, their suite must have passed as a whole: with at
 * least as many tests as ever, and no more that are skipped. `now` is what it has, if that is known.
 */
export function mergeTests(known: RecordedTests, more: RecordedTests, now?: SuiteCounts): RecordedTests {
  const tests = [...new Set([...known.tests, ...more.tests])];
  const recorded = [known.counts, more.counts].filter((counts) => counts !== undefined);
  const max = now || recorded.length ? MAX_TESTS : MAX_MERGED_TESTS;
  if (tests.length <= max && !recorded.length) return { tests: tests.sort(), counts: undefined };
  const all = now ? [...recorded, now] : recorded.length ? recorded : [UNKNOWN_COUNTS];
  const counts = {
    ran: Math.max(...all.map(({ ran }) => ran)),
    skipped: Math.min(...all.map(({ skipped }) => skipped)),
  };
  return { tests: tests.slice(0, MAX_TESTS).sort(), counts };
}

/** Whether all tests of a suite that failed have passed, by what is recorded about them. */
export function hasSuitePassed(
  { tests, counts, item }: CaseState,
  { passed, suites }: Pick<ToolReport, 'passed' | 'suites'>,
): boolean {
  const now = suites.get(item) ?? { ran: 0, skipped: 0 };
  const isWhole = !counts || (now.ran >= counts.ran && now.skipped <= counts.skipped);
  return tests.length > 0 && tests.every((test) => passed.has(test)) && isWhole;
}

/** What an open case doesn't record of its item yet. */
export function compareWithItem(state: CaseState, known: KnownItem) {
  const now = describeKnownItem(state, known);
  return {
    /** Something that people are told. */
    hasChanged:
      now.members !== state.members ||
      now.memberCount !== state.memberCount ||
      now.severity !== state.severity,
    /** Whether it is in other files, which must be read before the case is closed. */
    hasMoved:
      now.files.join() !== state.files.join() ||
      now.fileCount !== state.fileCount ||
      JSON.stringify(now.counts) !== JSON.stringify(state.counts),
  };
}

/** How files are recorded. */
export function hashFiles(files: Iterable<string>): ReadonlySet<string> {
  return new Set([...files].map((file) => shortHash([file])));
}

/** How the title of a case is recorded. */
export function hashTitle(title: string): string {
  return shortHash([title]);
}

/** Positive if `a` is the newer run. */
export function compareRuns(a: RunNumber, b: RunNumber): number {
  return a.id - b.id || a.attempt - b.attempt;
}
