import type { Attempt } from '../record.ts';
import type { SyncEvent, SyncJob } from './history.ts';
import type { SyncStep } from './record.ts';

const FIRST_RUN = 1001;
const SERVER = 'https://github.com';

/** The attempt of a run that a step belongs to: the one that is wanted, or else a new run. */
export function findSyncAttempt(steps: readonly SyncStep[], job: SyncJob, wanted: SyncEvent['run']): Attempt {
  const ofJob = steps.filter(({ sync }) => sync.job === job).map(({ attempt }) => attempt);
  const newest = Math.max(FIRST_RUN - 1, ...steps.map(({ attempt }) => attempt.run));
  const created = { server: SERVER, run: newest + 1, attempt: 1 };
  const newestAttempt = (run: number) =>
    Math.max(...steps.filter(({ attempt }) => attempt.run === run).map(({ attempt }) => attempt.attempt));
  if (wanted === 'new') return created;
  if (wanted === 'same') {
    const isTaken = ofJob.some(({ run }) => run === newest);
    return isTaken || !steps.length
      ? created
      : { server: SERVER, run: newest, attempt: newestAttempt(newest) };
  }
  const runs = [...new Set(ofJob.map(({ run }) => run))].sort((a, b) => b - a);
  const run = runs[wanted === 'older' ? 1 : 0];
  return run === undefined ? created : { server: SERVER, run, attempt: newestAttempt(run) + 1 };
}
