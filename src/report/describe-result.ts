import { quoteShort } from '../base/truncate.ts';
import type { NothingToDo, PlannedAlternative } from '../cases/result.ts';

/** Says why there was nothing to do, as whole sentences. */
export function describeNothing(reason: NothingToDo): string {
  switch (reason.kind) {
    case 'none-open':
      return `No case in project ${quoteShort(reason.project)} is open for the dedup_key ${quoteShort(reason.dedupKey)}: nothing to close.`;
    case 'none-open-for-job':
      return 'The job succeeded, and no case is open for it.';
    case 'newer-run':
      return `${reason.case.label} stays open: run ${reason.failedRunId} failed, which is newer than this run (${reason.runId}). ${reason.failedRunUrl}`;
    case 'same-attempt':
      return `${reason.case.label} stays open: another job with the same dedup_key failed in this attempt of the run. The next attempt or run that succeeds closes it.`;
    case 'several-references':
      return `${reason.case.label} stays open: its description holds the references of several cases, so it isn't certain which case this is. Remove the others, or close it manually.`;
    case 'unchecked':
      return `${reason.case.label} stays open, because it could not be fetched.`;
    case 'close-disabled':
      return 'The job succeeded. No case was closed (close: false).';
    case 'close-invalid':
      return 'The job succeeded. No case was closed, because the value of close is not valid.';
    case 'cancelled-ignored':
      return 'The job was cancelled or reached its time limit. No case was opened or closed (on_cancelled: ignore).';
    case 'unknown-status':
      return `The runner reported the unknown job status ${quoteShort(reason.status)}. No case was opened or closed.`;
    default:
      return reason satisfies never;
  }
}

/** What a real run would do instead of opening a case: follows the label of the case, if there is one. */
export function describeAlternative(alternative: PlannedAlternative): string {
  switch (alternative.kind) {
    case 'comment':
      return 'is already open and would get a comment';
    case 'keep':
      return 'is already open and would stay as it is';
    case 'reopen':
      return 'was closed recently and would be reopened';
    case 'wait':
      return `No case would be opened yet: ${alternative.failureCount} of ${alternative.afterFailures} consecutive failures (after_failures)`;
    default:
      return alternative satisfies never;
  }
}
