import type { Change, StepRecord, WorldRecord } from '../record.ts';

type State = 'open' | 'closed' | 'elsewhere';

/** What happened to one case. */
export interface CaseLine {
  readonly id: string;
  readonly label: string;
  /** `undefined` if a person opened it. */
  readonly key: string | undefined;
  /** Oldest first. */
  readonly changes: readonly Change[];
}

/** Which cases were open when. */
export class Timeline {
  readonly cases: readonly CaseLine[];

  constructor({ cases, changes }: WorldRecord) {
    this.cases = cases.map(({ id, label, key }) => ({
      id,
      label,
      key,
      changes: changes.filter((change) => change.id === id),
    }));
  }

  ofKey(key: string): CaseLine[] {
    return this.cases.filter((line) => line.key === key);
  }

  /** The cases of a key that are open at a time, after everything that happened at that time. */
  openAt(key: string, time: number): CaseLine[] {
    return this.ofKey(key).filter((line) => stateOf(line, (change) => change.at <= time) === 'open');
  }

  /** The cases of a key that are open just before a change. */
  openBefore(key: string, change: Change, all: readonly Change[]): CaseLine[] {
    const position = all.indexOf(change);
    return this.ofKey(key).filter(
      (line) => stateOf(line, (other) => all.indexOf(other) < position) === 'open',
    );
  }

  /** The cases of a key that were open all the time from the start to the end of a step. */
  openThroughout({ key, startedAt, endedAt = Number.POSITIVE_INFINITY }: StepRecord): CaseLine[] {
    const isQuiet = ({ changes }: CaseLine) =>
      !changes.some(({ at, kind }) => at > startedAt && at <= endedAt && CHANGES_STATE.includes(kind));
    return this.openAt(key, startedAt).filter(isQuiet);
  }
}

const CHANGES_STATE: readonly Change['kind'][] = ['created', 'closed', 'reopened', 'archived', 'moved'];

/** The state after the changes that count. */
function stateOf({ changes }: CaseLine, doesCount: (change: Change) => boolean): State | undefined {
  let state: State | undefined;
  for (const change of changes.filter(doesCount)) {
    if (state === 'elsewhere') continue;
    if (change.kind === 'created' || change.kind === 'reopened') state = 'open';
    else if (change.kind === 'closed') state = 'closed';
    else if (change.kind === 'archived' || change.kind === 'moved') state = 'elsewhere';
  }
  return state;
}

/**
 * The steps that had reported a failure to a case before the step started that closes it, and since it was closed the
 * time before: they opened or reopened it, or found it open.
 */
export function findReporters(
  { id, changes }: CaseLine,
  steps: readonly StepRecord[],
  closing: Change,
): StepRecord[] {
  const { by } = closing;
  if (by === 'somebody') return [];
  const past = changes.slice(0, changes.indexOf(closing));
  const since = past.findLastIndex(({ kind }) => kind === 'closed');
  const closedAt = past[since]?.at ?? Number.NEGATIVE_INFINITY;
  return steps.filter((step) => {
    const own = past
      .slice(since + 1)
      .findLast((change) => change.by === step && REPORTS.includes(change.kind));
    if (own) return own.at < by.startedAt;
    const { endedAt = Number.POSITIVE_INFINITY } = step;
    return endedAt < by.startedAt && step.startedAt > closedAt && reportedTo(step) === id;
  });
}

const REPORTS: readonly Change['kind'][] = ['created', 'reopened', 'described'];

/** The case to which a step says that it has reported a failure. */
export function reportedTo({ report }: StepRecord): string | undefined {
  const result = report?.result;
  if (result?.outcome === 'created' || result?.outcome === 'existing' || result?.outcome === 'reopened')
    return result.case.id;
  return undefined;
}

/** Every step that ever reported a failure to a case, as far as anybody can see, until a time. */
export function findAllReporters(
  { id, changes }: CaseLine,
  steps: readonly StepRecord[],
  time: number,
): StepRecord[] {
  return steps.filter(
    (step) =>
      (step.startedAt <= time && reportedTo(step) === id) ||
      changes.some(
        ({ by, at, kind }) => by === step && at <= time && (REPORTS.includes(kind) || kind === 'commented'),
      ),
  );
}

/** Whether a case is taken away from a key by a change. */
export function takesAway({ kind }: Change): boolean {
  return kind === 'closed' || kind === 'archived' || kind === 'moved';
}
