import type { Doubt, NothingToDo } from '../../../src/cases/result.ts';
import type { RequestKind, Service } from '../history.ts';
import type { Change, RunningJob, StepRecord } from '../record.ts';
import { type CaseLine, takesAway } from './timeline.ts';

// What a step may leave unsettled, and under which faults. All else is an error of the program.

interface Unsettled {
  /** What is left, in words. */
  readonly what: string;
  /** Under which conditions that is accepted. */
  readonly when: string;
  /** Which of the step's requests went wrong, if one must have. `any` of a step: any of its requests. */
  readonly faults?: readonly RequestKind[];
  /** What the step has to show for it, as data; one of these. Nothing if the step can't know. */
  readonly shows?: {
    readonly failure?: true;
    readonly doubts?: readonly Doubt['kind'][];
    readonly reasons?: readonly NothingToDo['kind'][];
    /** The outcome says all there is to say, and a warning why. */
    readonly warning?: true;
  };
}

export const UNSETTLED = {
  'no case': {
    what: 'A failure has no open case.',
    when: 'Something went wrong with what a case needs: the project, and the request that opens it.',
    faults: ['lookup', 'create'],
    shows: { failure: true },
  },
  'unchecked case': {
    what: 'A failure is reported to a case that the index still shows as open, but is closed.',
    when: 'The index lags, and the case could not be fetched: nothing tells the two apart.',
    faults: ['case', 'any'],
    shows: { doubts: ['unchecked'] },
  },
  'case left open': {
    what: 'A success leaves a case open that it could have closed.',
    when: 'Something went wrong with a request of its step.',
    faults: ['any'],
    shows: { failure: true, doubts: ['duplicate-open'], reasons: ['unchecked'] },
  },
  'second case': {
    what: 'A second case is open for a key.',
    when: 'Something went wrong with a request of the step that opened it.',
    faults: ['any'],
    shows: { failure: true, doubts: ['maybe-duplicate', 'duplicate-open', 'maybe-reopened'] },
  },
  'not reopened': {
    what: 'A second case is opened, although one was closed recently.',
    when: 'Datadog did not reopen it, did not say which status does, or left no time for it.',
    faults: ['status', 'case', 'lookup', 'search'],
    shows: { warning: true },
  },
  'run not recorded': {
    what: 'A case does not say that a run failed, so that an older one closes it.',
    when: 'Something went wrong with a request of the step that reported the failure, or people wrote so much that Datadog cuts the last line off.',
    shows: { failure: true, doubts: ['run-not-recorded', 'unchecked'] },
  },
  'stopped before it recorded its run': {
    what: 'The same.',
    when: 'The step that reported the failure was stopped: it shows nothing any more.',
  },
  'record overwritten': {
    what: 'A case does not name the newest run that failed, so that an older one closes it.',
    when: 'A step of an older run, or of another server, had read the description before this run was recorded, and wrote it afterwards. Datadog has no lock and no condition for a change.',
  },
  'original closed meanwhile': {
    what: 'A step closes its case as a duplicate of one that is not open any more.',
    when: 'Somebody else closed that one after the step had asked for it the last time. Datadog has no lock.',
  },
  'reference lost': {
    what: 'Later steps do not find a case: they neither close it nor report to it.',
    when: 'Datadog cut its description off, and the description could not be written again.',
    faults: ['description', 'any'],
    shows: { doubts: ['reference-lost'] },
  },
  'reference lost with the answer': {
    what: 'The same.',
    when: 'Datadog cut its description off, and the step got no answer to its create request, so it saw neither.',
    faults: ['create', 'any'],
    shows: { failure: true, doubts: ['maybe-duplicate'] },
  },
  'stopped before it restored the reference': {
    what: 'The same.',
    when: 'Datadog cut its description off, and the step was stopped before it wrote it again.',
  },
  'unseen case': {
    what: 'A case that the index did not show when the step started is left as it is.',
    when: 'The index lags.',
  },
  waiting: {
    what: 'A failure has no case yet.',
    when: 'after_failures asks for more failures in a row.',
  },
} as const satisfies Readonly<Record<string, Unsettled>>;

/** Whether something went wrong for a step, so that it may leave this unsettled if it shows that. */
export function mayLeave(step: StepRecord, kind: keyof typeof UNSETTLED): boolean {
  const { faults = [], shows = {} }: Unsettled = UNSETTLED[kind];
  const isAfflicted =
    !faults.length || step.faults.some((fault) => faults.includes(fault) || faults.includes('any'));
  return isAfflicted && doesShow(step, shows);
}

function doesShow(
  { report, errors, warnings, hasFailed }: StepRecord,
  { failure, doubts, reasons, warning }: NonNullable<Unsettled['shows']>,
): boolean {
  if (!report) return false;
  const { result } = report;
  return (
    (failure && result.outcome === 'failed' && hasFailed && errors.length > 0) ||
    (warning && warnings.length > 0) ||
    report.doubts.some(({ kind }) => doubts?.includes(kind)) ||
    (result.outcome === 'none' && reasons?.includes(result.reason.kind)) ||
    false
  );
}

/** Whether a step may fail without a case. */
export function mayFail(step: StepRecord): boolean {
  return mayLeave(step, 'no case');
}

/**
 * Whether a case need not say that the run of a step failed: the step could not record it and says so, was stopped
 * before, or another one overwrote it that had read the description earlier.
 */
export function mayBeUnrecorded(reporter: StepRecord, { id, changes }: CaseLine): boolean {
  const own = changes.findLast(({ by, kind }) => by === reporter && isWrite(kind));
  if (reporter.stoppedAt !== undefined && own?.kind !== 'described' && own?.kind !== 'created') return true;
  if (mayLeave(reporter, 'run not recorded')) return true;
  const writtenAt = own?.at ?? reporter.endedAt ?? Number.POSITIVE_INFINITY;
  // Two changes may happen in the same millisecond.
  const later = own ? changes.slice(changes.indexOf(own) + 1) : changes.filter(({ at }) => at > writtenAt);
  const { server, run } = reporter.attempt;
  return later.some(
    ({ by, kind, at }) =>
      kind === 'described' &&
      by !== 'somebody' &&
      by !== reporter &&
      (by.attempt.server !== server || by.attempt.run < run) &&
      readAt(by, id, at) < writtenAt,
  );
}

/** The earliest time at which a step may have read the description that it changes. */
function readAt({ faults, startedAt, requests }: StepRecord, id: string, changedAt: number): number {
  if (faults.length) return startedAt;
  const asked = requests.findLast(({ at, line, isWrite }) => at < changedAt && !isWrite && line.includes(id));
  return asked?.at ?? startedAt;
}

/** Whether a case has no reference at a time, and one of its steps says so, can't know, or is still at work. */
export function isLost({ label, changes }: CaseLine, time = Number.POSITIVE_INFINITY): boolean {
  const [created, last] = [changes[0], changes.findLast(({ at }) => at <= time)];
  if (!created || !last || created.by === 'somebody' || hasReference(last)) return false;
  const saysSo = ({ by }: Change) =>
    by !== 'somebody' &&
    mayLeave(by, 'reference lost') &&
    by.report?.doubts.some(({ kind, cases }) => kind === 'reference-lost' && cases.includes(label));
  const { stoppedAt, endedAt = 0 } = created.by;
  const mayBeUnseen =
    stoppedAt !== undefined || endedAt > time || mayLeave(created.by, 'reference lost with the answer');
  return changes.some(saysSo) || (mayBeUnseen && !hasReference(created));
}

function hasReference({ description }: Change): boolean {
  return /^Reference: ghac[0-9a-f]{32}\b/m.test(description);
}

/** Whether the case that was to stay open was closed by others since the step that closes a duplicate asked for it. */
export function mayHaveLostOriginal(closing: Change, ofKey: readonly CaseLine[]): boolean {
  const { by, at, id } = closing;
  if (by === 'somebody') return false;
  const asked = by.requests.findLast(({ isWrite, ...sent }) => !isWrite && sent.at <= at);
  return ofKey.some(
    (line) =>
      line.id !== id &&
      line.changes.some(
        (change) =>
          takesAway(change) && change.by !== by && change.at <= at && asked && change.at >= asked.at,
      ),
  );
}

function isWrite(kind: CaseLine['changes'][number]['kind']): boolean {
  return kind === 'described' || kind === 'created';
}

/**
 * Whether too few failures came in a row for a case. Certainly not if the run before failed at its first attempt, in
 * all of its jobs and in this one, so long ago that GitHub lists it.
 */
export function mayWait(step: StepRecord, jobs: readonly RunningJob[]): boolean {
  if (step.job.afterFailures <= 1) return false;
  const earlier = jobs.filter(
    ({ job, attempt }) =>
      job.branch === step.job.branch &&
      attempt.server === step.attempt.server &&
      attempt.run < step.attempt.run,
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
