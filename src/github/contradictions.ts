import { asArray, asPositiveInteger, asString, isRecord, type JsonObject } from '../base/json.ts';
import type { ApiClient } from '../http/client.ts';
import { fetchJobs, fetchOwnJob, isFailure, parseSteps } from './jobs.ts';
import type { RunContext } from './run-context.ts';

// What GitHub may know that contradicts a result, or that the result leaves out. Names are other people's.

/** What makes a success doubtful. */
export type Contradiction =
  /** The job goes well so far, but this step of it still runs beside the reporting one, and may fail. */
  | { readonly kind: 'step-running'; readonly name: string }
  /** A result is `skipped`, maybe because this job of the same attempt has failed. */
  | { readonly kind: 'job-failed'; readonly name: string };

/** Asks GitHub for a contradiction of this kind. Throws the HTTP errors, and an Error if there is no list of jobs. */
export async function fetchContradiction(
  client: ApiClient,
  context: RunContext,
  kind: Contradiction['kind'],
): Promise<Contradiction | undefined> {
  const fetchName = kind === 'step-running' ? fetchBackgroundStepName : fetchFailedJobName;
  const name = await fetchName(client, context);
  return name === undefined ? undefined : { kind, name };
}

/**
 * The name of a job of this attempt that has failed; `undefined` if there is none. Throws the HTTP errors, and an Error if
 * there is no list of jobs.
 */
export async function fetchFailedJobName(
  client: ApiClient,
  context: RunContext,
): Promise<string | undefined> {
  const { entries } = await fetchJobs(client, context);
  const failed = entries.find(({ conclusion }) => isFailure(conclusion));
  return failed && asString(failed.name);
}

/**
 * The name of a step of this job that has failed; `undefined` if there is none. Throws the HTTP errors, and an Error if
 * there is no list of jobs.
 */
export async function fetchFailedStepName(
  client: ApiClient,
  context: RunContext,
): Promise<string | undefined> {
  const job = await fetchOwnJob(client, context);
  return job && parseSteps(job, isFailure)[0]?.name;
}

/**
 * The name of a step of this job that runs beside this one. Since 2026, steps can run in the background; one that fails
 * fails the job only once something waits for it, at the latest before the post steps.
 * Source: https://github.blog/changelog/2026-06-25-actions-steps-can-now-be-run-in-parallel
 */
async function fetchBackgroundStepName(client: ApiClient, context: RunContext): Promise<string | undefined> {
  const job = await fetchOwnJob(client, context);
  const running = asArray(job?.steps)
    .filter(isRecord)
    .filter(({ status }) => status === 'in_progress')
    .sort((a, b) => numberOf(a) - numberOf(b));
  // This step usually started last.
  return running.length > 1 ? asString(running[0]?.name) : undefined;
}

function numberOf({ number }: JsonObject): number {
  return asPositiveInteger(number) ?? 0;
}
