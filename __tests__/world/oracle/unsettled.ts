import type { Feature, Service } from '../history.ts';
import type { RunningJob, StepRecord } from '../record.ts';
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
  'unchecked case': {
    what: 'A failure is reported to a case that the index still shows as open, but is closed.',
    when: 'The index lags, and the case could not be fetched.',
    shows: 'a warning',
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
export function mayLeave(
  step: StepRecord,
  kind: 'no case' | 'unchecked case' | 'case left open' | 'second case',
): boolean {
  return step.faults.length > 0 && shows(step, kind);
}

/** Whether a failure may be reported to a case that the step could not fetch. */
export function mayReportUnchecked(step: StepRecord, features: readonly Feature[]): boolean {
  return (
    !features.includes('checked-cases') && step.faults.includes('case') && mayLeave(step, 'unchecked case')
  );
}

/** Whether a step may fail without a case. */
export function mayFail(step: StepRecord): boolean {
  return mayLeave(step, 'no case');
}

/**
 * Whether too few failures came in a row for a case. Certainly not if the run before failed at its first attempt, in
 * all of its jobs and in this one, so long ago that GitHub lists it.
 */
export function mayWait(step: StepRecord, jobs: readonly RunningJob[]): boolean {
  if (step.job.afterFailures <= 1) return false;
  const earlier = jobs.filter(
    ({ job, attempt }) => job.branch === step.job.branch && isNewer(step.attempt, attempt),
  );
  const newest = Math.max(...earlier.map(({ attempt }) => attempt.run));
  const before = earlier.filter(({ attempt }) => attempt.run === newest);
  const isListed = before.every(({ endsAt }) => endsAt + 60_000 < step.startedAt);
  const haveFailed = before.every(({ result, attempt }) => result === 'failure' && attempt.attempt === 1);
  return !isListed || !haveFailed || !before.some(({ job }) => job === step.job);
}

/** Whether the index shows a case, with everything that happened to it, at a time. */
export function isIndexed(service: Service, changedAt: number, time: number): boolean {
  return changedAt + Math.max(...service.newCaseLag, ...service.changeLag) + service.pageLag <= time;
}
