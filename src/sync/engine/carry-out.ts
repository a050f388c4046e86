import { explain } from '../../content/explain.ts';
import type { Case } from '../../datadog/case.ts';
import { HttpError, InterruptedError } from '../../http/errors.ts';
import { requestFate } from '../../http/fate.ts';
import type { Action, Plan, Rules, ToolCases } from '../decide.ts';
import { decide } from '../decide.ts';
import type { Report } from '../read/report.ts';
import type { Row, RowAction } from '../result.ts';
import {
  type Changed,
  changeItemCase,
  closeDuplicateCase,
  closeItemCase,
  leaveCase,
  type Progress,
  reopenItemCase,
  TooLongError,
  unmarkCase,
} from './change-case.ts';
import { forEachParallel, PausedError } from './concurrency.ts';
import type { SyncContext } from './context.ts';
import { type OpenAction, openItemCase } from './open-case.ts';
import { fetchItemCases } from './search.ts';

/** A create request of this run. */
export interface Opening {
  readonly action: OpenAction;
  /** `undefined` if it is unknown whether the case exists. */
  readonly case: Case | undefined;
}

/** What came of a plan. */
export interface Execution {
  readonly rows: readonly Row[];
  readonly openings: readonly Opening[];
  /** The first error, if something failed. */
  readonly error: unknown;
  readonly doneCount: number;
  /** How many actions had no time. */
  readonly lateCount: number;
  /** How many cases were closed or reopened, but could not be updated. */
  readonly incompleteCount: number;
}

interface Execute {
  readonly plan: Plan;
  readonly report: Report;
  readonly tools: readonly ToolCases[];
  readonly rules: Rules;
  /** The reference of the report. */
  readonly reference: string;
  /** When the last change must have started, in milliseconds since 1970. */
  readonly deadlineMs: number;
}

const LOG_EVERY = 10;

/** Carries out a plan, four actions at a time. Never throws. */
export async function carryOut(context: SyncContext, execute: Execute): Promise<Execution> {
  const executor = new Executor(context, execute);
  const planned = execute.plan.actions;
  // Closing duplicates changes the cases that stay, and must come before those are closed.
  const phaseOf = ({ kind }: Action) => (kind === 'duplicate' ? 1 : kind === 'close' ? 2 : 0);
  const changes = planned.filter(isChange);
  for (const phase of [0, 1, 2])
    await forEachParallel(
      changes.filter((action) => phaseOf(action) === phase),
      (action) => executor.run(action),
    );
  const rest = planned.filter((action) => !isChange(action)).map((action) => toRow(action));
  return { ...executor, rows: [...executor.rows, ...rest] };
}

function isChange({ kind }: Action): boolean {
  return kind !== 'keep' && kind !== 'defer';
}

/** The row of an action that is only shown, or of one that changes nothing. */
export function toRow(action: Action, change: Partial<Row> = {}): Row {
  const { severity, memberCount, title, kind } =
    'subject' in action
      ? { ...action.subject.item, memberCount: action.subject.item.members.size }
      : { ...action.tracked.state, title: action.tracked.case.title };
  return {
    reference: 'subject' in action ? action.subject.reference : action.tracked.reference.shared,
    action: ROW_ACTIONS[action.kind](action),
    case: 'tracked' in action ? action.tracked.case : undefined,
    title,
    kind,
    severity,
    memberCount,
    reason: action.kind === 'keep' ? action.reason : action.kind === 'defer' ? 'max-new' : undefined,
    ...change,
  };
}

const ROW_ACTIONS: Readonly<Record<Action['kind'], (action: Action) => RowAction>> = {
  open: () => 'opened',
  reopen: () => 'reopened',
  change: () => 'changed',
  close: () => 'closed',
  duplicate: () => 'merged',
  unmark: () => 'unchanged',
  leave: () => 'kept',
  keep: (action) => (action.kind === 'keep' && action.reason === 'unchanged' ? 'unchanged' : 'kept'),
  defer: () => 'deferred',
};

class Executor implements Execution {
  readonly rows: Row[] = [];
  readonly openings: Opening[] = [];
  error: unknown;
  doneCount = 0;
  lateCount = 0;
  incompleteCount = 0;
  readonly #context: SyncContext;
  readonly #execute: Execute;
  /** Whether the credentials may not change anything, so that asking again is pointless. */
  #isDenied = false;

  constructor(context: SyncContext, execute: Execute) {
    this.#context = context;
    this.#execute = execute;
  }

  async run(action: Action, progress: Progress = { hasNewStatus: false }): Promise<void> {
    if (this.#isDenied) return this.#add(toRow(action, { action: 'failed' }));
    if (!(await this.#hasTime())) return this.#defer(action);
    try {
      this.#add(await this.#perform(action, progress));
      this.#countDone();
    } catch (error) {
      const isLimited = error instanceof HttpError && error.status === 429;
      if (isLimited || error instanceof PausedError) return this.run(action, progress);
      if (progress.hasNewStatus) return this.#failAfterwards(action, error);
      if (error instanceof InterruptedError && !error.wasSent) return this.#defer(action);
      this.#fail(action, error);
    }
  }

  /** Whether there is time for a change, once requests go on. */
  async #hasTime(): Promise<boolean> {
    const { datadog, rateLimit } = this.#context;
    const { deadlineMs } = this.#execute;
    const mayGoOn = await rateLimit.wait(deadlineMs).catch(() => false);
    return mayGoOn && datadog.clock.now() < deadlineMs;
  }

  #add(row: Row): void {
    this.rows.push(row);
  }

  #defer(action: Action): void {
    this.lateCount += 1;
    this.#add(toRow(action, { action: 'deferred', reason: 'out-of-time' }));
  }

  #fail(action: Action, error: unknown): void {
    const isTooLong = error instanceof TooLongError;
    // That says nothing about other cases.
    if (!isTooLong) this.error ??= error;
    if (error instanceof HttpError && [401, 403].includes(error.status)) this.#isDenied = true;
    const isUnknown = action.kind === 'open' && requestFate(error) === 'unknown' && isRequestError(error);
    if (isUnknown) this.openings.push({ action, case: undefined });
    else this.#context.warn(`${describeAction(action)} ${isTooLong ? error.message : explain(error).text}`);
    this.#add(toRow(action, { action: isUnknown ? 'unknown' : 'failed' }));
  }

  /** What the case has got by then is true; the next run does the rest. */
  #failAfterwards(action: Action, error: unknown): void {
    this.incompleteCount += 1;
    this.#context.warn(
      `${nameOf(action)} was ${VERBS[action.kind]}, but its description could not be updated. ${explain(error).text}`,
    );
    this.#add(toRow(action));
    this.#countDone();
  }

  #countDone(): void {
    this.doneCount += 1;
    if (this.doneCount % LOG_EVERY) return;
    const count = this.#execute.plan.actions.filter(isChange).length;
    this.#context.log(`${this.doneCount} of ${count} changes made.`);
  }

  async #perform(action: Action, progress: Progress): Promise<Row> {
    const context = this.#context;
    switch (action.kind) {
      case 'open':
        return this.#open(action, progress);
      case 'reopen':
        return toChangedRow(action, await reopenItemCase(context, action, progress));
      case 'change':
        return toChangedRow(action, await changeItemCase(context, action));
      case 'close':
        return toChangedRow(action, await closeItemCase(context, action, progress));
      case 'duplicate':
        return toChangedRow(action, await closeDuplicateCase(context, action, progress));
      case 'unmark':
        return toChangedRow(action, await unmarkCase(context, action));
      case 'leave':
        await leaveCase(context, action);
        return toRow(action, { reason: 'left-to-people' });
      default:
        return toRow(action);
    }
  }

  /** If the search didn't return all cases, this looks for those of the item first. */
  async #open(action: OpenAction, progress: Progress): Promise<Row> {
    const { tools, rules, reference: report } = this.#execute;
    const { subject } = action;
    const known = tools.find(({ tool }) => tool === subject.tool);
    if (known && !known.isSearchComplete) {
      const { datadog, projectId } = this.#context;
      const cases = await fetchItemCases(datadog, projectId, { report, reference: subject.reference });
      const tool = { ...subject.tool, items: new Map([[subject.item.id, subject.item]]) };
      const [first] = decide(this.#execute.report, [{ ...known, tool, cases }], rules).actions;
      if (first && first.kind !== 'open') return this.#perform(first, progress);
    }
    const created = await openItemCase(this.#context, action, report);
    this.openings.push({ action, case: created });
    return toRow(action, { case: created });
  }
}

function isRequestError(error: unknown): boolean {
  return error instanceof Error && !['InputError', 'LookupError', 'SignInError'].includes(error.name);
}

function toChangedRow(action: Action, changed: Changed): Row {
  return changed === 'done' ? toRow(action) : toRow(action, { action: 'unchanged' });
}

const VERBS: Readonly<Record<Action['kind'], string>> = {
  open: 'opened',
  reopen: 'reopened',
  change: 'updated',
  close: 'closed',
  duplicate: 'closed',
  unmark: 'updated',
  leave: 'updated',
  keep: 'kept',
  defer: 'opened',
};

/** The beginning of a warning. Without a case, all that fail for the same reason share one. */
function describeAction(action: Action): string {
  return `${nameOf(action)} could not be ${VERBS[action.kind]}.`;
}

function nameOf(action: Action): string {
  return 'tracked' in action ? action.tracked.case.label : 'A case';
}
