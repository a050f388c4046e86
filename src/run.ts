import type { Env } from './base/env.ts';
import { Redactor } from './base/redactor.ts';
import { closeCaseOfKey } from './cases/close.ts';
import type { CaseContext } from './cases/context.ts';
import { openCase } from './cases/open.ts';
import type { Result } from './cases/result.ts';
import { explain } from './content/explain.ts';
import { authHeaders, type DatadogClient } from './datadog/client.ts';
import { createGitHubClient } from './github/client.ts';
import { areSecretsWithheld, isForeignRun, readRunContext } from './github/run-context.ts';
import type { ApiClient } from './http/client.ts';
import type { Clock, Fetch } from './http/connection.ts';
import { USER_AGENT } from './http/user-agent.ts';
import { collectSecrets, hasCredentials } from './inputs/credentials.ts';
import { type Inputs, parseFailOnError, parseInputs, parseMode } from './inputs/parse-inputs.ts';
import { type RawInputs, readRawInputs, redactInputs } from './inputs/raw-inputs.ts';
import { type ActionsCore, Reporter } from './report/reporter.ts';

/** The side effects of a step, injected by main.ts and by tests. */
export interface Environment {
  readonly env: Env;
  readonly core: ActionsCore;
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** From 0 up to, but not including, 1. */
  readonly random: () => number;
  readonly randomUUID: () => string;
  /** The payload of the event that started the run; `undefined` if there is none. */
  readonly event: unknown;
  /** Reads a text file of the workspace. Its error says in a sentence why it can't. */
  readonly readWorkspaceFile: (path: string) => Promise<string>;
}

const FOREIGN_RUN_REASON =
  'Skipped: this run reports on a fork. Anyone can create a fork with a branch of the same name, so runs for forks do not open, update or close cases. The step passes. More: docs/forks.md.';

/** Runs the whole step. Never throws: whatever happens is reported. */
export async function runStep(environment: Environment): Promise<void> {
  const { env, core } = environment;
  const redactor = new Redactor();
  const reporter = new Reporter(core, redactor);
  const { values, warnings } = readRawInputs(env);
  reporter.addSecrets(collectSecrets(values, env));
  const result = await runOperation(environment, { redactor, reporter, values, warnings }).catch(
    (error: unknown): Result => ({ outcome: 'failed', operation: parseMode(values), error }),
  );
  try {
    reporter.finish(result, { failOnError: parseFailOnError(values), env });
  } catch (error) {
    reporter.warn(`The case was handled, but reporting it failed. ${explain(error).text}`);
  }
}

interface StepState {
  readonly redactor: Redactor;
  readonly reporter: Reporter;
  readonly values: RawInputs;
  readonly warnings: readonly string[];
}

/** Inputs → operation → result. Throws the errors of parsing and of opening or closing a case. */
async function runOperation(environment: Environment, state: StepState): Promise<Result> {
  const { env, event } = environment;
  const { redactor, reporter, values, warnings } = state;
  if (!hasCredentials(values, env) && areSecretsWithheld(env, event))
    return {
      outcome: 'skipped',
      reason:
        'Skipped: GitHub gives no secrets to pull requests from forks or Dependabot, so this run cannot open a case. The step passes.',
    };
  for (const warning of warnings) reporter.warn(warning);
  const inputs = await parseInputs(redactInputs(values, redactor), env, environment.clock.now());
  for (const { input, text } of inputs.warnings) reporter.warn(`${input}: ${text}`);
  if (isForeignRun(env, event)) return { outcome: 'skipped', reason: FOREIGN_RUN_REASON };
  const datadog = createDatadogClient(environment, state, inputs);
  const context: CaseContext = {
    inputs,
    datadog,
    run: readRunContext(redactor.redactJson(env), redactor.redactJson(event)),
    connectToGitHub: connectToGitHub(environment, datadog, inputs),
    onCase: reporter.setCaseOutputs,
    warn: reporter.warn,
  };
  if (inputs.mode === 'close') return closeCaseOfKey(context);
  const { randomUUID, readWorkspaceFile } = environment;
  return openCase({ ...context, randomUUID, readWorkspaceFile });
}

function createDatadogClient(
  { fetch, clock, random }: Environment,
  { redactor, reporter }: StepState,
  { credentials, site, timeoutMs }: Inputs,
): DatadogClient {
  return {
    url: site.apiUrl,
    webUrl: site.webUrl,
    source: site.source,
    session: { hasSucceeded: false },
    headers: { ...authHeaders(credentials), 'User-Agent': USER_AGENT },
    fetch,
    clock,
    random,
    redactor,
    deadlineMs: clock.now() + timeoutMs,
    log: reporter.info,
  };
}

/** How to create a client for GitHub. GitHub is optional: its failures never fail the step. */
function connectToGitHub(
  { env }: Environment,
  base: ApiClient,
  { githubToken: token }: Inputs,
): CaseContext['connectToGitHub'] {
  if (!token || !env.GITHUB_REPOSITORY) return undefined;
  return (budgetMs) => createGitHubClient(base, { env, token, userAgent: USER_AGENT }, budgetMs);
}
