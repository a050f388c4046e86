import type { Case } from '../datadog/case.ts';
import type { FoundReference } from '../datadog/reference.ts';
import { parseReference } from '../datadog/reference.ts';
import { shortHash } from './identity.ts';
import type { GroupBy } from './read/format.ts';
import { GROUPINGS } from './read/format.ts';
import type { Item } from './read/report.ts';
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
  /** A hash of the members' identities. */
  readonly members: string;
  /** Hashes of the report's files that the item was in, at most `MAX_FILES`. */
  readonly files: readonly string[];
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
const TAIL = /^\s*;\s*report\s+(ghac[0-9a-f]{32})\b(.*)$/;
const KINDS = Object.values(GROUPINGS).flat();

/** The end of the last line. */
export function renderTail(state: CaseState): string {
  const { report, kind, tool, item, severity, memberCount, members, files, text, run, reopenCount } = state;
  const words = [
    report,
    kind,
    `k${tool}`,
    `i${item}`,
    severity,
    `n${memberCount}`,
    `m${members}`,
    ...files.map((file) => `f${file}`),
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
  const [runId, attempt] = find(/^r(\d{1,15})a(\d{1,6})$/);
  return {
    report,
    kind,
    tool: find(/^k([0-9a-f]{8})$/)[0] ?? '',
    item: find(/^i([0-9a-f]{16})$/)[0] ?? '',
    severity: SEVERITIES.find((candidate) => words.includes(candidate)) ?? 'medium',
    memberCount: Number(find(/^n(\d{1,9})$/)[0] ?? 0),
    members: find(/^m([0-9a-f]{8})$/)[0] ?? '',
    files: find(/^f([0-9a-f]{8})$/),
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

/** What a report says about an item now, as it is recorded. */
export function describeItem({ id, kind, severity, members, files }: Item) {
  return {
    kind,
    item: id.slice(0, 16),
    severity,
    memberCount: members.size,
    members: shortHash([...members.keys()].sort()),
    files: [...hashFiles(files)].sort().slice(0, MAX_FILES),
  };
}

/**
 * What is recorded about an item that has a case. Of the case's files, those that weren't read stay: the item may still
 * be in them. If none of them was read, the report has another name now. `read` holds the hashes of the files read.
 */
export function describeKnownItem(state: CaseState, item: Item, read: ReadonlySet<string>) {
  const now = describeItem(item);
  const unread = state.files.filter((file) => !read.has(file));
  if (unread.length === state.files.length) return now;
  return { ...now, files: [...new Set([...unread, ...now.files])].slice(0, MAX_FILES).sort() };
}

/** What a case doesn't record of its item yet. */
export function compareWithItem(state: CaseState, item: Item, read: ReadonlySet<string>) {
  const now = describeKnownItem(state, item, read);
  const isTest = item.kind === 'test' || item.kind === 'suite';
  return {
    /** Something that people are told. */
    hasChanged: now.members !== state.members || now.severity !== state.severity,
    /** Whether it is in other files. A test that passes needs no file to be closed. */
    hasMoved: !isTest && now.files.join() !== state.files.join(),
  };
}

/** How files are recorded. */
export function hashFiles(files: Iterable<string>): ReadonlySet<string> {
  return new Set([...files].map((file) => shortHash([file])));
}

/** Positive if `a` is the newer run. */
export function compareRuns(a: RunNumber, b: RunNumber): number {
  return a.id - b.id || a.attempt - b.attempt;
}
