import { API_KEY, APP_KEY } from '../case-store.ts';
import { TOKEN } from '../github.ts';
import { FAULTS, type Service } from '../history.ts';
import type { StepRecord, WorldRecord } from '../record.ts';
import { describeStep } from '../story.ts';
import { isByResult, isNewer, isReport, isSameAttempt } from './order.ts';
import type { Rule, Violation } from './rules.ts';
import { type CaseLine, findAllReporters, type Timeline } from './timeline.ts';
import { isIndexed, isLost, mayFail, mayLeave } from './unsettled.ts';

const QUICK_MS = 15_000;
const TOLERANCE_MS = 1000;
/** The longest that the end of a watched job may take. */
const MAX_WATCH_MS = 120_000;
/** After a signal, a process has this long. */
const SIGNAL_MS = 10_000;

type Complain = (rule: Rule, what: string) => Violation;

/** What each step says, how long it takes, and what leaves it. */
export function judgeSteps(record: WorldRecord, timeline: Timeline): Violation[] {
  return record.steps.flatMap((step) => {
    const complain: Complain = (rule, what) => ({ rule, text: `${describeStep(step)} ${what}.` });
    return [
      ...judgeTime(step, timeline).map((what) => complain('time', what)),
      ...judgeKeys(step).map((what) => complain('keys', what)),
      ...judgeQuiet(step, timeline).map((what) => complain('quiet', what)),
      ...judgeTruth(step, record, timeline).map((what) => complain('truth', what)),
      ...judgeSignal(step, record).map((what) => complain('truth', what)),
    ];
  });
}

function judgeTime(step: StepRecord, timeline: Timeline): string[] {
  const { startedAt, endedAt, stoppedAt, event, job, stage, requests } = step;
  if (stoppedAt !== undefined) return [];
  if (endedAt === undefined) return ['never ends'];
  const ms = endedAt - startedAt;
  const timeoutMs = Math.min(
    job.timeoutSeconds * 1000,
    stage === 'main' ? Number.POSITIVE_INFINITY : MAX_WATCH_MS,
  );
  if (ms > timeoutMs + TOLERANCE_MS)
    return [`takes ${ms / 1000} s, but its timeout is ${timeoutMs / 1000} s`];
  const isIdle =
    event.result === 'success' &&
    !requests.some(({ isWrite }) => isWrite) &&
    !timeline.openAt(step.key, startedAt).length;
  return isIdle && ms > QUICK_MS + TOLERANCE_MS
    ? [`takes ${ms / 1000} s to find out that nothing is open`]
    : [];
}

/** Every eight characters of the keys. */
const SECRET_PARTS = [API_KEY, APP_KEY, TOKEN].flatMap((key) =>
  Array.from({ length: key.length - 7 }, (_, start) => key.slice(start, start + 8)),
);

function judgeKeys({ sent, keyedHosts }: StepRecord): string[] {
  const text = sent.join('\n');
  const part = SECRET_PARTS.find((candidate) => text.includes(candidate));
  return [
    ...(part ? [`shows ${part}, which is a part of a key`] : []),
    ...keyedHosts.map((host) => `sends a key to ${host}`),
  ];
}

function judgeQuiet(step: StepRecord, timeline: Timeline): string[] {
  const { requests, event, stage, key, startedAt, stoppedAt = startedAt, endedAt = stoppedAt } = step;
  const write = requests.find(({ isWrite }) => isWrite);
  if (!write) return [];
  if (event.isDryRun) return [`is a dry run and sends ${write.line}`];
  if (stage === 'start') return [`only starts to watch and sends ${write.line}`];
  if (event.result === 'cancelled') return [`sends ${write.line} although its job was cancelled`];
  const wasOpen = timeline
    .ofKey(key)
    .some(
      (line) =>
        line.changes.some(({ at }) => at >= startedAt && at <= endedAt) ||
        timeline.openAt(key, startedAt).includes(line),
    );
  return event.result === 'success' && !wasOpen ? [`has nothing to close and sends ${write.line}`] : [];
}

function judgeTruth(step: StepRecord, record: WorldRecord, timeline: Timeline): string[] {
  const { endedAt, stoppedAt, hasFailed, errors, faults } = step;
  if (endedAt === undefined || stoppedAt !== undefined) return [];
  const found = errors.filter((text) => text.startsWith('The step threw'));
  if (found.length) return found;
  if (hasFailed && !errors.length) return ['fails without an error'];
  if (hasFailed && !faults.length) return [`fails although nothing went wrong: ${errors.join(' ')}`];
  if (!isReport(step)) return [];
  const leftovers =
    step.event.result === 'success'
      ? judgeSuccess(step, record, timeline)
      : judgeCreations(step, record, timeline);
  return [...judgeOutputs(step, timeline), ...leftovers];
}

/** The outputs name a case that exists, in the state that `outcome` says. Post stages have no outputs. */
function judgeOutputs(step: StepRecord, timeline: Timeline): string[] {
  const { outputs, startedAt, endedAt = startedAt, stage, key } = step;
  if (stage !== 'main') return [];
  const { outcome = '', case_id: id } = outputs;
  const isOpening = ['created', 'existing', 'reopened'].includes(outcome);
  if (!isOpening && outcome !== 'closed') return outcome ? [] : ['has no outcome'];
  const line = timeline.cases.find((candidate) => candidate.id === id);
  if (!line) return [`says ${outcome}, but no such case exists`];
  const isOpen = timeline.openAt(line.key ?? '', endedAt).includes(line);
  const wasChanged = line.changes.some(({ at, by }) => by !== step && at >= startedAt && at <= endedAt);
  if (line.key !== key) return [`says ${outcome} of ${line.label}, which isn't a case of its key`];
  const isUnchecked = isOpening && mayLeave(step, 'unchecked case');
  return isOpen === isOpening || wasChanged || isUnchecked
    ? []
    : [`says ${outcome}, but ${line.label} is ${isOpen ? 'open' : 'not open'}`];
}

/** A success closes what is open, or says that it could not. */
function judgeSuccess(step: StepRecord, { service, steps }: WorldRecord, timeline: Timeline): string[] {
  const { startedAt, endedAt = startedAt, attempt, key } = step;
  // What was reported to a duplicate is recorded in the case that stays.
  const duplicates = timeline.ofKey(key).filter((line) => wasClosedByFailure(line, startedAt));
  const isClosable = (line: CaseLine) => {
    const isIndexedNow = line.changes
      .filter(({ at }) => at <= startedAt)
      .every(({ at }) => isIndexed(service, at, startedAt));
    if (!isIndexedNow) return false;
    const mustStay = (reporter: StepRecord) =>
      isNewer(reporter.attempt, attempt) || (isSameAttempt(reporter.attempt, attempt) && isByResult(step));
    return ![line, ...duplicates].some((each) => findAllReporters(each, steps, endedAt).some(mustStay));
  };
  const open = timeline.openThroughout(step).filter((line) => !isLost(line, startedAt));
  // What others do in the meantime may keep a case open.
  if (isDisturbed(step, service, timeline)) return [];
  // One that must stay open may keep the others open: none of them is closed without need.
  if (!open.every(isClosable) || !open.length || mayLeave(step, 'case left open')) return [];
  return [`succeeds, but leaves ${open.map(({ label }) => label).join(', ')} open and says nothing`];
}

/** Whether a case was closed as a duplicate: a step whose job failed closes no other ones. */
function wasClosedByFailure({ changes }: CaseLine, time: number): boolean {
  return changes.some(
    ({ by, kind, at }) =>
      kind === 'closed' && at <= time && by !== 'somebody' && by.event.result === 'failure',
  );
}

/**
 * Whether others opened or closed cases of the key while a step ran. If the step reads several pages, a case that leaves
 * the list meanwhile moves another one to a page that was read already.
 */
function isDisturbed(step: StepRecord, service: Service, timeline: Timeline): boolean {
  const { key, startedAt, endedAt = startedAt } = step;
  const hasPages = timeline.ofKey(key).length > service.pageSize;
  const comesIntoView = (at: number) => at >= startedAt || (hasPages && !isIndexed(service, at, startedAt));
  return timeline
    .ofKey(key)
    .some(({ changes }) =>
      changes.some(
        ({ at, by, kind }) => by !== step && kind !== 'commented' && comesIntoView(at) && at <= endedAt,
      ),
    );
}

/** A failure opens no second case without saying so. */
function judgeCreations(step: StepRecord, { service }: WorldRecord, timeline: Timeline): string[] {
  const { startedAt, endedAt = startedAt, key, errors } = step;
  const created = timeline.ofKey(key).filter(({ changes }) => changes[0]?.by === step);
  const open = timeline.openAt(key, endedAt).filter((line) => created.includes(line));
  const denied = created.find(({ changes }) => (changes[0]?.at ?? endedAt) <= endedAt);
  if (denied && errors.some((text) => text.startsWith('No case was opened')))
    return [`says that no case was opened, but opens ${denied.label}`];
  if (created.length > 1 && couldSeeItsCase(step, service))
    return [
      `opens ${created.map(({ label }) => label).join(' and ')}, although the search shows the first one`,
    ];
  if (!open.length || mayLeave(step, 'second case')) return [];
  if (open.length > 1) return [`opens ${open.map(({ label }) => label).join(' and ')} and says nothing`];
  const isKnown = (line: CaseLine) =>
    line.changes.filter(({ at }) => at <= startedAt).every(({ at }) => isIndexed(service, at, startedAt));
  const known = timeline.openThroughout(step).filter((line) => isKnown(line) && !isLost(line, startedAt));
  const recent = timeline
    .ofKey(key)
    .find((line) => isKnown(line) && !isLost(line, startedAt) && isReopenable(line, step));
  if (recent && !isDisturbed(step, service, timeline) && !mayLeave(step, 'not reopened'))
    return [`opens ${open[0]?.label} although ${recent.label} was closed recently`];
  return known.length ? [`opens ${open[0]?.label} although ${known[0]?.label} is open`] : [];
}

/** Whether only answers to create requests went wrong, and the search soon shows the case of such a request. */
function couldSeeItsCase({ event, stoppedAt }: StepRecord, service: Service): boolean {
  const { newCaseLag, pageLag, limit } = service;
  const isQuick = Math.max(...newCaseLag) <= 500 && pageLag === 0 && limit === null;
  const isOnlyLost = event.faults.every(
    ({ on, name }) => on === 'create' && FAULTS[name].processed !== 'later',
  );
  return isQuick && isOnlyLost && stoppedAt === undefined;
}

/** Whether `reopen_within` asks a step to reopen a case, whatever its clock says. */
function isReopenable({ changes }: CaseLine, { startedAt, job, event }: StepRecord): boolean {
  const past = changes.filter(({ at, kind }) => at < startedAt && kind !== 'commented');
  const closed = past.findLast(({ kind }) => kind === 'closed');
  const isLast = past
    .slice(closed ? past.indexOf(closed) + 1 : 0)
    .every(({ kind }) => kind === 'described' || kind === 'other');
  const wasTaken = past.some(({ kind }) => kind === 'archived' || kind === 'moved');
  const marginMs = Math.abs(event.skew) + 60_000;
  return (
    closed !== undefined &&
    isLast &&
    !wasTaken &&
    startedAt - closed.at < job.reopenHours * 3_600_000 - marginMs
  );
}

/** An interrupted step finishes the create that is under way, says so, and starts nothing new. */
function judgeSignal(step: StepRecord, { changes, cases }: WorldRecord): string[] {
  const { stoppedAt, endedAt, event, outputs, warnings, requests, stage } = step;
  if (stoppedAt === undefined || event.stop?.how !== 'signal') return [];
  if (endedAt === undefined || endedAt > stoppedAt + SIGNAL_MS)
    return ['does not end when it is interrupted'];
  const late = requests.find(({ at, line }) => at > stoppedAt && line === 'POST /api/v2/cases');
  if (late) return ['opens a case after it was interrupted'];
  const created = changes.filter(({ by, kind, at }) => by === step && kind === 'created' && at <= endedAt);
  // The outputs are those of the case that stays, if the new one turned out to be its duplicate.
  const isNamed =
    stage === 'end' ||
    mayFail(step) ||
    created.some(({ id }) => {
      const { label } = cases.find((line) => line.id === id) ?? { label: id };
      return id === outputs.case_id || warnings.some((text) => text.startsWith(`${label} is a duplicate`));
    });
  return created.length && !isNamed ? ['is interrupted and does not name the case that it has opened'] : [];
}
