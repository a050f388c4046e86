import type { Case } from '../datadog/case.ts';
import type { CaseProblem, KeepReason } from './decide.ts';
import type { GroupBy } from './read/format.ts';
import type { Problem } from './read/problems.ts';
import type { Severity } from './read/severity.ts';

/** What happened to a case, or in a run that only shows it, what would happen. */
export type RowAction =
  | 'opened'
  | 'reopened'
  | 'changed'
  | 'closed'
  /** Closed, because an older case is about the same item. */
  | 'merged'
  | 'unchanged'
  /** Not changed, although something would have been; the reason says why. */
  | 'kept'
  /** Left to the next run. */
  | 'deferred'
  | 'failed'
  /** The create request had no usable response, and no search finds its case. */
  | 'unknown';

/** A case, or an item without one. */
export interface Row {
  /** The reference of the item's cases. */
  readonly reference: string;
  readonly action: RowAction;
  readonly case: Pick<Case, 'key' | 'label' | 'url'> | undefined;
  readonly title: string;
  readonly kind: GroupBy;
  readonly severity: Severity;
  readonly memberCount: number;
  readonly reason: KeepReason | 'max-new' | 'out-of-time' | undefined;
}

/** Why the report doesn't say everything, or wasn't followed. */
export type SyncProblem =
  | Problem
  | CaseProblem
  /** Inputs that decide about closing were not understood. */
  | { readonly kind: 'unclear-inputs'; readonly names: readonly string[] }
  | { readonly kind: 'out-of-time'; readonly count: number };

/** Why a run only shows what would happen. */
export type ShownOnly =
  | { readonly kind: 'dry-run' }
  | { readonly kind: 'pull-request' }
  | { readonly kind: 'tag' }
  | { readonly kind: 'other-branch'; readonly branch: string }
  | { readonly kind: 'unknown-default-branch' };

/** What a step did with a report. */
export interface SyncResult {
  /** `partial`: something failed, or the time ran out. */
  readonly outcome: 'synced' | 'partial' | 'planned';
  readonly rows: readonly Row[];
  readonly problems: readonly SyncProblem[];
  /** How many cases of the report are open now; in a run that only shows, before it. */
  readonly openCount: number;
  /** How many items are less severe than `min_severity` and have no open case. */
  readonly belowCount: number;
  readonly shownOnly: ShownOnly | undefined;
}
