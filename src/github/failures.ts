import { sentence } from '../errors.ts';
import { getPath, type Service } from '../http.ts';
import { isRecord, listOf, numberOf, recordOf } from '../json.ts';
import type { About } from './event.ts';

/** A job of the run that has failed, or is failing while this step runs. */
export interface FailedJob {
  readonly id: number;
  readonly name: string;
  /** Whether it has ended; the log of one that runs cannot be had. */
  readonly ended: boolean;
  readonly steps: readonly FailedStep[];
}

export interface FailedStep {
  readonly number: number;
  readonly name: string;
  /** Milliseconds since 1970, cut to the second; NaN where unknown. */
  readonly startedAt: number;
  readonly completedAt: number;
}

/** What a failed run looks like from inside. */
export interface Failures {
  readonly jobs: readonly FailedJob[];
  /** The last lines of the failed steps, as Markdown; empty where none were asked for or to be had. */
  readonly logs: string;
}

const NONE: Failures = { jobs: [], logs: '' };
const PAGE = 100;
/** The most pages of jobs that are read: 1,000 jobs. */
const PAGES = 10;
/** Milliseconds before each further look while GitHub does not know yet of this very step. */
const LOOKS = [500, 1000, 1500];
/** Milliseconds since a step began within which it may be this one; GitHub tells whole seconds. */
const JUST_BEGUN = 2000;

type Json = Readonly<Record<string, unknown>>;

/** Collects which jobs and steps failed, and their logs. Never throws: what cannot be had is told to `log` and left out. */
export async function gather(
  service: Service | undefined,
  about: About,
  logLines: number,
  log: (line: string) => void,
): Promise<Failures> {
  if (!service || !about.run) return NONE;
  let jobs: FailedJob[];
  try {
    jobs = await failedJobs(service, about);
  } catch (error) {
    log(`The failed jobs are left out: ${sentence(error)} Listing them takes the permission actions: read.`);
    return NONE;
  }
  if (!logLines || !jobs.length) return { jobs, logs: '' };
  const { tails } = await import('./logs.ts');
  return { jobs, logs: await tails(service, about, jobs, logLines, log) };
}

/** The failed jobs of the run's attempt, in their order. Throws what http.send throws. */
async function failedJobs(service: Service, about: About): Promise<FailedJob[]> {
  const { clock, deadline } = service;
  let jobs = await listJobs(service, about);
  for (const pause of LOOKS) {
    if (!lagsBehind(jobs, about.runner, clock.now()) || clock.now() + pause >= deadline) break;
    await clock.sleep(pause);
    jobs = await listJobs(service, about).catch(() => jobs);
  }
  return jobs.flatMap((job) => readJob(job) ?? []);
}

async function listJobs(service: Service, { repository, run }: About): Promise<Json[]> {
  const page = async (number: number) => {
    const path = `/repos/${repository}/actions/runs/${run?.id}/attempts/${run?.attempt}/jobs?per_page=${PAGE}&page=${number}`;
    return recordOf(await getPath(service, path));
  };
  const first = await page(1);
  const pages = Math.min(PAGES, Math.ceil((numberOf(first.total_count) ?? 0) / PAGE));
  const rest = await Promise.all(Array.from({ length: Math.max(0, pages - 1) }, (_, at) => page(at + 2)));
  return [first, ...rest].flatMap(({ jobs }) => listOf(jobs).filter(isRecord));
}

/**
 * Whether the step that runs in this job, as GitHub knows it, is still an earlier one, which may be about to fail.
 * The runner tells of its steps in batches, twice a second (its public source), and this one starts at once after the failed one.
 */
function lagsBehind(jobs: readonly Json[], runner: string, now: number): boolean {
  const own = jobs.find(({ status, runner_name: name }) => status === 'in_progress' && name === runner);
  const steps = listOf(own?.steps).filter(isRecord);
  const current = steps.find(({ status }) => status === 'in_progress');
  if (!runner || !current || steps.some(({ conclusion }) => hasFailed(conclusion))) return false;
  return Date.parse(String(current.started_at)) < now - JUST_BEGUN;
}

function readJob(job: Json): FailedJob | undefined {
  const id = numberOf(job.id);
  const steps = listOf(job.steps).flatMap((step) => readStep(step) ?? []);
  const failed = hasFailed(job.conclusion) || (job.status !== 'completed' && steps.length > 0);
  if (!id || !failed) return undefined;
  return { id, name: String(job.name ?? ''), ended: job.status === 'completed', steps };
}

function readStep(step: unknown): FailedStep | undefined {
  if (!isRecord(step) || !hasFailed(step.conclusion)) return undefined;
  return {
    number: numberOf(step.number) ?? 0,
    name: String(step.name ?? ''),
    startedAt: Date.parse(String(step.started_at)),
    completedAt: Date.parse(String(step.completed_at)),
  };
}

function hasFailed(conclusion: unknown): boolean {
  return conclusion === 'failure' || conclusion === 'timed_out';
}
