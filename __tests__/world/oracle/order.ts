import type { Attempt, StepRecord } from '../record.ts';

/** Whether `a` is newer: runs are counted by each server, and another attempt is as old as its run. */
export function isNewer(a: Attempt, b: Attempt): boolean {
  return a.server === b.server && a.run > b.run;
}

export function isSameAttempt(a: Attempt, b: Attempt): boolean {
  return a.server === b.server && a.run === b.run && a.attempt === b.attempt;
}

/** Whether a step reports the end of a job. */
export function isReport({ stage, event }: StepRecord): boolean {
  return stage !== 'start' && !event.isDryRun;
}
