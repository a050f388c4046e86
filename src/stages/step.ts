import type { StepVariables } from '../base/env.ts';
import type { JsonObject } from '../base/json.ts';
import type { Redactor } from '../base/redactor.ts';
import type { Unredacted } from '../base/unredacted.ts';
import type { Sources } from '../cases/gather.ts';
import type { Operation, Result } from '../cases/result.ts';
import type { Clock, Fetch } from '../http/connection.ts';
import type { ParseContext, RawInputs } from '../inputs/raw-inputs.ts';
import type { ActionsCore, Reporter } from '../report/reporter.ts';

/** The main action, a stage of the watch action, or the sync action. */
export type EntryPoint = 'case' | 'watch-start' | 'watch-end' | 'sync';

/** The side effects of a step, injected by main.ts and by tests. */
export interface Environment {
  readonly entryPoint: EntryPoint;
  /** As it was given. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly core: ActionsCore;
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** From 0 up to, but not including, 1. */
  readonly random: () => number;
  readonly randomUUID: () => string;
  /** The payload of the event that started the run; `undefined` if it can't be read. */
  readonly event: unknown;
  /** Aborts when the runner asks the step to end. */
  readonly interruption: AbortSignal;
  /**
   * Passes a value to the step's post stage, as the environment variable `STATE_<name>`. Throws if that can't be
   * written.
   */
  readonly saveState: (name: string, value: Unredacted) => void;
  /** Sets a variable for the later steps of the job. Never throws. */
  readonly exportVariable: (name: string, value: string) => void;
  /** Whether this is a post stage that doesn't know what the main stage saved. */
  readonly isStateLost: boolean;
  /** Reads a text file in the workspace within a time limit. Throws an Error whose message is a whole sentence. */
  readonly readWorkspaceFile: Sources['readWorkspaceFile'];
}

/** What every stage of a step works with: the variables, the event and the inputs without secrets. */
export interface Step extends Omit<Environment, 'env' | 'event'>, StepVariables {
  /** Empty if the payload can't be read. */
  readonly event: JsonObject;
  /** Whether the payload of the event could be read. */
  readonly isEventKnown: boolean;
  readonly redactor: Redactor;
  readonly reporter: Reporter;
  readonly values: RawInputs;
  /** What was probably meant differently, as whole sentences. */
  readonly warnings: readonly string[];
}

/** What a step does: the main action does one thing, the watch action one at the start and one at the end of a job. */
export interface Stage {
  readonly operation: Operation;
  /** Returns nothing if there is no result to report. */
  readonly run: () => Promise<Result | undefined>;
  /** Whether doing nothing is normal, so that only the log mentions it. */
  readonly isQuiet: boolean;
}

/** What parsing the inputs of a step needs besides the inputs. */
export function toParseContext({ env, givenEnv, redactor, clock }: Step): ParseContext {
  return { env, givenEnv, redactor, nowMs: clock.now() };
}
