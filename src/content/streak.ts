import { explainGitHubError } from '../github/errors.ts';
import type { Streak } from '../github/run-history.ts';

/** Says in sentences why it isn't known how many failures there were in a row. */
export function explainUnknownStreak(streak: Exclude<Streak, { kind: 'counted' }>): string {
  switch (streak.kind) {
    case 'unknown-run':
      return 'The workflow, its branch or its run is unknown.';
    case 'workflow-elsewhere':
      return "The workflow's file is in another repository, and a workflow of this one may have the same file name.";
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
