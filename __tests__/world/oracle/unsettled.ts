import type { Service } from '../history.ts';
import type { StepRecord } from '../record.ts';
import { isNewer } from './order.ts';

// What a step may leave unsettled, and under which faults. All else is an error of the program.

interface Unsettled {
  /** What is left, in words. */
  readonly what: string;
  /** Under which conditions that is accepted. */
  readonly when: string;
  /** What the step has to show for it, as data. */
  readonly shows: 'an error' | 'a warning' | 'nothing';
}

export const UNSETTLED = {
  'no case': {
    what: 'A failure has no open case.',
    when: 'Something went wrong with a request of its step.',
    shows: 'an error',
  },
  'case left open': {
    what: 'A success leaves a case open that it could have closed.',
    when: 'Something went wrong with a request of its step.',
    shows: 'a warning',
  },
  'second case': {
    what: 'A second case is open for a key.',
    when: 'Something went wrong with a request of the step that opened it.',
    shows: 'a warning',
  },
  'unseen case': {
    what: 'A case that the index did not show when the step started is left as it is.',
    when: 'The index lags.',
    shows: 'nothing',
  },
  waiting: {
    what: 'A failure has no case yet.',
    when: 'after_failures asks for more failures in a row.',
    shows: 'nothing',
  },
} as const satisfies Readonly<Record<string, Unsettled>>;

function shows(step: StepRecord, kind: keyof typeof UNSETTLED): boolean {
  const evidence: Unsettled['shows'] = UNSETTLED[kind].shows;
  if (evidence === 'nothing') return true;
  if (evidence === 'an error') return step.hasFailed && step.errors.length > 0;
  return step.warnings.length > 0 || step.errors.length > 0;
}

/** Whether something went wrong for a step, so that it may leave this unsettled if it shows that. */
export function mayLeave(step: StepRecord, kind: 'no case' | 'case left open' | 'second case'): boolean {
  return step.faults.length > 0 && shows(step, kind);
}

/** Whether a step may fail without a case. */
export function mayFail(step: StepRecord): boolean {
  return mayLeave(step, 'no case');
}

/** Whether too few failures came in a row for a case. */
export function mayWait(step: StepRecord, steps: readonly StepRecord[]): boolean {
  const { afterFailures } = step.job;
  if (afterFailures <= 1) return false;
  const earlier = steps.filter(
    ({ stage, event, job, attempt }) =>
      stage !== 'start' &&
      event.result !== 'cancelled' &&
      job.branch === step.job.branch &&
      isNewer(step.attempt, attempt),
  );
  const newest = Math.max(...earlier.map(({ attempt }) => attempt.run));
  const before = earlier.filter(({ attempt }) => attempt.run === newest);
  const hasFailed =
    before.every(({ event }) => event.result === 'failure') && before.some(({ key }) => key === step.key);
  // GitHub may list the run before a moment later.
  const isListed = before.every(({ startedAt }) => startedAt + 60_000 < step.startedAt);
  return !hasFailed || !isListed;
}

/** Whether the index shows a case, with everything that happened to it, at a time. */
export function isIndexed(service: Service, changedAt: number, time: number): boolean {
  return changedAt + Math.max(...service.newCaseLag, ...service.changeLag) + service.pageLag <= time;
}
