import { explain } from '../content/explain.ts';
import { reopeningComment } from '../content/timeline.ts';
import type { Case } from '../datadog/case.ts';
import { addComment, reopenCase, setDescription } from '../datadog/cases.ts';
import type { DatadogClient } from '../datadog/client.ts';
import { parseReference, replaceReference } from '../datadog/reference.ts';
import { fetchCurrentState } from '../datadog/search.ts';
import type { FailedJobsWithLogs } from '../github/collect-failed-jobs.ts';
import { mayHaveSucceeded } from '../http/client.ts';
import type { OpenContext } from './context.ts';
import { warnOfOtherRepository } from './find-existing.ts';
import { commentOnPullRequest } from './link-pull-request.ts';
import { reportExisting } from './report-existing.ts';
import type { Result } from './result.ts';

/** How far the clocks of two runners, and the times of two steps that fail together, may be apart. */
const MAX_CLOCK_DIFFERENCE_MS = 3_600_000;

/** The case that was closed last, if that is less than `reopen_within` hours ago. */
export function findRecentlyClosed(
  { inputs, datadog }: OpenContext,
  closed: readonly Case[],
): Case | undefined {
  return findClosedWithin(inputs.reopenWithinMs, datadog.clock.now(), closed);
}

/** Like `findRecentlyClosed`, but also a case that only another step may consider recent, and may have reopened. */
export function findMaybeReopened(
  { inputs, datadog }: OpenContext,
  closed: readonly Case[],
): Case | undefined {
  if (!inputs.reopenWithinMs) return undefined;
  return findClosedWithin(inputs.reopenWithinMs + MAX_CLOCK_DIFFERENCE_MS, datadog.clock.now(), closed);
}

/** The case that was closed last. Those that were closed at an unknown time don't count. */
function findClosedWithin(periodMs: number, nowMs: number, closed: readonly Case[]): Case | undefined {
  // A case may seem to be closed in the future, if Datadog's clock is ahead of the runner's.
  return closed
    .filter(({ closedAtMs }) => Math.max(0, nowMs - closedAtMs) < periodMs)
    .sort((a, b) => b.closedAtMs - a.closedAtMs)[0];
}

/**
 * Reopens a closed case, with a comment that links the run. Returns `undefined`, with a warning, if it can't be
 * reopened in the time of `lookupClient`, which leaves enough to create a new one. Once it is open, this only warns.
 */
export async function reopen(
  context: OpenContext,
  lookupClient: DatadogClient,
  { closed, failures }: { readonly closed: Case; readonly failures: FailedJobsWithLogs },
): Promise<Result | undefined> {
  const { inputs, datadog, run, onCase, warn } = context;
  const current = await fetchCurrentState(lookupClient, closed);
  if (current.state === 'open') return reportExisting(context, current.case, failures);
  if (current.state === 'gone' || (current.state === 'closed' && current.case.isArchived)) return undefined;
  const { description } = current.state === 'closed' ? current.case : closed;
  let reopened: Case;
  try {
    reopened = await reopenCase(lookupClient, closed.id);
  } catch (error) {
    const doubt = mayHaveSucceeded(error) ? ` Check whether ${closed.label} is open as well.` : '';
    warn(`Could not reopen ${closed.label}, so a new case is opened.${doubt} ${explain(error).text}`);
    return undefined;
  }
  onCase(reopened, 'reopened');
  warnOfOtherRepository(context, { ...reopened, description });
  const comment = reopeningComment(run, reopened, { title: inputs.title, failedJobs: failures });
  const [commentUrl] = await Promise.all([
    commentOnPullRequest(context, reopened, { isFailure: true, failures }),
    addComment(datadog, reopened.id, comment).catch((error: unknown) => {
      warn(`Could not comment on ${reopened.label}. ${explain(error).text}`);
    }),
    recordRun(context, { ...reopened, description: reopened.description || description }),
  ]);
  return { outcome: 'reopened', case: reopened, commentUrl };
}

/** Records in the description that this run opened the case, so that no older run closes it. */
async function recordRun(
  { datadog, run: { run, repository }, warn }: OpenContext,
  reopened: Case,
): Promise<void> {
  const reference = parseReference(reopened.description);
  if (!reference || !run) return;
  const openedBy = { id: run.id, repository };
  const description = replaceReference(reopened.description, { ...reference, openedBy });
  await setDescription(datadog, reopened.id, description).catch((error: unknown) => {
    warn(
      `Could not record this run in ${reopened.label}, so an older run may close it. ${explain(error).text}`,
    );
  });
}
