import { asArray, asPositiveInteger, asRecord, isRecord, type JsonObject } from '../base/json.ts';
import { type ApiClient, fetchJson } from '../http/client.ts';
import { HttpError } from '../http/errors.ts';
import type { RunContext } from './run-context.ts';

/** A step that has failed, or at which its job was cancelled. */
export interface FailedStep {
  readonly number: number;
  readonly name: string;
  /** Milliseconds since 1970, rounded down to the second; NaN if unknown. */
  readonly startedAtMs: number;
  readonly completedAtMs: number;
}

const PAGE_SIZE = 100;
/** 1,000 jobs. `unreadCount` counts the rest. */
const MAX_PAGES = 10;

/** The jobs of a run, as the API describes them. */
export interface JobList {
  readonly entries: readonly JsonObject[];
  readonly unreadCount: number;
}

/** All jobs of the run's attempt, 1,000 at most. Throws the HTTP errors, and an Error if there is no list. */
export function fetchJobs(client: ApiClient, { repository, run }: RunContext): Promise<JobList> {
  return fetchJobList(client, `/repos/${repository}/actions/runs/${run?.id}/attempts/${run?.attempt}/jobs?`);
}

/** All jobs of the latest attempt of any run, 1,000 at most. Throws the HTTP errors, and an Error if there is no list. */
export function fetchLatestJobs(client: ApiClient, repository: string, runId: number): Promise<JobList> {
  return fetchJobList(client, `/repos/${repository}/actions/runs/${runId}/jobs?filter=latest&`);
}

/** Reads the first page, then the others in parallel. A page that can't be read is left out. */
async function fetchJobList(client: ApiClient, pathAndQuery: string): Promise<JobList> {
  const fetchPage = async (page: number) =>
    asRecord(await fetchJson(client, `${pathAndQuery}per_page=${PAGE_SIZE}&page=${page}`));
  const firstPage = await fetchPage(1);
  if (!Array.isArray(firstPage.jobs)) throw new Error('GitHub returned no list of jobs.');
  const total = asPositiveInteger(firstPage.total_count) ?? 0;
  const pageCount = Math.min(MAX_PAGES, Math.ceil(total / PAGE_SIZE));
  const otherPages = await Promise.allSettled(
    Array.from({ length: Math.max(0, pageCount - 1) }, (_, index) => fetchPage(index + 2)),
  );
  const pages = [firstPage, ...otherPages.map((page) => (page.status === 'fulfilled' ? page.value : {}))];
  const entries = pages.flatMap((page) => asArray(page.jobs).filter(isRecord));
  return { entries, unreadCount: Math.max(0, total - entries.length) };
}

/**
 * The job that this step belongs to; `undefined` if it isn't found, or if another run is reported. Throws
 * the HTTP errors, and an Error if there is no list of jobs.
 */
export async function fetchOwnJob(client: ApiClient, context: RunContext): Promise<JsonObject | undefined> {
  const id = context.ownJob?.id;
  const job = id ? await fetchJob(client, context, id) : undefined;
  return job ?? findOwnJob((await fetchJobs(client, context)).entries, context);
}

/** The job with this ID; `undefined` if GitHub doesn't know it, or if it belongs to another run. */
export async function fetchJob(
  client: ApiClient,
  { repository, run }: RunContext,
  id: number,
): Promise<JsonObject | undefined> {
  try {
    const job = asRecord(await fetchJson(client, `/repos/${repository}/actions/jobs/${id}`));
    return asPositiveInteger(job.run_id) === run?.id ? job : undefined;
  } catch (error) {
    if (error instanceof HttpError && error.status === 404) return undefined;
    throw error;
  }
}

/** The job that this step belongs to, by its ID or else by its runner; `undefined` if it isn't in the list, or not certain. */
export function findOwnJob(
  entries: readonly JsonObject[],
  { ownJob, runnerName }: RunContext,
): JsonObject | undefined {
  if (!ownJob) return undefined;
  const job = ownJob.id ? entries.find(({ id }) => id === ownJob.id) : undefined;
  if (job || !runnerName) return job;
  // A runner runs one job at a time, but several runners may have the same name.
  const running = entries.filter(
    ({ status, runner_name: name }) => status === 'in_progress' && name === runnerName,
  );
  return running.length === 1 ? running[0] : undefined;
}

/** The steps of a job that ended with one of the conclusions. */
export function parseSteps(job: JsonObject, isRelevant: (conclusion: unknown) => boolean): FailedStep[] {
  const steps = asArray(job.steps)
    .filter(isRecord)
    .filter(({ conclusion }) => isRelevant(conclusion));
  return steps.map((step) => ({
    number: asPositiveInteger(step.number) ?? 0,
    name: String(step.name ?? ''),
    startedAtMs: Date.parse(String(step.started_at)),
    completedAtMs: Date.parse(String(step.completed_at)),
  }));
}

/** Whether this is the conclusion of a job or step that failed. */
export function isFailure(conclusion: unknown): boolean {
  return conclusion === 'failure' || conclusion === 'timed_out';
}
