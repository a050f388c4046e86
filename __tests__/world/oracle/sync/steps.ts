import { API_KEY, APP_KEY } from '../../case-store.ts';
import { TOKEN } from '../../github.ts';
import type { Change } from '../../record.ts';
import type { SyncStep, SyncWorldRecord } from '../../sync/record.ts';
import type { Rule, Violation } from '../rules.ts';
import {
  endOf,
  isNewerRun,
  isOfSameTool,
  isOpenAt,
  isReal,
  ownerOf,
  type SyncLine,
  type SyncTimeline,
} from './timeline.ts';
import { isDisturbed, isIndexedFor, isLostCase, mayBeCutOff, saysNotDone } from './unsettled.ts';

const TOLERANCE_MS = 1000;
/** After a signal, a process has this long. */
const SIGNAL_MS = 10_000;

/** What each step says, how long it takes, and what leaves it. */
export function judgeSyncSteps(record: SyncWorldRecord, timeline: SyncTimeline): Violation[] {
  return record.steps.flatMap((step) => {
    const complain = (rule: Rule, texts: readonly string[]): Violation[] =>
      texts.map((text) => ({ rule, text: `step ${step.number} ${text}.` }));
    return [
      ...complain('time', judgeTime(step)),
      ...complain('keys', judgeKeys(step)),
      ...complain('quiet', judgeQuiet(step, record, timeline)),
      ...complain('truth', judgeTruth(step, record, timeline)),
      ...complain('truth', judgeSignal(step, timeline)),
    ];
  });
}

function judgeTime({ startedAt, endedAt, stoppedAt, job }: SyncStep): string[] {
  if (stoppedAt !== undefined) return [];
  if (endedAt === undefined) return ['never ends'];
  const ms = endedAt - startedAt;
  return ms > job.timeoutSeconds * 1000 + TOLERANCE_MS
    ? [`takes ${ms / 1000} s, but its timeout is ${job.timeoutSeconds} s`]
    : [];
}

/** Every eight characters of the keys. */
const SECRET_PARTS = [API_KEY, APP_KEY, TOKEN].flatMap((key) =>
  Array.from({ length: key.length - 7 }, (_, start) => key.slice(start, start + 8)),
);

function judgeKeys({ sent, keyedHosts }: SyncStep): string[] {
  const text = sent.join('\n');
  const part = SECRET_PARTS.find((candidate) => text.includes(candidate));
  return [
    ...(part ? [`shows ${part}, which is a part of a key`] : []),
    ...keyedHosts.map((host) => `sends a key to ${host}`),
  ];
}

/** Dry runs and other branches only read, and a second look at an unchanged world changes nothing. */
function judgeQuiet(step: SyncStep, record: SyncWorldRecord, timeline: SyncTimeline): string[] {
  const write = step.requests.find(({ isWrite }) => isWrite);
  if (!write) return [];
  if (!isReal(step)) return [`only shows what would happen, and sends ${write.line}`];
  return isSecondLook(step, record, timeline)
    ? [`finds what the run before found, and sends ${write.line}`]
    : [];
}

/** Whether the run before has found the same, maybe on other lines, and nobody changed anything since it started. */
function isSecondLook(
  step: SyncStep,
  { service, steps, changes }: SyncWorldRecord,
  timeline: SyncTimeline,
): boolean {
  const { startedAt, sync } = step;
  const earlier = steps
    .filter((other) => other !== step && ownerOf(other) === ownerOf(step) && other.startedAt <= startedAt)
    .sort((a, b) => a.startedAt - b.startedAt);
  const before = earlier.at(-1);
  if (!before || !isReal(before) || before.endedAt === undefined || before.endedAt > startedAt) return false;
  const isSettled = before.outputs.outcome === 'synced' && before.outputs.deferred === '0';
  const isSame = before.sync.entries === sync.entries && !before.sync.event.flaw && !sync.event.flaw;
  // An older run leaves to newer ones what they did, whatever they group by.
  const related = steps.filter(
    (other) => other !== step && isOfSameTool(ownerOf(other), step) && other.startedAt <= startedAt,
  );
  const isNewest = [step, before].every((one) => !related.some((other) => isNewerRun(other, one)));
  const isCalm = changes.every(
    ({ at, by }) => by === before || by === step || at < before.startedAt || at > endOf(step),
  );
  const isSteady =
    isIndexedFor(before, timeline.lines, service) && isIndexedFor(step, timeline.lines, service);
  return isSettled && isSame && isNewest && isCalm && isSteady && !mayBeCutOff(before, service);
}

function judgeTruth(step: SyncStep, record: SyncWorldRecord, timeline: SyncTimeline): string[] {
  const { endedAt, stoppedAt, hasFailed, errors, outputs } = step;
  if (endedAt === undefined || stoppedAt !== undefined) return [];
  const thrown = errors.filter((text) => text.startsWith('The step threw'));
  if (thrown.length) return thrown;
  const { outcome = '' } = outputs;
  if (!['synced', 'partial', 'planned', 'failed'].includes(outcome)) return [`has the outcome "${outcome}"`];
  if (hasFailed !== (outcome === 'failed')) return [`${hasFailed ? 'fails' : 'passes'} as ${outcome}`];
  if (['partial', 'failed'].includes(outcome) && !saysNotDone(step, record.service, timeline))
    return [`ends as ${outcome} although nothing went wrong, or says nothing`];
  if (outcome === 'failed') return [];
  if (!isReal(step) && outcome !== 'planned') return [`ends as ${outcome}, but may not change anything`];
  if (isReal(step) && outcome === 'planned' && (step.sync.event.isDefaultKnown || !step.faults.length))
    return ['only shows what would happen'];
  return [
    ...judgeRows(step, timeline),
    ...judgeComplete(step, record, timeline),
    ...judgeCounts(step, record, timeline),
  ];
}

interface OutputRow {
  readonly key: string;
  readonly action: string;
}

function readRows({ outputs }: SyncStep): OutputRow[] {
  return JSON.parse(outputs.cases || '[]') as OutputRow[];
}

/** What a row says happened, was done by this step. Two steps may close or reopen a case at the same time. */
const DONE: Readonly<Record<string, readonly Change['kind'][]>> = {
  opened: ['created'],
  reopened: ['reopened'],
  changed: ['described'],
  closed: ['closed'],
  merged: ['closed'],
};

function judgeRows(step: SyncStep, timeline: SyncTimeline): string[] {
  return readRows(step).flatMap(({ key, action }) => {
    // A case that is moved has another key.
    const number = Number(key.split('-')[1]);
    const line = timeline.lines.find((candidate) => candidate.number === number);
    if (!line) return [`names ${key}, which does not exist`];
    const kinds = DONE[action];
    if (step.outputs.outcome === 'planned' || !kinds) return [];
    const isTried = step.requests.some((sent) => sent.line === `POST /api/v2/cases/${line.id}/status`);
    const isDone = line.changes.some(
      ({ by, kind }) => kinds.includes(kind) && (by === step || (isTried && kind !== 'described')),
    );
    return isDone ? [] : [`says ${action} of ${key}, but has not`];
  });
}

/** `complete` says whether the report was complete, and cases could be closed. */
function judgeComplete(
  step: SyncStep,
  { service, steps }: SyncWorldRecord,
  timeline: SyncTimeline,
): string[] {
  const { outputs, sync } = step;
  const { isComplete, missing } = timeline.contentOf(step);
  if (outputs.complete === 'true') return isComplete ? [] : ['says complete, but its report is not'];
  if (!isComplete || missing.size || step.faults.length || outputs.outcome === 'partial') return [];
  // On another branch, the job may have fewer files than the one whose cases it is compared with.
  const hasMoreFiles = ({ sync: other }: SyncStep) => other.job.fileCount > sync.job.fileCount;
  if (steps.some((other) => ownerOf(other) === ownerOf(step) && hasMoreFiles(other))) return [];
  // A case that is opened or indexed between two searches looks as if the first one had missed it.
  if (isDisturbed(timeline.lines, step) || !isIndexedFor(step, timeline.lines, service)) return [];
  const open = timeline
    .ofOwner(ownerOf(step))
    .filter((line) => !timeline.contentOf(step).items.has(line.item));
  // As many may have been open in the eyes of the step.
  const mayBeTooMany = sync.job.format !== 'junit' && open.length > sync.job.maxClosed;
  return mayBeTooMany ? [] : ['says that its report is not complete, but it is'];
}

/** The counts of a step that nothing went wrong with, and that saw everything. */
function judgeCounts(step: SyncStep, { service }: SyncWorldRecord, timeline: SyncTimeline): string[] {
  const { outputs, endedAt = 0 } = step;
  const isSteady = isIndexedFor(step, timeline.lines, service) && !isDisturbed(timeline.lines, step);
  if (!isSteady || step.faults.length) return [];
  const count = (kind: keyof typeof KINDS) =>
    new Set(
      timeline
        .changesBySteps(KINDS[kind])
        .filter((done) => done.step === step)
        .map(({ line }) => line.id),
    ).size;
  const names = outputs.outcome === 'planned' ? [] : (['opened', 'reopened'] as const);
  const wrong = names
    .filter((name) => Number(outputs[name]) !== count(name))
    .map((name) => `says ${name} ${outputs[name]}, but it is ${count(name)}`);
  // Tags and pull requests have no cases.
  if (step.sync.event.on !== 'push') return wrong;
  const open = openOfReport(step, timeline, endedAt).length;
  return [
    ...wrong,
    ...(Number(outputs.open) === open ? [] : [`says that ${outputs.open} cases are open, but ${open} are`]),
  ];
}

const KINDS = { opened: 'created', reopened: 'reopened' } as const;

/** The open cases of a report, however they are grouped; those of other tools only if it is unclear what it is about. */
function openOfReport(step: SyncStep, timeline: SyncTimeline, time: number): SyncLine[] {
  const { isReadable, hasUnreadFile } = timeline.contentOf(step);
  const prefix = (owner: string, length: number) => owner.split(' ').slice(0, length).join(' ');
  const length = isReadable && !hasUnreadFile ? 4 : 2;
  const own = prefix(ownerOf(step), length);
  return timeline.lines.filter(
    (line) => prefix(line.owner, length) === own && isOpenAt(line, time) && !isLostCase(line, time),
  );
}

/** An interrupted step finishes what is under way, says so, and starts nothing new. */
function judgeSignal(step: SyncStep, timeline: SyncTimeline): string[] {
  const { stoppedAt, endedAt, event, requests, warnings, errors } = step;
  if (stoppedAt === undefined || event.stop?.how !== 'signal') return [];
  if (endedAt === undefined || endedAt > stoppedAt + SIGNAL_MS)
    return ['does not end when it is interrupted'];
  const late = requests.find(({ at, isWrite }) => isWrite && at > stoppedAt);
  if (late) return [`sends ${late.line} after it was interrupted`];
  const named = readRows(step).map(({ key }) => key);
  const unnamed = timeline
    .changesBySteps('created')
    .find(
      ({ step: by, change, line }) =>
        by === step &&
        change.at <= endedAt &&
        !named.includes(line.label) &&
        !line.changes.some((other) => other.by === step && other.kind === 'closed'),
    );
  return unnamed && !warnings.length && !errors.length
    ? [`is interrupted and does not name ${unnamed.line.label}, which it has opened`]
    : [];
}
