import { explain } from '../content/explain.ts';
import { recurrenceComment } from '../content/timeline.ts';
import type { Case } from '../datadog/case.ts';
import { addComment } from '../datadog/cases.ts';
import { isNotFound } from '../datadog/search.ts';
import type { FailedJobsWithLogs } from '../github/collect-failed-jobs.ts';
import { limitTo } from '../http/client.ts';
import type { OpenContext } from './context.ts';
import { warnOfOtherRepository } from './find-existing.ts';
import { commentOnPullRequest } from './link-pull-request.ts';

/**
 * Reports a failure to a case that is already open: comments on it and on the pull request. Returns `undefined` if the
 * case turns out to be gone. Otherwise never throws: it warns.
 */
export async function reportExisting(context: OpenContext, existing: Case, failures: FailedJobsWithLogs) {
  const { inputs, datadog, run, onCase, onCaseGone, warn } = context;
  onCase(existing, 'existing');
  datadog.log(`Found the open case ${existing.label}.`);
  warnOfOtherRepository(context, existing);
  let wasCommented = false;
  if (inputs.onExisting === 'comment')
    try {
      // A comment on the pull request comes after this one.
      const limited = inputs.shouldComment ? limitTo(datadog, 1 / 2) : datadog;
      await addComment(
        limited,
        existing.id,
        recurrenceComment(run, existing, { title: inputs.title, failedJobs: failures }),
      );
      wasCommented = true;
    } catch (error) {
      if (isNotFound(error)) {
        onCaseGone();
        return undefined;
      }
      warn(`Could not comment on ${existing.label}. ${explain(error).text}`);
    }
  const commentUrl = await commentOnPullRequest(context, existing, { isFailure: true, failures });
  return { outcome: 'existing', case: existing, request: undefined, wasCommented, commentUrl } as const;
}
