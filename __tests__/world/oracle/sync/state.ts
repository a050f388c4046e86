import type { SyncStep, SyncWorldRecord } from '../../sync/record.ts';
import type { Violation } from '../rules.ts';
import { findLastClosed, ignoresClosed } from './cases.ts';
import { isAtLeast, testsOf } from './content.ts';
import { isNewerRun, isOpenAt, isReal, ownerOf, type SyncLine, type SyncTimeline } from './timeline.ts';
import {
  isDisturbed,
  isIndexedFor,
  isLostCase,
  mayBeLeftToPeople,
  mayHaveLostMark,
  mayLackDetails,
  saysNotDone,
  wasOverwritten,
} from './unsettled.ts';

/** After a step that says it has synced its report, each finding has one case, and none is open for what is gone. */
export function judgeSyncStates(record: SyncWorldRecord, timeline: SyncTimeline): Violation[] {
  return record.steps.flatMap((step): Violation[] => {
    if (!canBeJudged(step, record, timeline)) return [];
    return [
      ...judgePresent(step, timeline),
      ...judgeGone(step, timeline),
      ...judgePriorities(step, timeline),
    ].map((text) => ({ rule: 'one case', text: `step ${step.number} ${text}.` }));
  });
}

/** Whether a step has ended well, in a world that it could see and that nobody else changed. */
function canBeJudged(step: SyncStep, { service, steps }: SyncWorldRecord, timeline: SyncTimeline): boolean {
  const { endedAt, stoppedAt, outputs } = step;
  if (endedAt === undefined || stoppedAt !== undefined || !isReal(step)) return false;
  if (outputs.outcome === 'planned' || saysNotDone(step, service, timeline)) return false;
  const own = timeline.ofOwner(ownerOf(step));
  const isOld = steps.some(
    (other) => isNewerRun(other, step) && other.startedAt <= endedAt && ownerOf(other) === ownerOf(step),
  );
  return !isOld && isIndexedFor(step, timeline.lines, service) && !isDisturbed(own, step);
}

function openLines(lines: readonly SyncLine[], step: SyncStep): SyncLine[] {
  return lines.filter((line) => isOpenAt(line, step.endedAt ?? 0) && !isLostCase(line, step.endedAt));
}

function judgePresent(step: SyncStep, timeline: SyncTimeline): string[] {
  const { job } = step.sync;
  const created = timeline.changesBySteps('created').filter((other) => other.step === step).length;
  return [...timeline.contentOf(step).items].flatMap(([item, shown]) => {
    const lines = timeline.likeIt({ owner: ownerOf(step), item });
    const open = openLines(lines, step);
    const names = open.map(({ label }) => label).join(', ');
    if (open.length > 1) return job.close ? [`leaves ${names} open for ${item}`] : [];
    if (open.length || !shown.isCertain || !isAtLeast(shown.severity, job.minSeverity)) return [];
    const last = findLastClosed(lines, step, timeline);
    const closedCount = lines.filter(({ changes }) => changes.some(({ kind }) => kind === 'closed')).length;
    // Which one was closed last may be unclear: then a person may have closed it.
    const mayBeIgnored =
      ignoresClosed(step) &&
      (last ? last.isByPerson || mayHaveLostMark(last.line, timeline) : closedCount > 1);
    const isDeferred = created >= job.maxNew && Number(step.outputs.deferred) > 0;
    return mayBeIgnored || isDeferred ? [] : [`shows ${item}, but no case of it is open afterwards`];
  });
}

function judgeGone(step: SyncStep, timeline: SyncTimeline): string[] {
  const { job } = step.sync;
  const { items, isComplete, isReadable, missing, passed } = timeline.contentOf(step);
  if (!job.close || !isReadable) return [];
  const gone = timeline.ofOwner(ownerOf(step)).filter(({ item }) => !items.has(item));
  const open = openLines(gone, step);
  const twice = open.find((line) =>
    open.some(({ item, number }) => item === line.item && number < line.number),
  );
  if (twice) return [`leaves several cases of ${twice.item} open`];
  if (!isComplete || missing.size) return [];
  const wasOpen = gone.filter((line) => isOpenAt(line, step.startedAt) && !isLostCase(line));
  const closable = wasOpen.filter((line) => !mayBeLeftToPeople(line, timeline));
  const isTooMany = (lines: readonly SyncLine[]) =>
    job.format !== 'junit' && new Set(lines.map(({ item }) => item)).size > job.maxClosed;
  // A case may be left to people only later: to the step, it counts among those that would be closed.
  if (isTooMany(wasOpen) && step.outputs.complete === 'false') return [];
  if (isTooMany(closable)) return ['keeps more than max_closed cases and says nothing'];
  const hasPassed = (item: string) =>
    passed.has(item) || (item.startsWith('suite') && testsOf(item).every((test) => passed.has(test)));
  return open
    .filter((line) => closable.includes(line) && (job.format !== 'junit' || hasPassed(line.item)))
    .map(({ label, item }) => `leaves ${label} open, but ${item} is gone`);
}

const PRIORITIES = { high: 'P2', medium: 'P3', low: 'P4' } as const;

/** Only at the end: a priority is only stored as it is now. */
function judgePriorities(step: SyncStep, timeline: SyncTimeline): string[] {
  if (step.sync.last !== 'second') return [];
  return [...timeline.contentOf(step).items].flatMap(([item, { severity }]) => {
    const open = openLines(timeline.likeIt({ owner: ownerOf(step), item }), step);
    // Duplicates that must not be closed stay as they are.
    const hasOriginal = open.some(({ priority }) => priority === PRIORITIES[severity]);
    if (!step.sync.job.close && hasOriginal) return [];
    return open
      .filter(
        (line) =>
          line.priority !== PRIORITIES[severity] &&
          !wasOverwritten(line, timeline) &&
          !mayLackDetails(line, timeline),
      )
      .map(({ label, priority }) => `leaves ${label} with priority ${priority}, but ${item} is ${severity}`);
  });
}
