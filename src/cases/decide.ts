import type { Case } from '../datadog/case.ts';
import { parseReference } from '../datadog/reference.ts';
import type { RunContext } from '../github/run-context.ts';
import { areComparable, compareRuns, identifyRun } from '../github/run-order.ts';
import type { KeyedCases } from './keyed-cases.ts';
import type { NothingToDo } from './result.ts';

// What a step does with the cases of its key. Nothing here asks or changes anything.

/** What to do about a failure. */
export type OpenDecision =
  /** `duplicates` are certainly open as well. */
  | { readonly kind: 'comment'; readonly case: Case; readonly duplicates: readonly Case[] }
  | { readonly kind: 'reopen'; readonly case: Case }
  /** The failures in a row are too few. */
  | { readonly kind: 'wait'; readonly failureCount: number }
  | { readonly kind: 'create' };

/** What decides about a failure besides the cases. */
interface OpenRules {
  /** A case that was closed less than this many milliseconds ago is opened again. */
  readonly reopenWithinMs: number;
  readonly nowMs: number;
  /** The failures in a row, if that is too few to open a case. */
  readonly earlyFailureCount: number | undefined;
}

/** Decides what to do about a failure: the first of these that applies. */
export function decideOpen({ open, closed, uncheckedIds }: KeyedCases, rules: OpenRules): OpenDecision {
  const [oldest] = open;
  const [firstChecked, ...duplicates] = open.filter(({ id }) => !uncheckedIds.has(id));
  // Duplicates are only closed if the oldest case certainly stays open.
  if (firstChecked && firstChecked === oldest) return { kind: 'comment', case: oldest, duplicates };
  const existing = firstChecked ?? oldest;
  if (existing) return { kind: 'comment', case: existing, duplicates: [] };
  const [recent] = findClosedWithin(rules.reopenWithinMs, rules.nowMs, closed);
  if (recent) return { kind: 'reopen', case: recent };
  if (rules.earlyFailureCount) return { kind: 'wait', failureCount: rules.earlyFailureCount };
  return { kind: 'create' };
}

/** The cases that were closed less than `periodMs` milliseconds ago, the last one first. An unknown time doesn't count. */
export function findClosedWithin(periodMs: number, nowMs: number, closed: readonly Case[]): Case[] {
  // A case may seem to be closed in the future, if Datadog's clock is ahead of the runner's.
  return closed
    .filter(({ closedAtMs }) => Math.max(0, nowMs - closedAtMs) < periodMs)
    .sort((a, b) => b.closedAtMs - a.closedAtMs);
}

/** What to do about a success. */
type CloseDecision =
  | { readonly kind: 'close'; readonly case: Case; readonly duplicates: readonly Case[] }
  | { readonly kind: 'none'; readonly reason: NothingToDo }
  /** No case is open. */
  | { readonly kind: 'nothing-open' };

/** What decides about a success besides the cases. */
interface CloseRules {
  readonly run: RunContext;
  /** Whether a failure that another job of the same attempt reported keeps the case open. */
  readonly respectsOwnAttempt: boolean;
}

/**
 * Decides what to do about a success. A case is closed only if it is certainly open and the step's own, and only if no
 * failure came later, or in the same attempt. If one case must stay open, all of them do.
 */
export function decideClose(
  { open, uncheckedIds }: Pick<KeyedCases, 'open' | 'uncheckedIds'>,
  rules: CloseRules,
): CloseDecision {
  const [oldest, ...duplicates] = open;
  if (!oldest) return { kind: 'nothing-open' };
  for (const datadogCase of open) {
    const reason = uncheckedIds.has(datadogCase.id)
      ? ({ kind: 'unchecked', case: datadogCase } as const)
      : explainOpen(datadogCase, rules);
    if (reason) return { kind: 'none', reason };
  }
  return { kind: 'close', case: oldest, duplicates };
}

/** Why a run must not close the case; `undefined` if it may. */
function explainOpen(datadogCase: Case, { run, respectsOwnAttempt }: CloseRules): NothingToDo | undefined {
  const reference = parseReference(datadogCase.description);
  if (reference?.isAmbiguous) return { kind: 'several-references', case: datadogCase };
  const own = identifyRun(run);
  const failed = own && reference?.runs.find((candidate) => areComparable(candidate, own));
  if (!failed) return undefined;
  const order = compareRuns(failed, own);
  if (order === 0) return respectsOwnAttempt ? { kind: 'same-attempt', case: datadogCase } : undefined;
  if (order < 0) {
    const [startedFailed, startedOwn] = [failed.trigger ?? '', own.trigger ?? ''];
    const isAlike = !startedFailed || !startedOwn || startedFailed === startedOwn;
    if (isAlike) return undefined;
    return { kind: 'other-trigger', case: datadogCase, failed: startedFailed, own: startedOwn };
  }
  return {
    kind: 'newer-run',
    case: datadogCase,
    failedRunId: failed.id,
    failedRunUrl: `${run.repositoryUrl}/actions/runs/${failed.id}`,
    runId: own.id,
  };
}
