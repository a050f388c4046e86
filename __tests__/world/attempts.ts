import type { Job, JobEvent } from './history.ts';
import type { Attempt, RunningJob } from './record.ts';

const FIRST_RUN = 1001;

interface AttemptQuery {
  readonly job: Job;
  readonly wanted: JobEvent['run'];
  /** Whether a job still runs. A run can't be started again before all of its jobs have ended. */
  readonly isBusy: (running: RunningJob) => boolean;
  readonly keyOf: (job: Job) => string;
}

/** The attempt of a run that a job belongs to: the one that is wanted, or else a new run. */
export function findAttempt(
  all: readonly RunningJob[],
  { job, wanted, isBusy, keyOf }: AttemptQuery,
): Attempt {
  const { server } = job;
  const onServer = all.filter(({ attempt }) => attempt.server === server);
  const newest = Math.max(FIRST_RUN - 1, ...onServer.map(({ attempt }) => attempt.run));
  const created = { server, run: newest + 1, attempt: 1 };
  const onBranch = onServer.filter((other) => other.job.branch === job.branch);
  const runs = [...new Set(onBranch.map(({ attempt }) => attempt.run))].sort((a, b) => b - a);
  const run = runs[wanted === 'older' ? 1 : 0];
  if (run === undefined || wanted === 'new') return created;
  const jobs = onBranch.filter(({ attempt }) => attempt.run === run);
  const number = Math.max(...jobs.map(({ attempt }) => attempt.attempt));
  if (wanted === 'again' || wanted === 'older')
    return jobs.some(isBusy) ? created : { server, run, attempt: number + 1 };
  const others = jobs.filter(({ attempt }) => attempt.attempt === number);
  const hasTwin = others.some((other) => keyOf(other.job) === keyOf(job));
  // A job that starts after all others have ended is in another run.
  const isLate = !others.some(isBusy);
  return (hasTwin && wanted !== 'twin') || isLate ? created : { server, run, attempt: number };
}
