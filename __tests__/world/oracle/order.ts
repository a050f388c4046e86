import type { Attempt, StepRecord } from '../record.ts';

/** Whether `a` is newer: runs are counted by each server, and attempts by each run. */
export function isNewer(a: Attempt, b: Attempt): boolean {
  return a.server === b.server && (a.run > b.run || (a.run === b.run && a.attempt > b.attempt));
}

export function isSameAttempt(a: Attempt, b: Attempt): boolean {
  return a.server === b.server && a.run === b.run && a.attempt === b.attempt;
}

/** Whether a step reports the end of a job. */
export function isReport({ stage, event }: StepRecord): boolean {
  return stage !== 'start' && !event.isDryRun;
}

/** Whether a step knows only the result of its own job, or of those it needs: others of its attempt may have failed. */
export function isByResult({ job }: StepRecord): boolean {
  return job.action !== 'main';
}
