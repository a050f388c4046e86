import type { Case } from '../datadog/case.ts';
import type { CreateCaseBody } from '../datadog/create-body.ts';
import type { CaseAttributes } from '../datadog/custom-attributes.ts';
import type { Contradiction } from '../github/contradictions.ts';

/** What a step ended with. Adding an outcome is a compile error until `report/` renders it. */
export type Result =
  | CreatedResult
  | ExistingResult
  | ReopenedResult
  | WaitingResult
  | ClosedResult
  | NothingDoneResult
  | PlannedOpenResult
  | PlannedCloseResult
  | { readonly outcome: 'skipped'; readonly reason: string }
  | FailedResult;

/** The value of the output `outcome`. */
export type Outcome = Result['outcome'];

/** What is known of the case that a step names: how it ended, or only that it was found. */
export type CaseState = Outcome | 'found';

/** What a step could not settle, and the cases that it is about. The words are in the warning. */
export interface Doubt {
  readonly kind: /** Another case may have been opened: by a request without a response, or because the search failed or lags. */
    | 'maybe-duplicate'
    /** A case could not be fetched, so that the search is believed or the case left alone. */
    | 'unchecked'
    /** A duplicate is open that could not be closed. */
    | 'duplicate-open'
    /** The case doesn't say which run failed last, so that an older run may close it. */
    | 'run-not-recorded'
    /** Later runs won't find the case. */
    | 'reference-lost'
    /** The description holds several references. */
    | 'several-references'
    /** A case may be open that was to stay closed. */
    | 'maybe-reopened';
  /** The keys of the cases, or their IDs. */
  readonly cases: readonly string[];
}

/**
 * What a step was asked to do. `auto`: a result decides, and nothing is decided so far, or to do. `watch` is the first
 * stage of a watched job, which only validates; `sync` is about a report.
 */
export type Operation = 'open' | 'close' | 'auto' | 'watch' | 'sync';

interface NothingDoneResult {
  readonly outcome: 'none';
  readonly reason: NothingToDo;
}

/** Why there was nothing to do. */
export type NothingToDo =
  | { readonly kind: 'none-open'; readonly project: string; readonly dedupKey: string }
  /** No case is open for a key that was derived from the job. */
  | { readonly kind: 'none-open-for-job' }
  | {
      readonly kind: 'newer-run';
      readonly case: Case;
      readonly failedRunId: number;
      readonly failedRunUrl: string;
      readonly runId: number;
    }
  /** Another job of this attempt reported a failure. */
  | { readonly kind: 'same-attempt'; readonly case: Case }
  /** What started the run that failed differs from what started this one, so this success proves nothing. */
  | { readonly kind: 'other-trigger'; readonly case: Case; readonly failed: string; readonly own: string }
  | { readonly kind: 'several-references'; readonly case: Case }
  | { readonly kind: 'unchecked'; readonly case: Case }
  /** The start of the watched job has reported what is wrong with its inputs. */
  | { readonly kind: 'reported-at-start'; readonly operation: 'open' | 'close' }
  /** GitHub knows something that makes the success doubtful. */
  | (Contradiction & { readonly case: Case })
  | { readonly kind: 'close-disabled' }
  | { readonly kind: 'close-invalid' }
  /** `failedStep` is the name of a step that had failed before, if one is known. */
  | { readonly kind: 'cancelled-ignored'; readonly failedStep?: string }
  /** A result that is neither a failure nor a success, such as `skipped`. `failedJob` may be why, if one is known. */
  | { readonly kind: 'undecided'; readonly results: readonly string[]; readonly failedJob?: string }
  | { readonly kind: 'unknown-result'; readonly results: readonly string[] }
  /** The payload of the event that tells how something ended can't be read. */
  | { readonly kind: 'event-unknown'; readonly event: string }
  /** The event tells of something that goes on, or that may belong to a fork. */
  | { readonly kind: 'not-ended'; readonly event: string }
  /** The job may have failed outside of the composite action that the step is part of. */
  | { readonly kind: 'in-composite-action' };

interface CreatedResult {
  readonly outcome: 'created';
  readonly case: Case;
  readonly facts: CaseFacts;
  readonly request: CreateCaseBody;
  /** URL of the pull request comment; empty if none was written. */
  readonly commentUrl: string;
}

/** A failure that was reported to an open case. */
export interface ExistingResult {
  readonly outcome: 'existing';
  readonly case: Case;
  /** The request of this step's own case, if it was closed as a duplicate of `case`. */
  readonly request: CreateCaseBody | undefined;
  /** Whether the failure was added to its timeline. */
  readonly isOnTimeline: boolean;
  readonly commentUrl: string;
}

/** A failure that opened a closed case again. */
export interface ReopenedResult {
  readonly outcome: 'reopened';
  readonly case: Case;
  readonly commentUrl: string;
}

/** There were too few consecutive failures. */
interface WaitingResult {
  readonly outcome: 'waiting';
  readonly failureCount: number;
  readonly afterFailures: number;
}

interface ClosedResult {
  readonly outcome: 'closed';
  readonly case: Case;
  readonly commentUrl: string;
}

/** A dry run that would open a case. */
interface PlannedOpenResult {
  readonly outcome: 'planned';
  readonly operation: 'open';
  /** What would happen instead of opening another case, if anything. */
  readonly instead: PlannedAlternative | undefined;
  readonly facts: CaseFacts;
  readonly request: CreateCaseBody;
  /** What would be set once the case exists. */
  readonly attributes: CaseAttributes;
}

/** What a real run would do instead of opening a case. */
export type PlannedAlternative =
  | { readonly kind: 'comment' | 'keep' | 'reopen'; readonly case: Case }
  | { readonly kind: 'wait'; readonly failureCount: number; readonly afterFailures: number };

/** A dry run that would close a case. */
interface PlannedCloseResult {
  readonly outcome: 'planned';
  readonly operation: 'close';
  readonly case: Case;
}

interface FailedResult {
  readonly outcome: 'failed';
  readonly operation: Operation;
  readonly error: unknown;
  /** What was done before the error, if anything: that outcome stands. */
  readonly done?: HandledCase | undefined;
}

/** A case, and what was done with it. */
export interface HandledCase {
  readonly case: Case;
  readonly outcome: Outcome;
}

/** What the summary shows about a case. Unknown parts are empty. */
export interface CaseFacts {
  readonly title: string;
  readonly statusName: string;
  readonly priority: string;
  readonly type: string;
  readonly project: string;
  readonly assignee: string;
}
