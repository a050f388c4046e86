import { asPositiveInteger, asRecord, asString, isRecord } from '../base/json.ts';
import { type ApiClient, fetchJson, withQuery } from '../http/client.ts';
import { UnexpectedResponseError } from '../http/errors.ts';
import { parseQueueBranch } from './branches.ts';
import { fetchLatestJobs, fetchOwnJob } from './jobs.ts';
import type { Run, RunContext, RunSeries } from './run-context.ts';
import { doesSuccessEndStreak } from './trigger.ts';

const PAGE_SIZE = 100;
/** 500 runs, most of which would have to be cancelled or skipped. */
const MAX_PAGES = 5;
/** The most runs whose jobs are listed, which takes a request each. */
const MAX_RUNS_WITH_JOBS = 20;

// Source: https://docs.github.com/rest/actions/workflow-runs
const FAILURES = ['failure', 'timed_out', 'startup_failure'];
const SUCCESSES = ['success', 'neutral'];
/** Conclusions of runs in which no job was started. */
const WITHOUT_JOBS = ['', 'skipped', 'startup_failure', 'action_required', 'stale'];
/** Events that report on something else than this run. How that ended before is not part of the history of runs. */
const EVENTS_WITHOUT_HISTORY = ['deployment_status', 'check_run', 'check_suite'];

interface PastRun {
  readonly id: number;
  readonly conclusion: string;
  /** The event that started it; empty if it is unknown. */
  readonly event: string;
}

/** How failures are counted. */
interface StreakOptions {
  /** Where counting stops. */
  readonly max: number;
  /** Whether what was cancelled counts as a failure; otherwise it is ignored. */
  readonly doesCancelledCount: boolean;
}

/** How many consecutive failures there were, this one included, or why that isn't known. */
export type Streak =
  | { readonly kind: 'counted'; readonly failureCount: number }
  /** The workflow, its branch or this run is unknown. */
  | { readonly kind: 'unknown-run' }
  /** The file of the workflow is in another repository: a workflow here may have the same file name. */
  | { readonly kind: 'workflow-elsewhere' }
  /** The run is on a tag. Each tag has runs of its own, so there is nothing to count. */
  | { readonly kind: 'tag'; readonly tag: string }
  | { readonly kind: 'event-without-history'; readonly eventName: string }
  | { readonly kind: 'own-job-not-found' }
  /** None of the earlier runs has a job of this name. */
  | { readonly kind: 'new-job-name'; readonly jobName: string; readonly runCount: number }
  /** That many runs don't contain the beginning of the streak. */
  | { readonly kind: 'history-too-long'; readonly runCount: number }
  | { readonly kind: 'request-failed'; readonly error: unknown };

/**
 * Counts consecutive failures on the branch, ending with this one: of this step's job if that is what failed, otherwise
 * of the workflow that is reported. Each run counts once, whatever its attempts. What was skipped doesn't count, and
 * neither do newer runs or those of other repositories. Never throws.
 */
export async function countFailureStreak(
  client: ApiClient,
  context: RunContext,
  options: StreakOptions,
): Promise<Streak> {
  const { run, series, ownJob, isOnlyOwnJob, eventName } = context;
  const hasOwnJobFailed = isOnlyOwnJob || ownJob?.status === 'failure';
  if (!hasOwnJobFailed && ownJob && EVENTS_WITHOUT_HISTORY.includes(eventName))
    return { kind: 'event-without-history', eventName };
  if (!run || !series.branch || !series.workflow) return { kind: 'unknown-run' };
  if (series.isWorkflowElsewhere) return { kind: 'workflow-elsewhere' };
  if (series.isTag) return { kind: 'tag', tag: series.branch };
  try {
    const countFailures = hasOwnJobFailed ? countJobFailures : countWorkflowFailures;
    return await countFailures(client, { ...context, run }, options);
  } catch (error) {
    return { kind: 'request-failed', error };
  }
}

/** A context whose run is known. */
type KnownRun = RunContext & { readonly run: Run };

async function countWorkflowFailures(
  client: ApiClient,
  context: KnownRun,
  options: StreakOptions,
): Promise<Streak> {
  const tally = new Tally(options, doesSuccessEndStreak(context.trigger ?? ''));
  for await (const { runs, isLast } of fetchEarlierRuns(client, context)) {
    for (const { conclusion } of runs) tally.add(conclusion);
    if (tally.isDecided || isLast) return tally.toStreak();
  }
  return { kind: 'history-too-long', runCount: MAX_PAGES * PAGE_SIZE };
}

async function countJobFailures(
  client: ApiClient,
  context: KnownRun,
  options: StreakOptions,
): Promise<Streak> {
  const [ownJob, { runs, isWhole }] = await Promise.all([
    fetchOwnJob(client, context),
    fetchRunsWithJobs(client, context),
  ]);
  const jobName = asString(ownJob?.name);
  if (!jobName) return { kind: 'own-job-not-found' };
  const tally = new Tally(options, doesSuccessEndStreak(context.trigger ?? ''));
  const seen: (string | undefined)[] = [];
  // The first ones are enough if all of them failed.
  for (const part of [runs.slice(0, options.max - 1), runs.slice(options.max - 1)]) {
    const conclusions = await Promise.all(
      part.map(({ id }) => fetchJobConclusion(client, context.repository, { runId: id, jobName })),
    );
    for (const conclusion of conclusions) tally.add(conclusion ?? '');
    if (tally.isDecided) return tally.toStreak();
    seen.push(...conclusions);
  }
  if (runs.length && seen.every((conclusion) => conclusion === undefined))
    return { kind: 'new-job-name', jobName, runCount: runs.length };
  return isWhole ? tally.toStreak() : { kind: 'history-too-long', runCount: runs.length };
}

/** Counts failures, from the newest conclusion to the oldest. This run's failure is counted already. */
class Tally {
  readonly #options: StreakOptions;
  /** Whether a success ends the streak. */
  readonly #isProof: boolean;
  #failureCount = 1;
  #hasSucceeded = false;

  constructor(options: StreakOptions, isProof: boolean) {
    this.#options = options;
    this.#isProof = isProof;
  }

  add(conclusion: string): void {
    const { doesCancelledCount } = this.#options;
    if (this.isDecided) return;
    if (SUCCESSES.includes(conclusion)) this.#hasSucceeded = this.#isProof;
    else if (FAILURES.includes(conclusion) || (doesCancelledCount && conclusion === 'cancelled'))
      this.#failureCount += 1;
  }

  /** Whether older conclusions can't change the result. */
  get isDecided(): boolean {
    return this.#hasSucceeded || this.#failureCount >= this.#options.max;
  }

  toStreak(): Streak {
    return { kind: 'counted', failureCount: this.#failureCount };
  }
}

/** The newest earlier runs in which jobs were started, and whether these are all there are. */
async function fetchRunsWithJobs(
  client: ApiClient,
  context: KnownRun,
): Promise<{ runs: PastRun[]; isWhole: boolean }> {
  const runs: PastRun[] = [];
  let isWhole = false;
  for await (const page of fetchEarlierRuns(client, context)) {
    runs.push(...page.runs.filter(({ conclusion }) => !WITHOUT_JOBS.includes(conclusion)));
    isWhole = page.isLast && runs.length <= MAX_RUNS_WITH_JOBS;
    if (page.isLast || runs.length >= MAX_RUNS_WITH_JOBS) break;
  }
  return { runs: runs.slice(0, MAX_RUNS_WITH_JOBS), isWhole };
}

/** How the job of this name ended in the latest attempt of a run; `undefined` if the run has none. */
async function fetchJobConclusion(
  client: ApiClient,
  repository: string,
  { runId, jobName }: { readonly runId: number; readonly jobName: string },
): Promise<string | undefined> {
  const { entries, unreadCount } = await fetchLatestJobs(client, repository, runId);
  const conclusions = entries
    .filter(({ name }) => name === jobName)
    .map(({ conclusion }) => asString(conclusion));
  if (!conclusions.length && unreadCount) throw new Error(`Not all jobs of run ${runId} could be read`);
  // Several jobs of a run may have the same name. A case that is opened too early is better than a missed one.
  const worst = [...FAILURES, 'cancelled', ...SUCCESSES].find((conclusion) =>
    conclusions.includes(conclusion),
  );
  return worst ?? conclusions[0];
}

/** The completed runs of the series before this one, newest first and in pages. Each run comes once. */
async function* fetchEarlierRuns(
  client: ApiClient,
  { run, series, repository, trigger, eventName }: KnownRun,
): AsyncGenerator<{ runs: PastRun[]; isLast: boolean }> {
  const seenIds = new Set<number>();
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const { runs, isFull } = await fetchRuns(client, { repository, series, page });
    // A run can be on two pages, if another one ended in between.
    const earlier = runs.filter(({ id }) => id < run.id && !seenIds.has(id));
    // Runs that another event started may do something else, if that matters to this run.
    const alike = earlier.filter(({ event }) => !trigger || event === '' || event === eventName);
    for (const { id } of earlier) seenIds.add(id);
    yield { runs: alike, isLast: !isFull };
    if (!isFull) return;
  }
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
  const { workflow_runs: items } = asRecord(await fetchJson(client, withQuery(path, query)));
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
    ? (parseQueueBranch(branch)?.queue ?? branch) === series.branch
    : [series.branch, ''].includes(branch);
  // It is null if the fork was deleted.
  const isOwn =
    item.head_repository === undefined ||
    asString(asRecord(item.head_repository).full_name) === series.headRepository;
  if (!id || !isOwn || !isOnBranch) return undefined;
  return { id, conclusion: asString(item.conclusion), event: asString(item.event) };
}
