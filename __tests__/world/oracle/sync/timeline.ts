import type { Change, RequestRecord } from '../../record.ts';
import { groupingOf } from '../../sync/history.ts';
import type { SyncStep, SyncWorldRecord } from '../../sync/record.ts';
import { type Content, itemOfTitle, readContent } from './content.ts';

type State = 'open' | 'closed' | 'elsewhere';

/** What happened to one case. */
export interface SyncLine {
  readonly id: string;
  readonly label: string;
  readonly priority: string;
  /** Counts the cases: later ones have higher numbers. */
  readonly number: number;
  /** `undefined` if a person or another action opened it. */
  readonly opener: SyncStep | undefined;
  /** Whose case it is: see `ownerOf`. */
  readonly owner: string;
  readonly item: string;
  /** Oldest first. */
  readonly changes: readonly Change[];
}

/** What a step did to a case, or a person. */
export interface LineChange {
  readonly line: SyncLine;
  readonly change: Change;
  readonly step: SyncStep;
}

/** Whose cases a job has. */
export function ownerOf(step: SyncStep): string {
  const { job, event } = step.sync;
  const { format, source, tool } = job;
  // Runs that only show what would happen are compared with the default branch, except dry runs on a branch of its own.
  const isOnOwn = isReal({ ...step, sync: { ...step.sync, event: { ...event, isDryRun: false } } });
  // The default branch may be unknown.
  const isShown = step.outputs.outcome === 'planned' && !event.isDryRun;
  const branch = isOnOwn && !isShown ? job.branch : 'main';
  return [source, branch, format, format === 'sarif' ? tool : '', groupingOf(job)].join(' ');
}

/** Whether cases differ from those of a step at most in what gets a case of its own. */
export function isOfSameTool(owner: string, step: SyncStep): boolean {
  const withoutGrouping = (text: string) => text.split(' ').slice(0, 4).join(' ');
  return withoutGrouping(owner) === withoutGrouping(ownerOf(step));
}

/** Which cases were open when, and what the reports said. */
export class SyncTimeline {
  readonly lines: readonly SyncLine[];
  readonly #record: SyncWorldRecord;
  readonly #contents = new Map<SyncStep, Content>();
  /** Which change came first. */
  readonly #positions: ReadonlyMap<Change, number>;
  readonly #byLine: LineChange[];

  constructor(record: SyncWorldRecord) {
    this.#record = record;
    this.#positions = new Map(record.changes.map((change, index) => [change, index]));
    this.lines = record.cases.map(({ id, label, title, priority, openedBy }, index) => {
      const opener = openedBy === undefined ? undefined : record.steps[openedBy - 1];
      return {
        id,
        label,
        priority,
        number: index + 1,
        opener,
        owner: opener ? ownerOf(opener) : 'somebody',
        item: (opener && itemOfTitle(opener.sync.job, title)) ?? title,
        changes: record.changes.filter((change) => change.id === id),
      };
    });
    this.#byLine = this.lines.flatMap((line) =>
      line.changes.flatMap((change): LineChange[] => {
        const step = this.stepOf(change);
        return step ? [{ line, change, step }] : [];
      }),
    );
  }

  contentOf(step: SyncStep): Content {
    const content = this.#contents.get(step) ?? readContent(step);
    this.#contents.set(step, content);
    return content;
  }

  /** What steps did, of these kinds. */
  changesBySteps(...kinds: readonly Change['kind'][]): LineChange[] {
    return this.#byLine.filter(({ change }) => kinds.includes(change.kind));
  }

  /** The step that did something; `undefined` if a person did. */
  stepOf({ by }: Change): SyncStep | undefined {
    return by === 'somebody' ? undefined : this.#record.steps[by.number - 1];
  }

  ofOwner(owner: string): SyncLine[] {
    return this.lines.filter((line) => line.owner === owner);
  }

  /** The cases that are about the same. */
  likeIt({ owner, item }: Pick<SyncLine, 'owner' | 'item'>): SyncLine[] {
    return this.lines.filter((line) => line.owner === owner && line.item === item);
  }

  /** Whether a case is open just before a change. */
  isOpenBefore({ changes }: SyncLine, change: Change): boolean {
    const position = (of: Change) => this.#positions.get(of) ?? 0;
    return stateOf(changes.filter((other) => position(other) < position(change))) === 'open';
  }
}

/** Whether a case is open at a time, after everything that happened at that time. */
export function isOpenAt({ changes }: SyncLine, time: number): boolean {
  return stateOf(changes.filter(({ at }) => at <= time)) === 'open';
}

/** Whether a case can't be found any more, because it was archived or moved. */
export function isElsewhereAt({ changes }: SyncLine, time: number): boolean {
  return stateOf(changes.filter(({ at }) => at <= time)) === 'elsewhere';
}

function stateOf(changes: readonly Change[]): State | undefined {
  let state: State | undefined;
  for (const { kind } of changes) {
    if (state === 'elsewhere') continue;
    if (kind === 'created' || kind === 'reopened') state = 'open';
    else if (kind === 'closed') state = 'closed';
    else if (kind === 'archived' || kind === 'moved') state = 'elsewhere';
  }
  return state;
}

/** Whether a step may change cases at all, provided that it knows the default branch. */
export function isReal({ sync: { job, event } }: SyncStep): boolean {
  return !event.isDryRun && event.on === 'push' && (job.branch === 'main' || job.isBranchNamed);
}

/** Whether `a` is newer. */
export function isNewerRun({ attempt: a }: SyncStep, { attempt: b }: SyncStep): boolean {
  return a.run > b.run || (a.run === b.run && a.attempt > b.attempt);
}

/** When a step asked for a case the last time before a change of it. Looking at the result of a change does not count. */
export function lastAsked(step: SyncStep, id: string, time: number): RequestRecord | undefined {
  const own = step.requests.filter(({ line, at }) => line.includes(id) && at < time);
  const isCheck = (index: number) => own[index - 1]?.line.endsWith('/status');
  return own.findLast(({ isWrite }, index) => !isWrite && !isCheck(index));
}

/** When a step has ended, or was stopped. */
export function endOf({ endedAt, stoppedAt }: SyncStep): number {
  return endedAt ?? stoppedAt ?? Number.POSITIVE_INFINITY;
}
