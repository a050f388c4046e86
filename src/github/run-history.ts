import { asPositiveInteger, asRecord, asString, isRecord } from '../base/json.ts';
import { type ApiClient, getJson, withQuery } from '../http/client.ts';
import { UnexpectedResponseError } from '../http/errors.ts';
import type { RunContext, RunSeries } from './run-context.ts';

const PAGE_SIZE = 100;
/** 500 runs, most of which would have to be cancelled or skipped. */
const MAX_PAGES = 5;

// Source: https://docs.github.com/rest/actions/workflow-runs
const FAILURES = ['failure', 'timed_out', 'startup_failure'];
const SUCCESSES = ['success', 'neutral'];

interface PastRun {
  readonly id: number;
  readonly conclusion: string;
}

/** How failures are counted. */
export interface StreakOptions {
  /** Where counting stops. */
  readonly max: number;
  /** Whether a cancelled run counts as a failure; otherwise it is ignored. */
  readonly doesCancelledCount: boolean;
}

/**
 * Counts consecutive failures of the workflow on the branch, ending with this run, which counts as one. Skipped runs
 * don't count, and neither do newer runs or those of other repositories. Throws what `getJson` throws, and an Error if
 * the workflow, branch or run is unknown, or if the history is too long to tell.
 */
export async function countFailureStreak(
  client: ApiClient,
  { run, series, repository }: RunContext,
  { max, doesCancelledCount }: StreakOptions,
): Promise<number> {
  if (!run || !series.branch || !series.workflow)
    throw new Error('The workflow, its branch or its run is unknown');
  const failures = doesCancelledCount ? [...FAILURES, 'cancelled'] : FAILURES;
  const failedIds = new Set([run.id]);
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const { runs, isFull } = await fetchRuns(client, { repository, series, page });
    for (const { id, conclusion } of runs.filter((past) => past.id < run.id)) {
      if (SUCCESSES.includes(conclusion)) return failedIds.size;
      // A run can be on two pages, if another one ended in between.
      if (failures.includes(conclusion)) failedIds.add(id);
      if (failedIds.size >= max) return max;
    }
    if (!isFull) return failedIds.size;
  }
  throw new Error(`The last ${MAX_PAGES * PAGE_SIZE} runs don't tell`);
}

interface RunQuery {
  readonly repository: string;
  readonly series: RunSeries;
  readonly page: number;
}

/** A page of the completed runs of a series, newest first. */
async function fetchRuns(
  client: ApiClient,
  { repository, series, page }: RunQuery,
): Promise<{ runs: PastRun[]; isFull: boolean }> {
  const path = `/repos/${repository}/actions/workflows/${encodeURIComponent(series.workflow)}/runs`;
  const query = {
    ...(series.isMergeQueue ? { event: 'merge_group' } : { branch: series.branch }),
    status: 'completed',
    per_page: String(PAGE_SIZE),
    page: String(page),
  };
  const { workflow_runs: items } = asRecord(await getJson(client, withQuery(path, query)));
  if (!Array.isArray(items)) throw new UnexpectedResponseError(`GET ${path} returned no list of runs.`);
  const runs = items.flatMap((item) => parseRun(item, series) ?? []);
  return { runs: runs.sort((a, b) => b.id - a.id), isFull: items.length >= PAGE_SIZE };
}

/** `undefined` for a run of another branch or repository: a fork's branch may have the same name. */
function parseRun(item: unknown, series: RunSeries): PastRun | undefined {
  if (!isRecord(item)) return undefined;
  const id = asPositiveInteger(item.id);
  const branch = asString(item.head_branch);
  const isOnBranch = series.isMergeQueue
    ? branch.startsWith(series.branch)
    : [series.branch, ''].includes(branch);
  // It is null if the fork was deleted.
  const isOwn =
    item.head_repository === undefined ||
    asString(asRecord(item.head_repository).full_name) === series.headRepository;
  if (!id || !isOwn || !isOnBranch) return undefined;
  return { id, conclusion: asString(item.conclusion) };
}
