import { explainGitHubError } from '../github/errors.ts';
import { countFailureStreak, type Streak } from '../github/run-history.ts';
import type { OpenContext } from './context.ts';

const HISTORY_BUDGET_MS = 5000;

/**
 * How many consecutive failures there were, this one included, if that is fewer than `after_failures`; `undefined` if a
 * case is to be opened. If the streak isn't known, this warns: a case that is opened too early is better than a missed
 * one.
 */
export async function countEarlyFailures({
  inputs,
  datadog,
  run,
  connectToGitHub,
  warn,
}: OpenContext): Promise<number | undefined> {
  const { afterFailures } = inputs;
  // The case is created after this, even if GitHub doesn't respond.
  const remainingMs = datadog.deadlineMs - datadog.clock.now();
  const client = connectToGitHub?.(Math.min(HISTORY_BUDGET_MS, remainingMs / 3));
  if (!client) {
    warn(describeProblem('The step has no github_token or no repository.'));
    return undefined;
  }
  const streak = await countFailureStreak(client, run, {
    max: afterFailures,
    doesCancelledCount: inputs.onCancelled === 'open',
  });
  if (streak.kind === 'counted') return streak.failureCount < afterFailures ? streak.failureCount : undefined;
  warn(describeProblem(explainUnknownStreak(streak)));
  return undefined;
}

function describeProblem(reason: string): string {
  return `after_failures: could not count earlier failures, so the case is opened now. ${reason}`;
}

/** Says in sentences why a streak isn't known. */
function explainUnknownStreak(streak: Exclude<Streak, { kind: 'counted' }>): string {
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
  }
}
