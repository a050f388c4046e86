import type { Change } from '../../record.ts';
import type { SyncStep, SyncWorldRecord } from '../../sync/record.ts';
import type { Violation } from '../rules.ts';
import { isAtLeast, testsOf } from './content.ts';
import {
  isElsewhereAt,
  isNewerRun,
  isOpenAt,
  type LineChange,
  ownerOf,
  type SyncLine,
  type SyncTimeline,
} from './timeline.ts';
import {
  hasNoRun,
  isIndexedFor,
  isLostCase,
  mayBeOverwritten,
  mayHaveLostSyncOriginal,
  readAt,
  wasMarked,
  wasOverwritten,
} from './unsettled.ts';

const MONTH_MS = 30 * 24 * 3_600_000;
const MARGIN_MS = 60_000;

/** No wrong close: only what the report certainly says is gone, and nothing of others. */
export function judgeSyncCloses(timeline: SyncTimeline): Violation[] {
  return timeline.changesBySteps('closed').flatMap((closing): Violation[] => {
    const { line, step } = closing;
    const why = findWrongClose(closing, timeline);
    return why
      ? [{ rule: 'no wrong close', text: `step ${step.number} closes ${line.label} (${line.item}), ${why}.` }]
      : [];
  });
}

function findWrongClose(closing: LineChange, timeline: SyncTimeline): string | undefined {
  const { line, change, step } = closing;
  const { job } = step.sync;
  if (line.owner !== ownerOf(step)) return `which belongs to ${line.owner}`;
  const isDuplicate = isHealed(closing, timeline) || mayHaveLostSyncOriginal(closing, timeline);
  if (isDuplicate && line.opener === step) return undefined;
  if (!job.close) return 'although close is false';
  if (isDuplicate) return undefined;
  const content = timeline.contentOf(step);
  if (content.items.has(line.item)) return 'although its report shows it';
  if (!content.isComplete) return 'although its report is incomplete';
  const sightings = line.changes
    .filter(({ at, kind }) => at <= change.at && ['created', 'described', 'reopened'].includes(kind))
    .flatMap((seen) => {
      const by = timeline.stepOf(seen);
      return (by && timeline.contentOf(by).items.get(line.item)) ?? [];
    });
  const isUnread = sightings.every(({ files }) => [...files].some((file) => content.missing.has(file)));
  if (isUnread && content.missing.size) return 'although the file that it came from was not read';
  if (job.format === 'junit') {
    const failed = findFailed(closing, timeline);
    const open = failed.find((test) => !content.passed.has(test));
    return open && `although ${open} did not pass`;
  }
  const closed = timeline
    .changesBySteps('closed')
    .filter((other) => other.step === step && !isHealed(other, timeline));
  const absentCount = new Set(closed.map((other) => other.line.item)).size;
  if (absentCount > job.maxClosed) return `one of ${absentCount}, but max_closed is ${job.maxClosed}`;
  const reopenings = line.changes.filter(
    (other) =>
      other.kind === 'reopened' &&
      timeline.stepOf(other)?.outputs.outcome === 'synced' &&
      !timeline.isOpenBefore(line, other) &&
      isRecordedBefore(line, other, readAt(step, line.id, change.at)),
  );
  // A request that is sent again may undo what others did meanwhile.
  return new Set(reopenings.map(({ by }) => by)).size >= 2 && !wasOverwritten(line, timeline)
    ? 'although it was reopened twice'
    : undefined;
}

/** Whether the step that reopened a case had written so by a time. */
function isRecordedBefore({ changes }: SyncLine, reopening: Change, time: number): boolean {
  return changes.some(
    ({ by, kind, at }) => by === reopening.by && kind === 'described' && at >= reopening.at && at < time,
  );
}

/** The tests that a case is about, as far as steps recorded it: those that failed, and did not pass since. */
function findFailed({ line, change, step }: LineChange, timeline: SyncTimeline): string[] {
  if (!line.item.startsWith('suite')) return [line.item];
  const failed = new Set<string>();
  for (const seen of line.changes) {
    const by = timeline.stepOf(seen);
    if (!by || by === step || seen.at > change.at) continue;
    if (!['created', 'described', 'reopened'].includes(seen.kind)) continue;
    if (mayBeOverwritten({ step: by, change: seen }, line, timeline, change.at)) continue;
    const { items, passed } = timeline.contentOf(by);
    for (const test of testsOf(line.item)) if (passed.has(test)) failed.delete(test);
    const shown = items.get(line.item);
    if (shown?.isCertain) for (const test of shown.members) failed.add(test);
  }
  return [...failed];
}

/** Whether a case was closed as a duplicate: another case was open, and the same step left it open. */
function isHealed({ line, change, step }: LineChange, timeline: SyncTimeline): boolean {
  return timeline.likeIt(line).some((other) => {
    const isClosedToo = other.changes.some(({ by, kind }) => by === step && kind === 'closed');
    return other !== line && !isClosedToo && timeline.isOpenBefore(other, change);
  });
}

/** Whether a case was closed by a step that knew of an older one about the same. */
function wasDuplicate(closing: LineChange, timeline: SyncTimeline): boolean {
  const { line, step, change } = closing;
  return timeline
    .likeIt(line)
    .some(
      (other) =>
        other.number < line.number &&
        (isOpenAt(other, step.startedAt) || timeline.isOpenBefore(other, change)),
    );
}

/** An older run never changes what a newer one did. */
export function judgeSyncOrder(timeline: SyncTimeline): Violation[] {
  return timeline.changesBySteps('closed', 'reopened', 'described', 'other').flatMap((own): Violation[] => {
    const { line, change, step } = own;
    const read = readAt(step, line.id, change.at);
    const newer = timeline
      .changesBySteps('created', 'described')
      .find(
        (other) =>
          other.line === line &&
          other.change.at <= read &&
          isNewerRun(other.step, step) &&
          !hasNoRun(line, read) &&
          !mayBeOverwritten(other, line, timeline, read),
      );
    // What only a duplicate knew is added to the case that stays.
    const isAddition =
      change.kind === 'described' &&
      timeline
        .likeIt(line)
        .some((twin) => twin.changes.some(({ by, kind }) => by === step && kind === 'closed'));
    return newer && !isAddition
      ? [
          {
            rule: 'no wrong close',
            text: `step ${step.number} changes ${line.label} (${change.kind}), which step ${newer.step.number} of a newer run had changed.`,
          },
        ]
      : [];
  });
}

/** No case for nothing, and none for what has a case. */
export function judgeSyncOpenings({ service }: SyncWorldRecord, timeline: SyncTimeline): Violation[] {
  const created = timeline.changesBySteps('created');
  return created.flatMap((opening): Violation[] => {
    const { line, step } = opening;
    const { job } = step.sync;
    const complain = (why: string): Violation[] => [
      { rule: 'one case', text: `step ${step.number} opens ${line.label} (${line.item}), ${why}.` },
    ];
    const shown = timeline.contentOf(step).items.get(line.item);
    if (!shown) return complain('which is not in its report');
    if (!isAtLeast(shown.severity, job.minSeverity)) return complain(`which is below ${job.minSeverity}`);
    const own = created.filter((other) => other.step === step);
    if (own.length > job.maxNew) return complain(`one of ${own.length}, but max_new is ${job.maxNew}`);
    if (own.filter((other) => other.line.item === line.item).length > 1) return complain('twice');
    const older = timeline.likeIt(line).filter(({ number }) => number < line.number);
    const isSteady = isIndexedFor(step, timeline.lines, service);
    if (!isSteady) return [];
    const known = older.find(
      (other) =>
        !isLostCase(other) && isOpenAt(other, step.startedAt) && timeline.isOpenBefore(other, opening.change),
    );
    if (known) return complain(`although ${known.label} is open`);
    const last = findLastClosed(older, step, timeline);
    if (last && isElsewhereAt(last.line, opening.change.at)) return [];
    if (last?.isByPerson && !last.isMarked && ignoresClosed(step))
      return complain(`although a person closed ${last.line.label}`);
    if (
      last &&
      !last.isByPerson &&
      step.startedAt - last.at < MONTH_MS - MARGIN_MS - Math.abs(step.event.skew)
    )
      return complain(`although it could reopen ${last.line.label}`);
    return [];
  });
}

export function ignoresClosed({ sync: { job } }: SyncStep): boolean {
  return (job.onClosed || (job.format === 'junit' ? 'reopen' : 'ignore')) === 'ignore';
}

interface LastClosed {
  readonly line: SyncLine;
  readonly at: number;
  readonly isByPerson: boolean;
  /** Whether it may look as if the action had closed it. */
  readonly isMarked: boolean;
}

/** The case that was closed last before a step, if all are closed; `undefined` if that is unclear. */
export function findLastClosed(
  lines: readonly SyncLine[],
  step: SyncStep,
  timeline: SyncTimeline,
): LastClosed | undefined {
  const closed = lines.flatMap((line): LastClosed[] => {
    if (isLostCase(line) || isElsewhereAt(line, step.startedAt) || isOpenAt(line, step.startedAt)) return [];
    const past = line.changes.filter(({ at }) => at <= step.startedAt);
    const change = past.findLast(({ kind }) => kind === 'closed');
    const by = change && timeline.stepOf(change);
    if (!change || (by && wasDuplicate({ line, change, step: by }, timeline))) return [];
    const isMarked = !by && wasMarked(line, timeline, change.at);
    return [{ line, at: change.at, isByPerson: !by, isMarked }];
  });
  // Without a time, or as others see it, the order is unclear.
  return closed.length === 1 ? closed[0] : undefined;
}

/** What people closed stays closed, unless on_closed says otherwise, and duplicates do. */
export function judgeSyncReopenings({ service }: SyncWorldRecord, timeline: SyncTimeline): Violation[] {
  return timeline.changesBySteps('reopened').flatMap((reopening): Violation[] => {
    const { line, step, change } = reopening;
    const complain = (why: string): Violation[] => [
      { rule: 'people', text: `step ${step.number} reopens ${line.label} (${line.item}), ${why}.` },
    ];
    if (line.owner !== ownerOf(step)) return complain(`which belongs to ${line.owner}`);
    const shown = timeline.contentOf(step).items.get(line.item);
    if (!shown) return complain('which is not in its report');
    if (!isAtLeast(shown.severity, step.sync.job.minSeverity)) return complain('which is not severe enough');
    const asked = readAt(step, line.id, change.at);
    const closes = line.changes.filter(({ kind, at }) => kind === 'closed' && at <= change.at);
    // What was closed since may not have been seen.
    const closed = closes.findLast(({ at }) => at <= asked) ?? closes[0];
    if (!closed) return complain('which was open');
    const by = timeline.stepOf(closed);
    if (!by && ignoresClosed(step) && !wasMarked(line, timeline, closed.at))
      return complain('which a person had closed');
    if (
      by &&
      isIndexedFor(by, timeline.lines, service) &&
      wasDuplicate({ line, change: closed, step: by }, timeline)
    )
      return complain('a duplicate');
    // Without a time of closing, the last change counts.
    const since = service.hasClosingTime
      ? closed
      : (line.changes.findLast(({ at }) => at < change.at) ?? closed);
    if (by && change.at - since.at > MONTH_MS + Math.abs(step.event.skew) + MARGIN_MS)
      return complain('which was closed long ago');
    const isSteady = isIndexedFor(step, timeline.lines, service);
    const other = timeline
      .likeIt(line)
      .find(
        (candidate) =>
          candidate !== line &&
          !isLostCase(candidate) &&
          isOpenAt(candidate, step.startedAt) &&
          timeline.isOpenBefore(candidate, change),
      );
    return other && isSteady ? complain(`although ${other.label} is open`) : [];
  });
}
