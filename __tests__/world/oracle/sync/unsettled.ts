import type { Service } from '../../history.ts';
import type { Change } from '../../record.ts';
import type { SyncStep } from '../../sync/record.ts';
import { endOf, lastAsked, type SyncLine, type SyncTimeline } from './timeline.ts';

// What a step that syncs a report may leave unsettled, and under which faults. All else is an error of the program. The
// functions below say which row of the table they are about.

interface Unsettled {
  /** What is left, in words. */
  readonly what: string;
  /** Under which conditions that is accepted. */
  readonly when: string;
  /** What the step has to show for it. Nothing if the step can't know. */
  readonly shows?: string;
}

export const UNSETTLED = {
  'not done': {
    what: 'A finding has no open case, or a case stays open whose finding is gone.',
    when: 'Something went wrong with a request, Datadog takes no text of this length, or the time ran out.',
    shows: 'outcome: partial or failed, and a warning or an error.',
  },
  'record overwritten': {
    what: 'A run changes what a newer one did, or closes a case although a test has failed in it meanwhile.',
    when: 'A step had read the description before another one wrote it, and wrote it afterwards. Datadog has no lock and no condition for a change.',
  },
  'run cut off': {
    what: 'The same.',
    when: 'Datadog had cut the run of the newer step off, and that step had not written the description again yet.',
  },
  'overwritten meanwhile': {
    what: 'A priority is not that of the severity.',
    when: 'Two steps changed the case at the same time, and the one that had read it before the other wrote it wrote it last, or Datadog processed its request late.',
  },
  'details not set': {
    what: 'A case lacks its priority, or has that of another severity.',
    when: 'Datadog took only what is essential of a new case, and the step was stopped before it set the rest, or that failed. Or a step set the priority and then could not record the severity, which changes back.',
    shows: 'A warning or the outcome partial, unless the step was stopped.',
  },
  'cut off unseen': {
    what: 'The next run writes a case again, although nothing has changed.',
    when: 'Datadog cuts descriptions off, and the step got no response to the request that wrote it.',
  },
  'counted too often': {
    what: 'A case is left to people before it was reopened twice.',
    when: 'A step has marked the case before it closes it, but did not close it: once it is found open, that counts as a reopening.',
  },
  'original closed meanwhile': {
    what: 'A step closes a case as a duplicate of one that is not open any more.',
    when: 'Somebody else closed that one after the step had asked for it. Datadog has no lock.',
  },
  'mark without a close': {
    what: "A case that a person closed is reopened, as if the action had closed it, or isn't, as if a person had.",
    when: 'A step has marked the case before it closes it, or the action had closed it before, and no run has found it open since. Or the person closed it after the step had read it and before it wrote its description.',
  },
  'mark lost': {
    what: 'A case that the action closed is taken for one that a person closed.',
    when: 'Two steps wrote it at the same time, and the one that had to write the mark again was stopped, or could not.',
    shows: 'outcome: partial or failed, and a warning, unless the step was stopped.',
  },
  'unseen case': {
    what: 'A case that the index did not show as it was is left as it is, or another one is opened.',
    when: 'The index lags.',
  },
  'reference lost': {
    what: 'Later steps do not find a case.',
    when: 'Datadog cut its description off, and the description could not be written again.',
    shows: 'A warning that later runs do not find the case, unless the step was stopped.',
  },
} as const satisfies Readonly<Record<string, Unsettled>>;

/** Whether a step says that it has not done everything, and something went wrong, or others intervened. Table: not done. */
export function saysNotDone(step: SyncStep, { limit }: Service, timeline: SyncTimeline): boolean {
  const { outputs, warnings, errors, faults } = step;
  const isAfflicted =
    faults.length > 0 || limit !== null || step.stoppedAt !== undefined || isDisturbed(timeline.lines, step);
  return (
    isAfflicted &&
    (outputs.outcome === 'partial' || outputs.outcome === 'failed') &&
    warnings.length + errors.length > 0
  );
}

/** Whether what a step recorded in a case was overwritten by another one that had read it before, until a time. Table: record overwritten. */
export function mayBeOverwritten(
  { step, change: written }: { readonly step: SyncStep; readonly change: Change },
  line: SyncLine,
  timeline: SyncTimeline,
  until: number,
): boolean {
  return line.changes.some((change) => {
    const other = timeline.stepOf(change);
    if (!other || other === step || change.kind !== 'described') return false;
    const read = readAt(other, line.id, change.at);
    return change.at > written.at && change.at <= until && read < written.at;
  });
}

/** Whether the case that was to stay open was closed by others since the step asked for it that closes a duplicate. Table: original closed meanwhile. */
export function mayHaveLostSyncOriginal(
  { line, change, step }: { readonly line: SyncLine; readonly change: Change; readonly step: SyncStep },
  timeline: SyncTimeline,
): boolean {
  return timeline.likeIt(line).some((other) => {
    if (other === line) return false;
    const asked = lastAsked(step, other.id, change.at)?.at;
    return (
      asked !== undefined &&
      other.changes.some(
        ({ kind, by, at }) =>
          ['closed', 'archived', 'moved'].includes(kind) &&
          by !== step &&
          at <= change.at &&
          at >= (step.faults.length ? step.startedAt : asked),
      )
    );
  });
}

/**
 * Whether the index shows a step everything that had happened to these cases when it started. If pages are of different
 * times, what others change meanwhile may hide it. Table: unseen case.
 */
export function isIndexedFor(step: SyncStep, lines: readonly SyncLine[], service: Service): boolean {
  const { newCaseLag, changeLag, pageLag } = service;
  const { startedAt } = step;
  const lag = Math.max(...newCaseLag, ...changeLag) + pageLag;
  const isHidden = pageLag > 0 && isDisturbed(lines, step);
  return (
    !isHidden &&
    lines.every(({ changes }) => changes.every(({ at }) => at > startedAt || at + lag <= startedAt))
  );
}

/** Whether steps can't find a case from a time on, and its step says so or was stopped. Table: reference lost. */
export function isLostCase(
  { opener, label, changes: all }: SyncLine,
  time = Number.POSITIVE_INFINITY,
): boolean {
  const changes = all.filter(({ at }) => at <= time);
  // It may have been written again by a request that got no answer.
  if (/^Reference: .*\breport ghac[0-9a-f]{32}\b/m.test(changes.at(-1)?.description ?? '')) return false;
  const writer = changes.findLast(({ kind }) => kind === 'created' || kind === 'described')?.by;
  if (writer && writer !== 'somebody' && writer.stoppedAt !== undefined) return true;
  return opener?.warnings.some((text) => text.includes(label) && text.includes("won't find")) ?? false;
}

/** Whether others changed cases while a step ran. */
export function isDisturbed(lines: readonly SyncLine[], step: SyncStep): boolean {
  return lines.some(({ changes }) =>
    changes.some(({ at, by }) => by !== step && at >= step.startedAt && at <= endOf(step)),
  );
}

/** Whether a step wrote a case last that had read it before another one changed it. Table: overwritten meanwhile. */
export function wasOverwritten(line: SyncLine, timeline: SyncTimeline): boolean {
  return line.changes.some((change) => {
    const step = timeline.stepOf(change);
    if (!step) return false;
    if (change.at > endOf(step)) return true;
    if (change.kind !== 'described') return false;
    const read = readAt(step, line.id, change.at);
    return line.changes.some(
      ({ by, kind, at }) =>
        by !== step &&
        by !== 'somebody' &&
        ['described', 'other'].includes(kind) &&
        at >= read &&
        at <= change.at,
    );
  });
}

/** The earliest time at which a step may have read what it changes. A request that is sent again may be answered the first time. */
export function readAt(step: SyncStep, id: string, changedAt: number): number {
  return step.faults.length ? step.startedAt : (lastAsked(step, id, changedAt)?.at ?? step.startedAt);
}

/** Whether the last line of a case names no run at a time. Table: run cut off. */
export function hasNoRun({ changes }: SyncLine, time: number): boolean {
  const description = changes.findLast(({ at }) => at <= time)?.description ?? '';
  return !/^Reference: .* r\d+a\d+\b/m.test(description);
}

/** Whether a case may have been reopened twice, as far as the action can tell. Table: counted too often. */
export function mayBeLeftToPeople({ changes, item }: SyncLine, timeline: SyncTimeline): boolean {
  const count = (kind: Change['kind']) => changes.filter((change) => change.kind === kind).length;
  const marks = changes.filter((change) => {
    const step = timeline.stepOf(change);
    return change.kind === 'described' && step && !timeline.contentOf(step).items.has(item);
  });
  return count('reopened') + Math.max(0, marks.length - count('closed')) >= 2;
}

/**
 * Whether a step has marked a case, because it closed it or was about to, or did not notice in time that it was closed.
 * Table: mark without a close.
 */
export function wasMarked(
  { id, changes, item }: SyncLine,
  timeline: SyncTimeline,
  until = Number.POSITIVE_INFINITY,
): boolean {
  return changes.some((change) => {
    const step = timeline.stepOf(change);
    if (!step) return false;
    if (change.at > until) return change.kind === 'described' && readAt(step, id, change.at) <= until;
    return (
      change.kind === 'closed' || (change.kind === 'described' && !timeline.contentOf(step).items.has(item))
    );
  });
}

/** Whether a case may lack what it was not created with, or what a step has not recorded. Table: details not set. */
export function mayLackDetails({ opener, changes }: SyncLine, timeline: SyncTimeline): boolean {
  const isUnrecorded = changes.some((change) => {
    const step = timeline.stepOf(change);
    return change.kind === 'other' && step && isUnfinished(step);
  });
  return (
    isUnrecorded ||
    (opener !== undefined && isUnfinished(opener)) ||
    Boolean(opener?.warnings.some((text) => text.startsWith('priorities:')))
  );
}

/** Whether a step could not see that Datadog had cut off a description. Table: cut off unseen. */
export function mayBeCutOff({ faults }: SyncStep, { limit }: Service): boolean {
  return limit?.how === 'cuts' && faults.length > 0;
}

/** Whether a step was stopped, or says that it has not done everything. */
function isUnfinished({ stoppedAt, outputs }: SyncStep): boolean {
  return stoppedAt !== undefined || outputs.outcome !== 'synced';
}

/** Whether the mark of a close may have been overwritten, and not been written again. Table: mark lost. */
export function mayHaveLostMark(line: SyncLine, timeline: SyncTimeline): boolean {
  const unfinished = line.changes.filter((change) => {
    const step = timeline.stepOf(change);
    return step && isUnfinished(step);
  });
  // One that removes the mark may also have read the case between the mark and the close.
  const wasClosedByIt = unfinished.some(({ kind }) => kind === 'closed');
  return wasClosedByIt || (unfinished.length > 0 && wasOverwritten(line, timeline));
}
