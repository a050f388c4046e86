import type { FakeDatadog } from './fake-datadog.ts';
import { FakeGitHub } from './fake-github.ts';
import {
  type ActionFile,
  type ActionResult,
  type ActionRun,
  readActionFile,
  runStage,
  withWorkspace,
} from './run-action.ts';
import { validInputs } from './run-step.ts';

export interface WatchedJobRun extends ActionRun {
  /** How the job ends. */
  readonly status: 'success' | 'failure' | 'cancelled';
  /** The job's ID; an older runner doesn't know it. */
  readonly checkRunId?: number;
  readonly matrix?: unknown;
  /** Variables that later steps write to GITHUB_ENV. */
  readonly laterEnv?: Readonly<Record<string, string>>;
  /** What later steps do to the workspace. */
  readonly laterSteps?: (workspace: string) => Promise<void>;
}

/** The results of both stages. */
export interface WatchedJobResult {
  readonly start: ActionResult;
  readonly end: ActionResult;
}

/**
 * Runs both stages of the committed watch action as a runner does: evaluates the inputs for each stage, and passes the
 * saved state and what later steps wrote to GITHUB_ENV to the second one.
 */
export async function runWatchedJob(run: WatchedJobRun): Promise<WatchedJobResult> {
  const action = await readActionFile('watch/action.yml');
  const inputsAt = (status: string) => ({ ...evaluateDefaults(action, { ...run, status }), ...run.inputs });
  return withWorkspace(run, async (workspace) => {
    const start = await runStage(workspace, run, { script: action.runs.main, inputs: inputsAt('success') });
    await run.laterSteps?.(workspace);
    const end = await runStage(
      workspace,
      { ...run, env: environmentAtEnd(run, start.state) },
      { script: action.runs.post, inputs: inputsAt(run.status) },
    );
    return { start, end };
  });
}

/** Runs a watched job with only a project and keys, which fails unless `overrides` say otherwise. */
export function watchJob(
  datadog: FakeDatadog,
  github: FakeGitHub,
  overrides: Partial<WatchedJobRun> = {},
): Promise<WatchedJobResult> {
  const { title: _, ...inputs } = validInputs(datadog);
  return runWatchedJob({
    status: 'failure',
    checkRunId: 70,
    ...overrides,
    inputs: { ...inputs, ...overrides.inputs },
    env: github.env(overrides.env),
  });
}

/** The defaults of all inputs. The runner evaluates their expressions before each stage. */
function evaluateDefaults(
  { inputs }: ActionFile,
  { status, checkRunId, matrix }: { status: string; checkRunId?: number; matrix?: unknown },
): Record<string, string> {
  const expressions: Readonly<Record<string, string>> = {
    'github.token': FakeGitHub.token,
    'job.status': status,
    'job.check_run_id': String(checkRunId ?? ''),
    'job.workflow_ref': '',
    'toJSON(matrix)': JSON.stringify(matrix ?? null, null, 2),
  };
  const evaluate = (expression: string) => {
    const value = expressions[expression];
    if (value === undefined) throw new Error(`This runner can't evaluate ${expression}.`);
    return value;
  };
  return Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => [
      name,
      (input.default ?? '').replace(/\$\{\{ (.+?) \}\}/g, (_, expression: string) => evaluate(expression)),
    ]),
  );
}

/** Steps can change any variable but the runner's own. */
function environmentAtEnd(
  { env = {}, laterEnv = {} }: WatchedJobRun,
  state: Readonly<Record<string, string>>,
): Record<string, string> {
  const isOwn = (name: string) => /^(?:GITHUB|RUNNER)_/.test(name);
  const changed = Object.entries(laterEnv).filter(([name]) => !isOwn(name));
  const saved = Object.entries(state).map(([name, value]) => [`STATE_${name}`, value]);
  return { ...env, ...Object.fromEntries([...changed, ...saved]) };
}
