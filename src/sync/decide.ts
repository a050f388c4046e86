import { type Case, compareByAge } from '../datadog/case.ts';
import {
  type CaseState,
  compareRuns,
  compareWithItem,
  hashFiles,
  hasSuitePassed,
  hasUnreadFiles,
  type RunNumber,
  type TrackedCase,
} from './case-state.ts';
import type { Problem } from './read/problems.ts';
import type { Item, Report, ToolReport } from './read/report.ts';
import { compareSeverity, type Severity } from './read/severity.ts';

// What to do with each item of a report and each case of it. Nothing here asks or changes anything.

/** A case that this action closed less than this long ago is opened again. Otherwise it is history. */
const REOPEN_WITHIN_MS = 30 * 24 * 3_600_000;
/** A case that comes and goes more often than this is left to people. */
export const MAX_REOPENINGS = 2;

/** What to do with an item or a case. */
export type Action =
  /** `predecessor` was closed too long ago to be opened again. */
  | { readonly kind: 'open'; readonly subject: Subject; readonly predecessor: TrackedCase | undefined }
  | { readonly kind: 'reopen'; readonly subject: Subject; readonly tracked: TrackedCase }
  | { readonly kind: 'change'; readonly subject: Subject; readonly tracked: TrackedCase }
  | ({ readonly kind: 'close'; readonly tracked: TrackedCase } & Evidence)
  /** Closes a case that has the same item as `original`. */
  | {
      readonly kind: 'duplicate';
      readonly tracked: TrackedCase;
      readonly original: TrackedCase;
      /** What `original` already records, if the item is in the report. */
      readonly report?: Pick<Subject, 'tool' | 'read'> | undefined;
    }
  /** Removes the mark of a close that didn't happen, or that a person took back. */
  | { readonly kind: 'unmark'; readonly tracked: TrackedCase; readonly isPresent: boolean }
  /** Says that the case comes and goes, and isn't closed any more. */
  | { readonly kind: 'leave'; readonly tracked: TrackedCase }
  | { readonly kind: 'keep'; readonly tracked: TrackedCase; readonly reason: KeepReason }
  /** More than `max_new`. */
  | { readonly kind: 'defer'; readonly subject: Subject };

/** What a report says that makes an item gone. */
export interface Evidence {
  readonly because: 'absent' | 'passed';
  readonly tool: ToolReport;
  /** The hashes of all files that were read. */
  readonly read: ReadonlySet<string>;
}

/** An item, with the reference of its cases. */
export interface Subject {
  readonly tool: ToolReport;
  readonly item: Item;
  readonly reference: string;
  /** The hashes of all files that were read. */
  readonly read: ReadonlySet<string>;
}

/** Why a case stays as it is. */
export type KeepReason =
  | 'unchanged'
  /** A person closed it. */
  | 'closed-by-person'
  /** A newer run changed it. */
  | 'newer-run'
  /** `close` is false. */
  | 'close-off'
  | 'duplicate-kept'
  /** See the problems of its tool, or of the report. */
  | 'incomplete'
  /** A test that neither passed nor failed. */
  | 'not-run'
  | 'other-grouping'
  | 'too-many-closed'
  | 'left-to-people'
  /** Its description holds several references. */
  | 'ambiguous';

/** Why nothing of a tool may be closed, as far as that depends on the cases. */
export type CaseProblem =
  /** Cases name a file as their report that wasn't read. */
  | { readonly kind: 'file-not-read'; readonly cases: readonly Case[] }
  /** Open cases are of tools that the report doesn't mention. */
  | { readonly kind: 'tool-missing'; readonly count: number }
  /** There are more cases than the search can return. */
  | { readonly kind: 'search-incomplete' }
  | { readonly kind: 'too-many-closed'; readonly count: number; readonly max: number };

/** A tool, with the cases that a search for its report found. */
export interface ToolCases {
  readonly tool: ToolReport;
  readonly cases: readonly TrackedCase[];
  readonly isSearchComplete: boolean;
  /** The reference of an item's cases. */
  readonly referenceOf: (itemId: string) => string;
}

/** What the inputs and the run say. */
export interface Rules {
  readonly minSeverity: Severity;
  readonly maxNew: number;
  readonly maxClosed: number;
  /** Whether cases are closed at all. */
  readonly mayClose: boolean;
  readonly onClosed: (tool: ToolReport) => 'ignore' | 'reopen';
  readonly run: RunNumber | undefined;
  readonly nowMs: number;
}

export interface Plan {
  /** In the order in which they happen. */
  readonly actions: readonly Action[];
  readonly problems: readonly (Problem | CaseProblem)[];
  /** How many items are less severe than `min_severity` and have no open case. */
  readonly belowCount: number;
}

/** Decides about everything at once. */
export function decide(report: Report, tools: readonly ToolCases[], rules: Rules): Plan {
  const decisions = tools.map((tool) => decideTool(report, tool, rules));
  const actions = decisions.flatMap((decision) => decision.actions);
  const limited = limitNew(limitClosed(actions, rules.maxClosed), rules.maxNew);
  const absentCount = countAbsent(actions);
  return {
    actions: limited.sort((a, b) => rank(a) - rank(b)),
    problems: [
      ...report.problems,
      ...tools.flatMap(({ tool }) => tool.problems),
      ...decisions.flatMap(({ problems }) => problems),
      ...(absentCount > rules.maxClosed
        ? [{ kind: 'too-many-closed', count: absentCount, max: rules.maxClosed } as const]
        : []),
    ],
    belowCount: decisions.reduce((sum, decision) => sum + decision.belowCount, 0),
  };
}

const ORDER: readonly Action['kind'][] = [
  'open',
  'reopen',
  'change',
  'unmark',
  'leave',
  // A duplicate is closed only while its original is open.
  'duplicate',
  'close',
  'defer',
  'keep',
];

function rank({ kind }: Action): number {
  return ORDER.indexOf(kind);
}

function countAbsent(actions: readonly Action[]): number {
  return actions.filter((action) => action.kind === 'close' && action.because === 'absent').length;
}

/** If more would be closed than `max`, nothing that is merely absent is closed: the report is probably broken. */
function limitClosed(actions: readonly Action[], max: number): Action[] {
  if (countAbsent(actions) <= max) return [...actions];
  return actions.map((action) =>
    action.kind === 'close' && action.because === 'absent'
      ? keepOpen(action.tracked, 'too-many-closed')
      : action,
  );
}

/** Opens the most severe items first. The order doesn't depend on that of the report. */
function limitNew(actions: readonly Action[], max: number): Action[] {
  const opened = actions
    .filter((action) => action.kind === 'open')
    .sort(
      ({ subject: a }, { subject: b }) =>
        compareSeverity(a.item.severity, b.item.severity) || (a.reference < b.reference ? -1 : 1),
    );
  return [
    ...opened.slice(0, max),
    ...opened.slice(max).map(({ subject }) => ({ kind: 'defer', subject }) as const),
    ...actions.filter((action) => action.kind !== 'open'),
  ];
}

interface ToolDecision {
  readonly actions: readonly Action[];
  readonly problems: readonly CaseProblem[];
  readonly belowCount: number;
}

function decideTool(report: Report, toolCases: ToolCases, rules: Rules): ToolDecision {
  const { tool, cases, isSearchComplete, referenceOf } = toolCases;
  const byReference = groupByReference(cases);
  const read = hashFiles(report.files);
  const actions: Action[] = [];
  let belowCount = 0;
  const present: OpenCases[] = [];
  for (const item of tool.items.values()) {
    const reference = referenceOf(item.id);
    const known = byReference.get(reference) ?? [];
    byReference.delete(reference);
    const open = chooseOpen(known);
    if (open) present.push(open);
    const isBelow = compareSeverity(item.severity, rules.minSeverity) > 0;
    actions.push(...decidePresent({ tool, item, reference, read }, known, { ...rules, isBelow }));
    if (isBelow && !known.some((tracked) => tracked.case.isOpen)) belowCount += 1;
  }
  const absent = [...byReference.values()].flatMap((known) => chooseOpen(known) ?? []);
  const decided = decideAbsentCases(report, toolCases, { absent, present, read, rules });
  return {
    actions: [...actions, ...decided.actions],
    problems: [
      ...(isSearchComplete ? [] : [{ kind: 'search-incomplete' } as const]),
      ...(decided.unread.length ? [{ kind: 'file-not-read', cases: decided.unread } as const] : []),
    ],
    belowCount,
  };
}

interface AbsentCases {
  readonly absent: readonly OpenCases[];
  /** The open cases whose items are in the report. */
  readonly present: readonly OpenCases[];
  /** The hashes of all files that were read. */
  readonly read: ReadonlySet<string>;
  readonly rules: Rules;
}

/** Decides about the open cases without an item. `unread` are those that seem to be gone, but whose file is missing. */
function decideAbsentCases(
  report: Report,
  { tool, isSearchComplete }: ToolCases,
  { absent, present, read, rules }: AbsentCases,
): { readonly actions: readonly Action[]; readonly unread: readonly Case[] } {
  const because = tool.format === 'junit' ? 'passed' : 'absent';
  const evidence = { because, tool, read } as const;
  // Other tests, and other files, may be recorded in a duplicate.
  const gone = new Set(absent.filter((open) => listAll(open).every((known) => isGoneFrom(known, evidence))));
  // Equal findings are numbered: one that is present may have the number of another one, in a file that was not read.
  const numbered = gone.size && tool.groupBy === 'finding' ? present : [];
  const unread = new Set(
    [...gone, ...numbered].filter((open) => listAll(open).some((known) => isUnread(known, tool, read))),
  );
  const isReadable = !report.problems.length && !tool.problems.length && isSearchComplete;
  const actions = absent.flatMap((open) => {
    // A test that passed is proof, whatever is missing of others.
    const isComplete = isReadable && (because === 'passed' ? !unread.has(open) : !unread.size);
    const isGone = gone.has(open);
    return [
      decideAbsent(open.original, { ...evidence, rules, isComplete, isGone }),
      ...closeDuplicates(open, tool, rules),
    ];
  });
  return { actions, unread: [...unread].map(({ original }) => original.case) };
}

/** Whether an item is gone, by what its case records now: another run may have added to it since this was decided. */
export function isStillGone(known: TrackedCase, evidence: Evidence): boolean {
  return isGoneFrom(known, evidence) && !isUnread(known, evidence.tool, evidence.read);
}

function isGoneFrom(known: TrackedCase, { because, tool }: Evidence): boolean {
  return because === 'absent' || hasPassed(known, tool);
}

/** Whether a test passed, or all tests of a suite that failed. Others of the suite say nothing about them. */
function hasPassed({ state }: TrackedCase, tool: ToolReport): boolean {
  return state.kind === 'suite' ? hasSuitePassed(state, tool) : tool.passed.has(state.item);
}

function groupByReference(cases: readonly TrackedCase[]): Map<string, TrackedCase[]> {
  const groups = new Map<string, TrackedCase[]>();
  for (const tracked of cases) {
    const { shared } = tracked.reference;
    groups.set(shared, [...(groups.get(shared) ?? []), tracked]);
  }
  return groups;
}

interface OpenCases {
  /** The oldest one. */
  readonly original: TrackedCase;
  readonly duplicates: readonly TrackedCase[];
}

function chooseOpen(known: readonly TrackedCase[]): OpenCases | undefined {
  const [original, ...duplicates] = known
    .filter((tracked) => tracked.case.isOpen)
    .sort((a, b) => compareByAge(a.case, b.case));
  if (!original) return undefined;
  return { original, duplicates: duplicates.filter(({ reference }) => !reference.isAmbiguous) };
}

/** The case that was closed last, except those closed as duplicates. */
function chooseClosed(known: readonly TrackedCase[]): TrackedCase | undefined {
  const closedAt = ({ case: { closedAtMs } }: TrackedCase) => (Number.isNaN(closedAtMs) ? 0 : closedAtMs);
  return known
    .filter((tracked) => !tracked.case.isOpen && tracked.state.closedAs !== 'duplicate')
    .sort((a, b) => closedAt(b) - closedAt(a) || compareByAge(b.case, a.case))[0];
}

function listAll({ original, duplicates }: OpenCases): readonly TrackedCase[] {
  return [original, ...duplicates];
}

/** Whether a file is missing that a case names as its report: its item may still be there, or a test fail there. */
function isUnread({ state }: TrackedCase, tool: ToolReport, read: ReadonlySet<string>): boolean {
  return state.kind === tool.groupBy && hasUnreadFiles(state, { tool, read });
}

function decidePresent(
  subject: Subject,
  known: readonly TrackedCase[],
  rules: Rules & { readonly isBelow: boolean },
): Action[] {
  const open = chooseOpen(known);
  if (open) {
    const { tool, read } = subject;
    const report = { tool, read };
    return [
      decideOpenCase(subject, open.original, rules),
      ...closeDuplicates(open, tool, { ...rules, report }),
    ];
  }
  const closed = chooseClosed(known);
  if (rules.isBelow) return [];
  if (!closed) return [{ kind: 'open', subject, predecessor: undefined }];
  return [decideClosedCase(subject, closed, rules)];
}

function decideOpenCase(subject: Subject, tracked: TrackedCase, { run }: Rules): Action {
  const { state, reference } = tracked;
  const { hasChanged, hasMoved } = compareWithItem(state, subject);
  const isChanged = hasChanged || hasMoved;
  if (!isChanged && !state.closedAs) return { kind: 'keep', tracked, reason: 'unchanged' };
  if (reference.isAmbiguous) return { kind: 'keep', tracked, reason: 'ambiguous' };
  if (isNewer(state, run)) return { kind: 'keep', tracked, reason: 'newer-run' };
  return isChanged ? { kind: 'change', subject, tracked } : { kind: 'unmark', tracked, isPresent: true };
}

function decideClosedCase(subject: Subject, tracked: TrackedCase, { run, nowMs, onClosed }: Rules): Action {
  const { state, reference } = tracked;
  if (isNewer(state, run)) return { kind: 'keep', tracked, reason: 'newer-run' };
  if (!state.closedAs && onClosed(subject.tool) === 'ignore')
    return { kind: 'keep', tracked, reason: 'closed-by-person' };
  const isRecent = !state.closedAs || Math.max(0, nowMs - tracked.case.closedAtMs) < REOPEN_WITHIN_MS;
  if (!isRecent) return { kind: 'open', subject, predecessor: tracked };
  if (reference.isAmbiguous) return { kind: 'keep', tracked, reason: 'ambiguous' };
  return { kind: 'reopen', subject, tracked };
}

/** Keeps an open case. A mark left on it would make a person's decision look like this action's later. */
function keepOpen(tracked: TrackedCase, reason: KeepReason): Action {
  return tracked.state.closedAs
    ? { kind: 'unmark', tracked, isPresent: false }
    : { kind: 'keep', tracked, reason };
}

/** Closes the other cases of an item, unless nothing may be closed, or they are grouped differently. */
function closeDuplicates(
  { original, duplicates }: OpenCases,
  { groupBy }: ToolReport,
  { mayClose, run, report }: Rules & { readonly report?: Pick<Subject, 'tool' | 'read'> },
): Action[] {
  return duplicates.map((tracked) => {
    const keep = (reason: KeepReason) => ({ kind: 'keep', tracked, reason }) as const;
    if (original.state.kind !== groupBy) return keep('other-grouping');
    if (!mayClose) return keep('duplicate-kept');
    return isNewer(tracked.state, run) ? keep('newer-run') : { kind: 'duplicate', tracked, original, report };
  });
}

interface Absence extends Evidence {
  readonly rules: Rules;
  readonly isComplete: boolean;
  /** Whether the report says that it is gone. */
  readonly isGone: boolean;
}

function decideAbsent(tracked: TrackedCase, absence: Absence): Action {
  const { because, tool, read, rules, isComplete, isGone } = absence;
  const { state, reference } = tracked;
  if (reference.isAmbiguous) return { kind: 'keep', tracked, reason: 'ambiguous' };
  if (isNewer(state, rules.run)) return { kind: 'keep', tracked, reason: 'newer-run' };
  const keep = (reason: KeepReason) => keepOpen(tracked, reason);
  if (state.kind !== tool.groupBy) return keep('other-grouping');
  if (!isGone) return keep('not-run');
  if (!rules.mayClose) return keep('close-off');
  if (!isComplete) return keep('incomplete');
  if (state.reopenCount >= MAX_REOPENINGS)
    return state.isLeftToPeople ? keep('left-to-people') : { kind: 'leave', tracked };
  return { kind: 'close', tracked, because, tool, read };
}

/** Whether a newer run than this one changed the case. */
function isNewer({ run: last }: CaseState, run: RunNumber | undefined): boolean {
  return last !== undefined && run !== undefined && compareRuns(last, run) > 0;
}
