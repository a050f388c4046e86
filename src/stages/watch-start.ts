import { formatIssue, InputError, toSentence } from '../base/errors.ts';
import { Unredacted } from '../base/unredacted.ts';
import { canRequestIdentityToken, MISSING_PERMISSION } from '../github/identity-token.ts';
import { parseOwnJob, type RunSeries, readOwnJobContext } from '../github/run-context.ts';
import { MAX_POST_TIMEOUT_MS } from '../http/time-plan.ts';
import type { Inputs } from '../inputs/parse-inputs.ts';
import { explainLostState, serializeState } from './saved-environment.ts';
import { lacksSecrets, SECRETS_WITHHELD, skipForeignRun } from './secrets.ts';
import type { Stage, Step } from './step.ts';
import { hashProblem, parseWatchInputs, REPORTED_PROBLEM } from './watched-job.ts';

/** The start of a watched job: saves what later steps must not change, and validates the inputs without any request. */
export function createWatchStartStage(step: Step): Stage {
  const { reporter } = step;
  const run = async () => {
    const problem = saveInputs(step);
    if (lacksSecrets(step)) {
      reporter.info(`${SECRETS_WITHHELD}, so this job isn't watched.`);
      return undefined;
    }
    if (skipForeignRun(step)) {
      reporter.info("This run may report on a fork, so this job isn't watched.");
      return undefined;
    }
    if (problem) reporter.warn(problem);
    for (const warning of step.warnings) reporter.warn(warning);
    await check(step).catch((error: unknown) => {
      saveProblem(step, error);
      throw error;
    });
    return undefined;
  };
  return { operation: 'watch', run, isQuiet: true };
}

/** Saves the inputs for the end. The secrets are masked already. Returns what that fails with, as sentences. */
function saveInputs({ env, givenEnv, saveState }: Step): string {
  try {
    for (const [name, value] of serializeState(givenEnv)) saveState(name, value);
    return '';
  } catch (error) {
    const obstacle = explainLostState(env);
    const consequence = obstacle
      ? `The end of this job can't report anything, because ${obstacle}.`
      : 'The end of this job reads the inputs again, and later steps may have changed them.';
    return `Could not save the inputs for the end of the job. ${toSentence(error)} ${consequence} Run the container as root, or make the files of the runner writable for its user.`;
  }
}

/** Remembers what is wrong with the inputs, so that the end of the job need not repeat it. */
function saveProblem({ saveState }: Step, error: unknown): void {
  if (!(error instanceof InputError)) return;
  try {
    saveState(REPORTED_PROBLEM, new Unredacted(hashProblem(error)));
  } catch {
    // Inputs can't be saved either, which is a warning.
  }
}

/** Logs what will happen. Throws an InputError with all issues. */
async function check(step: Step): Promise<void> {
  const { info, warn } = step.reporter;
  const inputs = await parseWatchInputs(step, { isStart: true });
  for (const issue of inputs.warnings) warn(formatIssue(issue));
  if (inputs.timeoutMs > MAX_POST_TIMEOUT_MS)
    warn(
      `timeout: ${inputs.timeoutMs / 1000} is lowered to ${MAX_POST_TIMEOUT_MS / 1000}, because the runner limits the time for cleanup after a job.`,
    );
  if (inputs.credentials.kind === 'oidc' && !canRequestIdentityToken(step.givenEnv)) warn(MISSING_PERMISSION);
  const { series } = readOwnJobContext(step.env, step.event, parseOwnJob('', ''));
  info(describeWatch(inputs, series));
}

/** What the end of the job will do, for the log. */
function describeWatch(inputs: Inputs, { isTag }: RunSeries): string {
  const { project, title, onCancelled, afterFailures, reopenWithinMs, isDryRun, credentials } = inputs;
  const areKeysMissing =
    credentials.kind === 'keys' && (credentials.apiKey.isEmpty || credentials.appKey.isEmpty);
  const provided = areKeysMissing ? ', if a later step provides the missing credentials' : '';
  const streak = afterFailures > 1 && !isTag ? ` and the job has failed ${afterFailures} times in a row` : '';
  const reopened = reopenWithinMs ? ', or reopened if it was closed recently,' : '';
  const success = inputs.shouldClose && inputs.canClose ? 'the case is closed' : 'nothing happens';
  const cancelled = onCancelled === 'open' ? 'counts as a failure' : 'changes nothing';
  const dry = isDryRun ? ' This is a dry run: at the end of the job, it only says what it would do.' : '';
  return `Watching this job${provided}. If it fails${streak}, a case is opened${reopened} in project ${project}: ${JSON.stringify(title)}. If it succeeds, ${success}. A cancellation ${cancelled}.${dry}`;
}
