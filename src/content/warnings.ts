import { quoteShort } from '../base/truncate.ts';
import { explainGitHubError } from '../github/errors.ts';
import type { Streak } from '../github/run-history.ts';

/** Says in sentences why it isn't known how many failures there were in a row. */
export function explainUnknownStreak(streak: Exclude<Streak, { kind: 'counted' }>): string {
  switch (streak.kind) {
    case 'unknown-run':
      return 'The workflow, its branch or its run is unknown.';
    case 'workflow-elsewhere':
      return "The workflow's file is in another repository, and a workflow of this one may have the same file name.";
    case 'tag':
      return `This run is on the tag ${quoteShort(streak.tag)}, and failures in a row are counted on a branch: each tag has runs of its own.`;
    case 'event-without-history':
      return `GitHub has no history of what the event ${streak.eventName} reports.`;
    case 'own-job-not-found':
      return 'GitHub does not list this job.';
    case 'new-job-name':
      return `No job was called ${JSON.stringify(streak.jobName)} in the last ${streak.runCount} runs. Give the job a name that is the same in each run.`;
    case 'history-too-long':
      return `The last ${streak.runCount} runs don't contain the first of these failures.`;
    case 'request-failed':
      return explainGitHubError(streak.error, 'actions: read');
    default:
      return streak satisfies never;
  }
}

/**
 * Says why a case was closed with its type's default status. `isRefused` tells whether Datadog refused the status;
 * otherwise it accepted one that doesn't close. `closingNames` are the closing statuses of the type, if they are known.
 */
export function describeStatusFallback(
  statusName: string,
  { isRefused, closingNames }: { readonly isRefused: boolean; readonly closingNames: readonly string[] },
): string {
  const problem = isRefused
    ? `Datadog doesn't accept ${quoteShort(statusName)}. The case was closed with the default status.`
    : `${quoteShort(statusName)} is not a closing status. The case was closed with the default status.`;
  const allowed = closingNames.length ? ` Use one of: ${closingNames.map(quoteShort).join(', ')}.` : '';
  return `status_name: ${problem}${allowed}`;
}
