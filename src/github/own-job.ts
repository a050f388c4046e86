import { asPositiveInteger, asRecord, asString, type JsonObject } from '../base/json.ts';
import { type ApiClient, getJson } from '../http/client.ts';
import { HttpError } from '../http/errors.ts';
import {
  type FailedJob,
  type FailedJobs,
  isFailure,
  listJobs,
  parseSteps,
  STALE_DELAYS_MS,
} from './failed-jobs.ts';
import type { OwnJob, RunContext } from './run-context.ts';

/**
 * The job that this step belongs to, with its failed steps, or the one at which it was cancelled. GitHub may learn of
 * a failed step late, so this asks up to three times more. Empty if the job isn't found. Throws what `getJson` throws.
 */
export async function fetchOwnJob(client: ApiClient, context: RunContext, own: OwnJob): Promise<FailedJobs> {
  const { clock, deadlineMs } = client;
  const fetchJob = async () => parseOwnJob(await findOwnJob(client, context, own), own);
  let job = await fetchJob();
  for (const delayMs of STALE_DELAYS_MS) {
    if (!job || job.steps.length || own.isCancelled || clock.now() + delayMs >= deadlineMs) break;
    await clock.sleep(delayMs);
    job = await fetchJob().catch(() => job);
  }
  return { jobs: job ? [job] : [], unreadJobCount: 0 };
}

async function findOwnJob(
  client: ApiClient,
  context: RunContext,
  { id }: OwnJob,
): Promise<JsonObject | undefined> {
  const job = id ? await getJob(client, context, id) : undefined;
  if (job) return job;
  const { runnerName } = context;
  const { entries } = await listJobs(client, context);
  // A runner runs one job at a time. GitHub's own runners have names that are unique within a run.
  return entries.find(
    ({ status, runner_name: name }) => status === 'in_progress' && name && name === runnerName,
  );
}

/** The job with this ID; `undefined` if GitHub doesn't know it, or if it belongs to another run. */
async function getJob(
  client: ApiClient,
  { repository, run }: RunContext,
  id: number,
): Promise<JsonObject | undefined> {
  try {
    const job = asRecord(await getJson(client, `/repos/${repository}/actions/jobs/${id}`));
    return asPositiveInteger(job.run_id) === run?.id ? job : undefined;
  } catch (error) {
    if (error instanceof HttpError && error.status === 404) return undefined;
    throw error;
  }
}

function parseOwnJob(job: JsonObject | undefined, { isCancelled }: OwnJob): FailedJob | undefined {
  const id = asPositiveInteger(job?.id);
  if (!job || !id) return undefined;
  const failed = parseSteps(job, isFailure);
  // The steps after the one that was cancelled never ran.
  const cancelled = parseSteps(job, (conclusion) => conclusion === 'cancelled').slice(0, 1);
  const steps = failed.length || !isCancelled ? failed : cancelled;
  return { id, name: asString(job.name), isCompleted: false, steps };
}
