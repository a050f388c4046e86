import type { ApiClient } from '../http/client.ts';
import { explainGitHubError } from './errors.ts';
import { type FailedJobs, fetchFailedJobs, fetchOwnFailedJob } from './failed-jobs.ts';
import type { LogTail } from './job-logs.ts';
import { fetchLogTails } from './job-logs.ts';
import type { RunContext } from './run-context.ts';

/** The failed jobs of a run, and the last lines of their failed steps' logs. */
export interface FailedJobsWithLogs extends FailedJobs {
  readonly logTails: readonly LogTail[];
}

export const NO_FAILED_JOBS: FailedJobsWithLogs = { jobs: [], unreadJobCount: 0, logTails: [] };

/**
 * Collects the failed jobs and, with `logLines`, the tails of their logs. `client` is `undefined` without a token.
 * The jobs of a run that only reports what failed are left out.
 * Never throws: `warn` receives what is missing, and why.
 */
export async function collectFailedJobs(
  client: ApiClient | undefined,
  context: RunContext,
  logLines: number,
  warn: (text: string) => void,
): Promise<FailedJobsWithLogs> {
  if (!client || !context.run || context.reported) {
    if (logLines) warn(`log_lines has no effect: ${explainMissingJobs(client, context)}.`);
    return NO_FAILED_JOBS;
  }
  let failedJobs: FailedJobs;
  try {
    failedJobs = await (context.isOnlyOwnJob ? fetchOwnFailedJob : fetchFailedJobs)(client, context);
  } catch (error) {
    warn(
      `Could not list failed jobs, so the case doesn't name the failed step. ${explainGitHubError(error, 'actions: read')}`,
    );
    return NO_FAILED_JOBS;
  }
  const { jobs, unreadJobCount } = failedJobs;
  if (unreadJobCount)
    warn(`${unreadJobCount} jobs of this run were not read, so failed jobs may be missing from the case.`);
  if (!logLines || !jobs.length) return { ...failedJobs, logTails: [] };
  return {
    ...failedJobs,
    logTails: await fetchLogTails(client, context.repository, jobs, { logLines, warn }),
  };
}

/** Why no jobs are listed, to go on after a colon. */
function explainMissingJobs(client: ApiClient | undefined, { reported, eventName }: RunContext): string {
  if (reported) return `the event ${eventName} doesn't say which jobs failed`;
  return client ? 'the run is not known' : 'github_token is empty';
}
