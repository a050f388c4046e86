import { explainGitHubError } from '../github/errors.ts';
import { countFailureStreak } from '../github/run-history.ts';
import type { OpenContext } from './context.ts';

const HISTORY_BUDGET_MS = 5000;

/**
 * How many times in a row the workflow has failed on this branch, this run included, if that is fewer than
 * `after_failures`; `undefined` if a case is to be opened. If the history can't be read, this warns: a case that is opened too
 * early is better than a missed one.
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
  try {
    const count = await countFailureStreak(client, run, {
      max: afterFailures,
      doesCancelledCount: inputs.onCancelled === 'open',
    });
    return count < afterFailures ? count : undefined;
  } catch (error) {
    warn(describeProblem(explainGitHubError(error, 'actions: read')));
    return undefined;
  }
}

function describeProblem(reason: string): string {
  return `after_failures: could not read the workflow's history, so the case is opened now. ${reason}`;
}
