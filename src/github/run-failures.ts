import { toSentence } from '../base/errors.ts';
import type { ApiClient } from '../http/client.ts';
import { type FailedJob, fetchFailedJobs } from './failed-jobs.ts';
import type { LogTail } from './job-logs.ts';
import type { RunContext } from './run-context.ts';

/** The failed jobs of a run, and the last lines of their failed steps' logs. */
export interface RunFailures {
  readonly jobs: readonly FailedJob[];
  readonly logTails: readonly LogTail[];
}

const NO_FAILURES: RunFailures = { jobs: [], logTails: [] };

/** Collects the failed jobs and the tails of their logs. Never throws: `log` is told what is missing. */
export async function collectFailures(
  client: ApiClient | undefined,
  context: RunContext,
  logLines: number,
  log: (line: string) => void,
): Promise<RunFailures> {
  if (!client || !context.run) return NO_FAILURES;
  let jobs: FailedJob[];
  try {
    jobs = await fetchFailedJobs(client, context);
  } catch (error) {
    log(
      `The failed jobs are left out: ${toSentence(error)} Listing them takes the permission actions: read.`,
    );
    return NO_FAILURES;
  }
  if (!logLines || !jobs.length) return { jobs, logTails: [] };
  const { fetchLogTails } = await import('./job-logs.ts');
  return { jobs, logTails: await fetchLogTails(client, context.repository, jobs, { logLines, log }) };
}
