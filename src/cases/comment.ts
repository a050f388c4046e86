import { recurrenceComment } from '../content/comments.ts';
import { explain } from '../content/explain.ts';
import type { Case } from '../datadog/case.ts';
import { addComment } from '../datadog/cases.ts';
import type { DatadogClient } from '../datadog/client.ts';
import { fetchCurrentState, isNotFound } from '../datadog/search.ts';
import type { FailedJobsWithLogs } from '../github/collect-failed-jobs.ts';
import type { RunContext } from '../github/run-context.ts';
import { within } from '../http/time-plan.ts';
import { closeOtherCases, recordRun } from './duplicates.ts';
import { warnOfOtherRepository } from './keyed-cases.ts';
import type { CommentOnPullRequest } from './pull-request.ts';
import type { ExistingResult } from './result.ts';
import type { CaseTools } from './tools.ts';

/** A failure, as it is added to a case that exists already. */
export interface Failure {
  readonly title: string;
  readonly failedJobs: FailedJobsWithLogs;
  readonly run: RunContext;
  /** Whether the timeline of an open case gets a comment (`on_existing`). */
  readonly hasTimelineComment: boolean;
  readonly commentOnPullRequest: CommentOnPullRequest;
}

/** The open case of a key, and its duplicates, which are certainly open. */
export interface OpenCases {
  readonly existing: Case;
  readonly duplicates: readonly Case[];
  /** Whether the case was fetched. What a search returns may be older than what people wrote since. */
  readonly isChecked: boolean;
}

/**
 * Reports a failure to a case that is already open: comments on it and on the pull request, and closes its duplicates.
 * Returns `undefined` if the case turns out to be gone or closed. Otherwise never throws: it warns.
 */
export async function commentOnCase(
  tools: CaseTools,
  { existing, duplicates, isChecked }: OpenCases,
  failure: Failure,
): Promise<ExistingResult | undefined> {
  const { datadog, log, warn, onCase, onCaseGone } = tools;
  const { run, failedJobs } = failure;
  onCase(existing, 'existing');
  log(`Found the open case ${existing.label}.`);
  warnOfOtherRepository(tools, existing, run);
  const limited = { ...tools, datadog: within('beforeMore', datadog) };
  if (!isChecked)
    warn(`This run was not recorded in ${existing.label}, so an older run may close it.`, {
      kind: 'run-not-recorded',
      cases: [existing.label],
    });
  const [timeline, commentUrl] = await Promise.all([
    failure.hasTimelineComment ? addFailure(limited, existing, failure) : 'none',
    failure.commentOnPullRequest(existing, { isFailure: true, failedJobs }),
    isChecked ? recordRun(limited, existing, { run, others: duplicates }) : undefined,
  ]);
  const state =
    timeline === 'gone' || !duplicates.length ? undefined : await fetchCurrentState(datadog, existing);
  if (timeline === 'gone' || state?.state === 'gone' || state?.state === 'closed') {
    onCaseGone();
    return undefined;
  }
  if (state?.state === 'unknown')
    warn(
      `Could not check that ${existing.label} is still open, so its duplicates stay open. ${explain(state.error).text}`,
      { kind: 'duplicate-open', cases: duplicates.map(({ label }) => label) },
    );
  if (state?.state === 'open') await closeOtherCases(tools, { original: existing, others: duplicates });
  const isOnTimeline = timeline === 'added';
  return { outcome: 'existing', case: existing, request: undefined, isOnTimeline, commentUrl };
}

async function addFailure(
  { datadog, warn }: CaseTools,
  existing: Case,
  failure: Failure,
): Promise<'added' | 'failed' | 'gone'> {
  try {
    await addComment(datadog, existing.id, recurrenceComment(failure.run, existing, failure));
    return 'added';
  } catch (error) {
    // A case that can still be fetched isn't gone: closing it or opening another would lose this failure.
    if (isNotFound(error) && (await isGone(datadog, existing))) return 'gone';
    warn(`Could not comment on ${existing.label}. ${explain(error).text}`);
    return 'failed';
  }
}

async function isGone(client: DatadogClient, existing: Case): Promise<boolean> {
  const { state } = await fetchCurrentState(client, existing);
  return state === 'gone' || state === 'closed';
}
