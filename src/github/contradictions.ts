import { asArray, asPositiveInteger, asString, isRecord, type JsonObject } from '../base/json.ts';
import type { ApiClient } from '../http/client.ts';
import { fetchJobs, fetchOwnJob, isFailure, parseSteps } from './jobs.ts';
import type { RunContext } from './run-context.ts';

// What GitHub may know that contradicts a result, or that the result leaves out. Names are other people's.

/** What makes a success doubtful: steps that run in the background, or a result that is `skipped`. */
export type Suspicion = 'background' | 'skipped';

/** What speaks against a success. */
export type Contradiction =
  /** The job goes well so far, but this step of it runs or failed in the background, and nothing has waited for it yet. */
  | { readonly kind: 'step-running' | 'step-failed'; readonly name: string }
  /** A result is `skipped`, maybe because this job of the same attempt has failed. */
  | { readonly kind: 'job-failed'; readonly name: string };

/** Asks GitHub for what speaks against a success. Throws the HTTP errors, and an Error if there is no list of jobs. */
export async function fetchContradiction(
  client: ApiClient,
  context: RunContext,
  suspicion: Suspicion,
): Promise<Contradiction | undefined> {
  if (suspicion === 'background') return findBackgroundStep(await fetchOwnJob(client, context));
  const name = await fetchFailedJobName(client, context);
  return name === undefined ? undefined : { kind: 'job-failed', name };
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
 * A step of this job that runs beside this one, or has failed there. Since 2026, steps can run in the background; one that
 * fails fails the job only once something waits for it, at the latest before the post steps.
 * Source: https://github.blog/changelog/2026-06-25-actions-steps-can-now-be-run-in-parallel
 */
function findBackgroundStep(job: JsonObject | undefined): Contradiction | undefined {
  const steps = asArray(job?.steps)
    .filter(isRecord)
    .sort((a, b) => numberOf(a) - numberOf(b));
  // A step with `continue-on-error` is listed as a success.
  const failed = steps.find(({ conclusion }) => isFailure(conclusion));
  if (failed) return { kind: 'step-failed', name: asString(failed.name) };
  const [first, second] = steps.filter(({ status }) => status === 'in_progress');
  const lastCompleted = steps.findLast(({ status }) => status === 'completed');
  // This step usually started last. GitHub may not know yet that it has, but it comes after those that have ended.
  const isBeside =
    second !== undefined || (lastCompleted && first && numberOf(first) < numberOf(lastCompleted));
  return first && isBeside ? { kind: 'step-running', name: asString(first.name) } : undefined;
}

function numberOf({ number }: JsonObject): number {
  return asPositiveInteger(number) ?? 0;
}
