import { docsLink } from './base/docs-link.ts';
import type { Env } from './base/env.ts';
import { formatIssue } from './base/errors.ts';
import { Redactor } from './base/redactor.ts';
import { closeCaseOfKey } from './cases/close.ts';
import { connectToDatadog, connectToGitHub } from './cases/connect.ts';
import type { CaseContext, OpenContext } from './cases/context.ts';
import { openCase } from './cases/open.ts';
import type { Operation, Result } from './cases/result.ts';
import { checkWatch, decideOperation, readJobEnd, saveState } from './cases/watch.ts';
import { explain } from './content/explain.ts';
import { areSecretsWithheld, isForeignRun } from './github/forks.ts';
import { type RunContext, readRunContext } from './github/run-context.ts';
import type { Clock, Fetch } from './http/connection.ts';
import { collectSecrets, hasCredentials } from './inputs/credentials.ts';
import {
  type Inputs,
  parseDryRun,
  parseFailOnError,
  parseInputs,
  parseMode,
  parseTrigger,
} from './inputs/parse-inputs.ts';
import { type RawInputs, readRawInputs, redactInputs } from './inputs/raw-inputs.ts';
import { collectProxyPasswords } from './inputs/saved-environment.ts';
import type { ActionName } from './inputs/schema.ts';
import { type ActionsCore, Reporter } from './report/reporter.ts';

/** The main action, or a stage of the watch action. */
export type EntryPoint = 'case' | 'watch-start' | 'watch-end';

/** The side effects of a step, injected by main.ts and by tests. */
export interface Environment {
  readonly entryPoint: EntryPoint;
  readonly env: Env;
  readonly core: ActionsCore;
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** From 0 up to, but not including, 1. */
  readonly random: () => number;
  readonly randomUUID: () => string;
  /** The payload of the event that started the run; `undefined` if there is none. */
  readonly event: unknown;
  /** Passes a value to the step's post stage, as the environment variable `STATE_<name>`. */
  readonly saveState: (name: string, value: string) => void;
  /** Reads a text file in the workspace within a time limit. Throws an Error whose message is a whole sentence. */
  readonly readWorkspaceFile: OpenContext['readWorkspaceFile'];
}

const SECRETS_WITHHELD = 'GitHub gives no secrets to pull requests from forks or Dependabot';
const SKIPPED: Result = {
  outcome: 'skipped',
  reason: `Skipped: ${SECRETS_WITHHELD}, so this run cannot open a case. The step passes.`,
};

interface StepState {
  readonly redactor: Redactor;
  readonly reporter: Reporter;
  readonly values: RawInputs;
  readonly warnings: readonly string[];
}

/** What a step does: the main action does one thing, the watch action one at the start and one at the end of a job. */
interface Stage {
  readonly operation: Operation;
  /** Returns nothing if there is no result to report. */
  readonly run: () => Promise<Result | undefined>;
  /** Whether doing nothing is normal, so that only the log mentions it. */
  readonly isQuiet: boolean;
}

const STAGES: Readonly<Record<EntryPoint, (environment: Environment, state: StepState) => Stage>> = {
  case: createCaseStage,
  'watch-start': createWatchStartStage,
  'watch-end': createWatchEndStage,
};

/** Runs the whole step. Never throws: whatever happens is reported. */
export async function runStep(environment: Environment): Promise<void> {
  const { entryPoint, env, core } = environment;
  const action: ActionName = entryPoint === 'case' ? 'case' : 'watch';
  const redactor = new Redactor();
  // The runner drops the outputs of post stages.
  const outputs = action === 'watch' ? { setOutput: () => undefined } : {};
  const reporter = new Reporter({ ...core, ...outputs }, redactor);
  const { values, describeWarnings } = readRawInputs(env, action);
  reporter.addSecrets([...collectSecrets(values, env), ...collectProxyPasswords(env)]);
  const state: StepState = { redactor, reporter, values, warnings: describeWarnings(redactor) };
  const stage = STAGES[entryPoint](environment, state);
  const result = await stage.run().catch((error: unknown): Result => {
    return { outcome: 'failed', operation: stage.operation, error, done: reporter.handledCase };
  });
  if (!result) return;
  try {
    const options = { failOnError: parseFailOnError(values), isDryRun: parseDryRun(values), action };
    reporter.finish(result, { ...options, env, isQuiet: stage.isQuiet });
  } catch (error) {
    reporter.warn(`The result could not be reported in full. ${explain(error).text}`);
  }
}

/** The main action. Like all stages, it throws the errors of parsing and of opening or closing a case. */
function createCaseStage(environment: Environment, state: StepState): Stage {
  const { env, event } = environment;
  const { redactor, reporter, values, warnings } = state;
  const operation = parseMode(values);
  const run = async (): Promise<Result> => {
    if (lacksSecrets(environment, state)) return SKIPPED;
    for (const warning of warnings) reporter.warn(warning);
    const inputs = await parseInputs(redactInputs(values, redactor), env, environment.clock.now());
    for (const issue of inputs.warnings) reporter.warn(formatIssue(issue));
    if (isForeignRun(env, event)) return skipForeignRun(env);
    const runContext = readRunContext(redactor.redactJson(env), redactor.redactJson(event));
    return runOperation(environment, state, { operation, inputs, run: runContext });
  };
  return { operation, run, isQuiet: false };
}

/** The start of a watched job: validates the inputs, and saves what later steps must not change. */
function createWatchStartStage(environment: Environment, state: StepState): Stage {
  const { reporter, warnings } = state;
  const run = async () => {
    saveState(environment);
    if (lacksSecrets(environment, state)) {
      reporter.info(`${SECRETS_WITHHELD}, so this job isn't watched.`);
      return undefined;
    }
    if (isForeignRun(environment.env, environment.event)) {
      reporter.info("This run may report on a fork, so this job isn't watched.");
      return undefined;
    }
    for (const warning of warnings) reporter.warn(warning);
    await checkWatch({ ...environment, ...state });
    return undefined;
  };
  return { operation: 'watch', run, isQuiet: true };
}

/** The end of a watched job: opens its case, closes it or does nothing. */
function createWatchEndStage(environment: Environment, state: StepState): Stage {
  const decision = decideOperation(parseTrigger(state.values));
  if (decision.operation === 'none') {
    const result: Result = { outcome: 'none', reason: decision.reason };
    return { operation: 'close', run: async () => result, isQuiet: true };
  }
  const { operation } = decision;
  const run = async () => {
    if (lacksSecrets(environment, state)) return SKIPPED;
    if (isForeignRun(environment.env, environment.event)) return skipForeignRun(environment.env);
    const end = await readJobEnd({ ...environment, ...state }, operation);
    return runOperation(environment, state, { operation, ...end });
  };
  return { operation, run, isQuiet: operation === 'close' };
}

function skipForeignRun(env: Env): Result {
  return {
    outcome: 'skipped',
    reason: `Skipped: this run may report on a fork. Anyone can create a fork with a branch of the same name, so runs for forks do not open, update or close cases. The step passes. More: ${docsLink(env, 'docs/forks.md')}`,
  };
}

function lacksSecrets({ env, event }: Environment, { values }: StepState): boolean {
  return !hasCredentials(values, env) && areSecretsWithheld(env, event);
}

interface OperationInput {
  readonly operation: 'open' | 'close';
  readonly inputs: Inputs;
  readonly run: RunContext;
}

async function runOperation(
  environment: Environment,
  state: StepState,
  { operation, inputs, run }: OperationInput,
): Promise<Result> {
  const { reporter } = state;
  const outside = {
    ...environment,
    redactor: state.redactor,
    log: reporter.info,
    addSecrets: reporter.addSecrets,
  };
  const datadog = await connectToDatadog(outside, inputs);
  const context: CaseContext = {
    inputs,
    datadog,
    run,
    connectToGitHub: connectToGitHub(environment.env, datadog, inputs),
    onCase: reporter.setCaseOutputs,
    onCaseGone: reporter.clearCaseOutputs,
    warn: reporter.warn,
    docsLink: (path) => docsLink(environment.env, path),
  };
  if (operation === 'close') return closeCaseOfKey(context);
  const { randomUUID, readWorkspaceFile } = environment;
  return openCase({ ...context, randomUUID, readWorkspaceFile });
}
