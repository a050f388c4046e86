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
 * The steps that opened a case, or reopened it after it was closed last, before a change or a time: several may do so at
 * the same time. People may have reopened it since.
 */
export function findOpeners({ changes }: CaseLine, before: Change | number): StepRecord[] {
  const past =
    typeof before === 'number'
      ? changes.filter(({ at }) => at <= before)
      : changes.slice(0, changes.indexOf(before));
  const isOpening = ({ kind, by }: Change) =>
    by !== 'somebody' && (kind === 'created' || kind === 'reopened');
  const last = past.findLast(isOpening);
  const since = past.slice(0, last ? past.indexOf(last) : 0).findLastIndex(({ kind }) => kind === 'closed');
  return past
    .slice(since + 1)
    .flatMap((change) => (isOpening(change) && change.by !== 'somebody' ? change.by : []));
}

/** Whether a case is taken away from a key by a change. */
export function takesAway({ kind }: Change): boolean {
  return kind === 'closed' || kind === 'archived' || kind === 'moved';
}
