import { asArray, asPositiveInteger, asRecord, isRecord, type JsonObject } from '../base/json.ts';
import { type ApiClient, getJson } from '../http/client.ts';
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

export interface FailedStep {
  readonly number: number;
  readonly name: string;
  /** Milliseconds since 1970, rounded down to the second; NaN if unknown. */
  readonly startedAtMs: number;
  readonly completedAtMs: number;
}

const PAGE_SIZE = 100;
/** 1,000 jobs. `unreadJobCount` counts the rest. */
const MAX_PAGES = 10;
/** Pauses before asking again while GitHub's list doesn't show this step yet. */
export const STALE_DELAYS_MS = [500, 1000, 1500];
/** A step that started this recently may be this one; GitHub's times are whole seconds. */
const START_TOLERANCE_MS = 2000;

export interface JobList {
  readonly entries: readonly JsonObject[];
  readonly unreadCount: number;
}

/**
 * The failed jobs of the run's attempt, in GitHub's order.
 * Throws what `getJson` throws, and an Error if there is no list.
 */
export async function fetchFailedJobs(client: ApiClient, context: RunContext): Promise<FailedJobs> {
  const { clock, deadlineMs } = client;
  let list = await listJobs(client, context);
  for (const delayMs of STALE_DELAYS_MS) {
    const isUpToDate = !isStale(list.entries, context.runnerName, clock.now());
    if (isUpToDate || clock.now() + delayMs >= deadlineMs) break;
    await clock.sleep(delayMs);
    list = await listJobs(client, context).catch(() => list);
  }
  return { jobs: list.entries.flatMap((job) => parseJob(job) ?? []), unreadJobCount: list.unreadCount };
}

/**
 * All jobs of the run's attempt, 1,000 at most. Reads the first page, then the others in parallel. A page that can't be
 * read is left out.
 */
export async function listJobs(client: ApiClient, { repository, run }: RunContext): Promise<JobList> {
  const fetchPage = async (page: number) => {
    const path = `/repos/${repository}/actions/runs/${run?.id}/attempts/${run?.attempt}/jobs?per_page=${PAGE_SIZE}&page=${page}`;
    return asRecord(await getJson(client, path));
  };
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
 * Whether GitHub's view is stale: it still shows an earlier step as running, which may be about to fail. The runner
 * reports steps every 500 ms (https://github.com/actions/runner), and this step starts right after the failed one.
 */
function isStale(jobs: readonly JsonObject[], runnerName: string, nowMs: number): boolean {
  const ownJob = jobs.find(
    ({ status, runner_name: name }) => status === 'in_progress' && name === runnerName,
  );
  const steps = asArray(ownJob?.steps).filter(isRecord);
  const runningStep = steps.find(({ status }) => status === 'in_progress');
  if (!runnerName || !runningStep || steps.some(({ conclusion }) => isFailure(conclusion))) return false;
  return Date.parse(String(runningStep.started_at)) < nowMs - START_TOLERANCE_MS;
}

function parseJob(job: JsonObject): FailedJob | undefined {
  const id = asPositiveInteger(job.id);
  const steps = parseSteps(job, isFailure);
  const hasFailed = isFailure(job.conclusion) || (job.status !== 'completed' && steps.length > 0);
  if (!id || !hasFailed) return undefined;
  return { id, name: String(job.name ?? ''), isCompleted: job.status === 'completed', steps };
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
