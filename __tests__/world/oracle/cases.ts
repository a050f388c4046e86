import type { Service } from '../history.ts';
import type { Change, StepRecord, WorldRecord } from '../record.ts';
import { describeStep } from '../story.ts';
import { isByResult, isNewer, isReport, isSameAttempt } from './order.ts';
import type { Violation } from './rules.ts';
import { type CaseLine, findReporters, type Timeline, takesAway } from './timeline.ts';
import {
  isIndexed,
  isLost,
  mayBeUnrecorded,
  mayFail,
  mayHaveLostOriginal,
  mayLeave,
  mayWait,
} from './unsettled.ts';

/** No failure lost: when a step that reports a failure ends, a case of its key is open. */
export function judgeFailures({ jobs, steps, changes }: WorldRecord, timeline: Timeline): Violation[] {
  return steps.flatMap((step): Violation[] => {
    const { endedAt, key, startedAt } = step;
    if (step.event.result !== 'failure' || endedAt === undefined || step.stoppedAt || !isReport(step))
      return [];
    if (timeline.openAt(key, endedAt).length) return [];
    // Somebody may close a case while a step reports to it.
    const own = new Set(timeline.ofKey(key).map(({ id }) => id));
    const wasTaken = changes.some(
      (change) =>
        own.has(change.id) &&
        takesAway(change) &&
        change.by !== step &&
        change.at >= startedAt &&
        change.at <= endedAt,
    );
    if (wasTaken || mayLeave(step, 'unchecked case') || mayFail(step) || mayWait(step, jobs)) return [];
    return [
      {
        rule: 'no failure lost',
        text: `${describeStep(step)} reports a failure, and no case of ${key} is open afterwards.`,
      },
    ];
  });
}

/** No wrong close. */
export function judgeCloses({ changes, steps }: WorldRecord, timeline: Timeline): Violation[] {
  return changes.flatMap((change): Violation[] => {
    const { by, kind, id } = change;
    if (by === 'somebody' || kind !== 'closed') return [];
    const line = timeline.cases.find((candidate) => candidate.id === id);
    if (!line) return [];
    const complain = (why: string): Violation[] => [
      { rule: 'no wrong close', text: `${describeStep(by)} closes ${line.label}, ${why}.` },
    ];
    if (line.key !== by.key) return complain(`which belongs to ${line.key ?? 'a person'}, not to ${by.key}`);
    if (isHealed(change, { changes, timeline })) return [];
    if (isSecondOfStep(line, by, timeline)) return [];
    if (by.event.result !== 'success' && mayHaveLostOriginal(change, timeline.ofKey(by.key))) return [];
    if (by.event.result !== 'success')
      return complain('although its job did not succeed, and no other case is open');
    const reporters = findReporters(line, steps, change).filter(
      (reporter) => reporter !== by && !mayBeUnrecorded(reporter, line),
    );
    const newer = reporters.find(({ attempt }) => isNewer(attempt, by.attempt));
    if (newer) return complain(`to which a newer run had reported a failure (${describeStep(newer)})`);
    const twin = reporters.find(({ attempt }) => isSameAttempt(attempt, by.attempt));
    return twin && isByResult(by)
      ? complain(`to which another job of the same attempt had reported a failure (${describeStep(twin)})`)
      : [];
  });
}

/** Whether a step had opened another case before this one, by a request whose answer it did not get. */
function isSecondOfStep(line: CaseLine, by: StepRecord, timeline: Timeline): boolean {
  const own = timeline.ofKey(by.key).filter(({ changes }) => changes[0]?.by === by);
  return own.indexOf(line) > 0;
}

/** Whether another case of the key was open when a case was closed, and the same step left it open. */
function isHealed(
  change: Change,
  { changes, timeline }: { readonly changes: readonly Change[]; readonly timeline: Timeline },
): boolean {
  const { by, id } = change;
  if (by === 'somebody') return false;
  const isClosedToo = (line: CaseLine) =>
    line.changes.some((other) => other.by === by && other.kind === 'closed');
  return timeline.openBefore(by.key, change, changes).some((line) => line.id !== id && !isClosedToo(line));
}

/** The longest lag with which steps that fail at the same time still agree on one case. */
const SHORT_LAG_MS = 5000;

/** If nothing went wrong and the index hardly lagged, one case is open even before each job runs once more. */
export function judgeQuietTime(
  { service, steps, changes, quietAt }: WorldRecord,
  timeline: Timeline,
): Violation[] {
  const isCalm =
    isCalmService(service) && changes.every(({ by }) => by !== 'somebody') && steps.every(isUnharmed);
  if (!isCalm) return [];
  const keys = new Set(steps.map(({ key }) => key));
  return [...keys].flatMap((key): Violation[] => {
    const open = timeline.openAt(key, quietAt - 1);
    const names = open.map(({ label }) => label).join(', ');
    return open.length > 1
      ? [{ rule: 'one case', text: `${names} stay open for ${key}, although nothing went wrong.` }]
      : [];
  });
}

/**
 * Steps that run at the same time, with nothing going wrong, leave one case open, if the index hardly lags and knows what
 * happened before.
 */
export function judgeTwins({ service, steps, changes }: WorldRecord, timeline: Timeline): Violation[] {
  if (!isCalmService(service)) return [];
  const keys = new Set(steps.map(({ key }) => key));
  return [...keys].flatMap((key) => {
    const ofKey = steps.filter((step) => step.key === key);
    const ids = new Set(timeline.ofKey(key).map(({ id }) => id));
    return listOverlapping(ofKey).flatMap(({ group, from, to }): Violation[] => {
      const isUndisturbed = changes.every(
        ({ id, at, by }) =>
          !ids.has(id) ||
          at > to ||
          (at < from ? isIndexed(service, at, from) : by !== 'somebody' && group.includes(by)),
      );
      if (!group.every(isUnharmed) || !isUndisturbed || timeline.openAt(key, from).length > 1) return [];
      const open = timeline.openAt(key, to);
      const names = open.map(({ label }) => label).join(', ');
      return open.length > 1
        ? [{ rule: 'one case', text: `${names} stay open for ${key}, although nothing went wrong.` }]
        : [];
    });
  });
}

/** Steps that overlap, directly or through others. One that was killed never ends. */
function listOverlapping(
  steps: readonly StepRecord[],
): { readonly group: StepRecord[]; readonly from: number; readonly to: number }[] {
  const groups: { group: StepRecord[]; from: number; to: number }[] = [];
  for (const step of [...steps].sort((a, b) => a.startedAt - b.startedAt)) {
    const { startedAt, endedAt = Number.POSITIVE_INFINITY } = step;
    const last = groups.at(-1);
    if (last && startedAt <= last.to) {
      last.group.push(step);
      last.to = Math.max(last.to, endedAt);
    } else groups.push({ group: [step], from: startedAt, to: endedAt });
  }
  return groups;
}

function isUnharmed({ faults, stoppedAt, event }: StepRecord): boolean {
  return !faults.length && stoppedAt === undefined && event.skew === 0;
}

function isCalmService(service: Service): boolean {
  const lags = [...service.newCaseLag, ...service.changeLag];
  return (
    new Set(service.newCaseLag).size === 1 &&
    Math.max(...lags) <= SHORT_LAG_MS &&
    service.pageLag === 0 &&
    service.limit === null
  );
}

/** Once all is quiet and each job has run once more: one case is open if the last result of a key is a failure, else none. */
export function judgeEnd({ jobs, steps, cases }: WorldRecord, timeline: Timeline): Violation[] {
  const last = new Map<string, StepRecord>();
  for (const step of steps) if (step.isFinal && isReport(step)) last.set(step.key, step);
  return [...last].flatMap(([key, step]): Violation[] => {
    const open = timeline.openAt(key, Number.POSITIVE_INFINITY).filter((line) => !isLost(line));
    const names = open.map(({ label }) => label).join(', ');
    const hasFailed = step.event.result === 'failure';
    if (!hasFailed && open.length)
      return [{ rule: 'one case', text: `The last result of ${key} is a success, but ${names} stays open.` }];
    if (open.length > 1) return [{ rule: 'one case', text: `${names} are open for ${key} at the end.` }];
    if (hasFailed && !open.length && !mayWait(step, jobs))
      return [
        {
          rule: 'no failure lost',
          text: `The last result of ${key} is a failure, but none of its ${cases.length} cases is open.`,
        },
      ];
    return [];
  });
}
