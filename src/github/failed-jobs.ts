import { asArray, asPositiveInteger, asString, isRecord, type JsonObject } from '../base/json.ts';
import type { ApiClient } from '../http/client.ts';
import { SEARCH_PAUSES_MS } from '../http/time-plan.ts';
import {
  type FailedStep,
  fetchJob,
  fetchJobs,
  fetchOwnJob,
  findOwnJob,
  isFailure,
  type JobList,
  parseSteps,
} from './jobs.ts';
import type { RunContext } from './run-context.ts';

/** A job of the run that has failed, or is failing while this step runs. */
export interface FailedJob {
  readonly id: number;
  readonly name: string;
  /** The log of a job is available only once the job is completed. */
  readonly isCompleted: boolean;
  readonly steps: readonly FailedStep[];
}

/** The failed jobs of a run, as far as they are known. */
export interface FailedJobs {
  readonly jobs: readonly FailedJob[];
  /** How many jobs of the run were not read: any of them may have failed too. */
  readonly unreadJobCount: number;
}

/** A step that started this recently may be this one; GitHub's times are whole seconds. */
const START_TOLERANCE_MS = 2000;

/**
 * The failed jobs of the run's attempt: the job of this step first, the others in GitHub's order. Throws the HTTP
 * errors, and an Error if there is no list.
 */
export async function fetchFailedJobs(client: ApiClient, context: RunContext): Promise<FailedJobs> {
  const list = await pollWhile(
    client,
    () => fetchJobs(client, context),
    ({ entries }) => isStale(findOwnJob(entries, context), context, client.clock.now()),
  );
  const ownEntry = await fetchOwnEntry(client, context, list);
  const own = ownEntry && parseJob(ownEntry, context.ownJob?.status === 'failure');
  const others = list.entries.filter(({ id }) => id !== ownEntry?.id).flatMap((job) => parseJob(job) ?? []);
  return { jobs: own ? [own, ...others] : others, unreadJobCount: list.unreadCount };
}

/**
 * The job that this step belongs to, with its failed steps, or those at which it was cancelled. GitHub may learn of
 * a failed step late, so this asks up to three times more. Empty if the job isn't found. Throws the HTTP errors,
 * and an Error if there is no list of jobs.
 */
export async function fetchOwnFailedJob(client: ApiClient, context: RunContext): Promise<FailedJobs> {
  const isCancelled = context.ownJob?.status === 'cancelled';
  const job = await pollWhile(
    client,
    async () => parseOwnJob(await fetchOwnJob(client, context), isCancelled),
    (known) => known !== undefined && !known.steps.length && !isCancelled,
  );
  return { jobs: job ? [job] : [], unreadJobCount: 0 };
}

/** Fetches again after each of a few pauses while the result is stale. Only the first failure throws. */
async function pollWhile<T>(
  { clock, deadlineMs }: ApiClient,
  fetchResult: () => Promise<T>,
  isResultStale: (result: T) => boolean,
): Promise<T> {
  let result = await fetchResult();
  for (const delayMs of SEARCH_PAUSES_MS.failedStep) {
    if (!isResultStale(result) || clock.now() + delayMs >= deadlineMs) break;
    await clock.sleep(delayMs);
    const known = result;
    result = await fetchResult().catch(() => known);
  }
  return result;
}

/** This step's job in the list. If it has failed, but is among those that were not read, it is fetched by its ID. */
async function fetchOwnEntry(
  client: ApiClient,
  context: RunContext,
  { entries, unreadCount }: JobList,
): Promise<JsonObject | undefined> {
  const entry = findOwnJob(entries, context);
  const { id, status } = context.ownJob ?? {};
  if (entry || !id || !unreadCount || status !== 'failure') return entry;
  return fetchJob(client, context, id).catch(() => undefined); // The other failed jobs are known.
}

/**
 * Whether GitHub's view is stale: it still shows an earlier step as running, which may be about to fail. The runner
 * reports steps every 500 ms (https://github.com/actions/runner), and this step starts right after the failed one.
 */
function isStale(
  ownEntry: JsonObject | undefined,
  { ownJob, isInCompositeAction }: RunContext,
  nowMs: number,
): boolean {
  // GitHub shows all steps of a composite action as a single one, which is still running.
  if (isInCompositeAction || ownJob?.status === 'success') return false;
  const steps = asArray(ownEntry?.steps).filter(isRecord);
  const runningStep = steps.find(({ status }) => status === 'in_progress');
  if (!runningStep || steps.some(({ conclusion }) => isFailure(conclusion))) return false;
  return Date.parse(String(runningStep.started_at)) < nowMs - START_TOLERANCE_MS;
}

/** `undefined` for a job that has not failed. This step knows that its own has, even if GitHub doesn't yet. */
function parseJob(job: JsonObject, isKnownToFail = false): FailedJob | undefined {
  const id = asPositiveInteger(job.id);
  const isCompleted = job.status === 'completed';
  const steps = parseSteps(job, isFailure);
  const hasFailed = isFailure(job.conclusion) || (!isCompleted && (steps.length > 0 || isKnownToFail));
  if (!id || !hasFailed) return undefined;
  return { id, name: asString(job.name), isCompleted, steps };
}

function parseOwnJob(job: JsonObject | undefined, isCancelled: boolean): FailedJob | undefined {
  const id = asPositiveInteger(job?.id);
  if (!job || !id) return undefined;
  const failed = parseSteps(job, isFailure);
  // All that were running: steps can run in parallel, and any of them may have taken too long. The runner calls later
  // steps skipped (https://github.com/actions/runner).
  const cancelled = parseSteps(job, (conclusion) => conclusion === 'cancelled');
  const steps = failed.length || !isCancelled ? failed : cancelled;
  return { id, name: asString(job.name), isCompleted: false, steps };
}
