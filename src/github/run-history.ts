import { asPositiveInteger, asRecord, asString, isRecord } from '../base/json.ts';
import { type ApiClient, getJson, withQuery } from '../http/client.ts';
import { UnexpectedResponseError } from '../http/errors.ts';
import type { RunContext } from './run-context.ts';

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

/**
 * Counts consecutive failures of the workflow on the branch, up to `max`, ending with this run, which counts as one.
 * Cancelled and skipped runs don't count, and neither do newer runs or those of forks.
 * Throws what `getJson` throws, and an Error if the workflow, branch or run is unknown.
 */
export async function countFailureStreak(
  client: ApiClient,
  context: RunContext,
  max: number,
): Promise<number> {
  const { run, ref, workflow } = context;
  if (!run || !ref || !workflow) throw new Error('the workflow, its branch or its run is unknown');
  let count = 1;
  for (let page = 1; page <= MAX_PAGES && count < max; page += 1) {
    const { runs, isFull } = await fetchRuns(client, context, page);
    for (const past of runs.filter(({ id }) => id < run.id)) {
      if (SUCCESSES.includes(past.conclusion)) return count;
      if (FAILURES.includes(past.conclusion)) count += 1;
      if (count >= max) return count;
    }
    if (!isFull) break;
  }
  return count;
}

/** A page of the completed runs of the workflow on the branch, newest first. */
async function fetchRuns(
  client: ApiClient,
  { repository, workflow, ref }: RunContext,
  page: number,
): Promise<{ runs: PastRun[]; isFull: boolean }> {
  const path = `/repos/${repository}/actions/workflows/${encodeURIComponent(workflow)}/runs`;
  const query = { branch: ref, status: 'completed', per_page: String(PAGE_SIZE), page: String(page) };
  const { workflow_runs: items } = asRecord(await getJson(client, withQuery(path, query)));
  if (!Array.isArray(items)) throw new UnexpectedResponseError(`GET ${path} returned no list of runs.`);
  const runs = items.flatMap((item) => parseRun(item, repository, ref) ?? []);
  return { runs: runs.sort((a, b) => b.id - a.id), isFull: items.length >= PAGE_SIZE };
}

/** `undefined` for a run of another branch or repository: a fork's branch may have the same name. */
function parseRun(item: unknown, repository: string, ref: string): PastRun | undefined {
  if (!isRecord(item)) return undefined;
  const id = asPositiveInteger(item.id);
  const isOwn = [repository, ''].includes(asString(asRecord(item.head_repository).full_name));
  const isOnBranch = [ref, ''].includes(asString(item.head_branch));
  if (!id || !isOwn || !isOnBranch) return undefined;
  return { id, conclusion: asString(item.conclusion) };
}
