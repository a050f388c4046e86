import type { Env } from '../base/env.ts';
import { formatIssue } from '../base/errors.ts';
import type { Redactor } from '../base/redactor.ts';
import { watchedJobTitle } from '../content/watched-job.ts';
import { canRequestIdentityToken, MISSING_PERMISSION } from '../github/identity-permission.ts';
import { type RunContext, readOwnJobContext } from '../github/run-context.ts';
import { deriveDedupKey, readWatchedJob } from '../github/watched-job.ts';
import { type Inputs, parseInputs, type Trigger } from '../inputs/parse-inputs.ts';
import { type RawInputs, redactInputs } from '../inputs/raw-inputs.ts';
import { serializeEnvironment } from '../inputs/saved-environment.ts';
import type { NothingToDo } from './result.ts';

// The watch action runs twice: its main stage at the start of a job, and its post stage at the end.

/** What both stages need. */
interface WatchStep {
  readonly env: Env;
  /** The payload of the event that started the run. */
  readonly event: unknown;
  readonly values: RawInputs;
  readonly redactor: Redactor;
  readonly clock: { now(): number };
  readonly reporter: { readonly info: (text: string) => void; readonly warn: (text: string) => void };
}

interface WatchEnvironment {
  readonly env: Env;
  readonly saveState: (name: string, value: string) => void;
}

/** What to do at the end of a watched job. */
export type Decision =
  | { readonly operation: 'open' | 'close' }
  | { readonly operation: 'none'; readonly reason: NothingToDo };

/**
 * The longest `timeout` of a watched job's end. After a cancellation, the post stages of all steps share about 4
 * minutes and 45 seconds. Source: https://github.com/actions/runner
 */
const MAX_TIMEOUT_MS = 120_000;

/** Decides what to do at the end of a watched job. Never throws. */
export function decideOperation({ jobStatus, shouldClose, onCancelled }: Trigger): Decision {
  const decideNone = (reason: NothingToDo): Decision => ({ operation: 'none', reason });
  switch (jobStatus) {
    case 'failure':
      return { operation: 'open' };
    case 'success':
      return shouldClose ? { operation: 'close' } : decideNone({ kind: 'close-disabled' });
    case 'cancelled':
      return onCancelled === 'open' ? { operation: 'open' } : decideNone({ kind: 'cancelled-ignored' });
    default:
      return decideNone({ kind: 'unknown-status', status: jobStatus });
  }
}

/**
 * Saves the environment that later steps must not change for the post stage. Mask the secrets first: with debug logging
 * on, the runner logs what is saved.
 */
export function saveState({ env, saveState: save }: WatchEnvironment): void {
  save('environment', serializeEnvironment(env));
}

/** Validates the inputs without any request, and logs what will happen. Throws an InputError with all issues. */
export async function checkWatch(step: WatchStep): Promise<void> {
  const { info, warn } = step.reporter;
  const inputs = await parseWatchInputs(step);
  for (const issue of inputs.warnings) warn(formatIssue(issue));
  if (inputs.timeoutMs > MAX_TIMEOUT_MS)
    warn(
      `timeout: ${inputs.timeoutMs / 1000} is lowered to ${MAX_TIMEOUT_MS / 1000}, because the runner limits the time for cleanup after a job.`,
    );
  if (inputs.credentials.kind === 'oidc' && !canRequestIdentityToken(step.env)) warn(MISSING_PERMISSION);
  info(describeWatch(inputs));
}

/** What the end of the job will do, for the log. */
function describeWatch(inputs: Inputs): string {
  const { project, title, shouldClose, onCancelled, afterFailures, reopenWithinMs, isDryRun } = inputs;
  const streak = afterFailures > 1 ? ` and the workflow has failed ${afterFailures} times in a row` : '';
  const reopened = reopenWithinMs ? ', or reopened if it was closed recently,' : '';
  const success = shouldClose ? 'the case is closed' : 'nothing happens';
  const cancelled = onCancelled === 'open' ? 'counts as a failure' : 'changes nothing';
  const dry = isDryRun ? ' This is a dry run: at the end of the job, it only says what it would do.' : '';
  return `Watching this job. If it fails${streak}, a case is opened${reopened} in project ${project}: ${JSON.stringify(title)}. If it succeeds, ${success}. A cancellation ${cancelled}.${dry}`;
}

/** The inputs and the run of the job that ends. Throws an InputError with all issues. */
export async function readJobEnd(
  step: WatchStep,
  operation: 'open' | 'close',
): Promise<{ inputs: Inputs; run: RunContext }> {
  const { env, event, redactor, values } = step;
  const inputs = await parseWatchInputs(step);
  const ownJob = { id: Number(values.check_run_id) || undefined, isCancelled: isCancelled(values) };
  return {
    inputs: {
      ...inputs,
      timeoutMs: Math.min(inputs.timeoutMs, MAX_TIMEOUT_MS),
      // The input is the status of new cases. A closed case gets the status of its type.
      statusName: operation === 'open' ? inputs.statusName : '',
    },
    run: readOwnJobContext(redactor.redactJson(env), redactor.redactJson(event), ownJob),
  };
}

/** Parses all inputs. The defaults of `title` and `dedup_key` depend on the job. */
function parseWatchInputs({ env, event, values, redactor, clock }: WatchStep): Promise<Inputs> {
  const job = readWatchedJob(redactor.redactJson(env), redactor.redactJson(event), {
    matrix: redactor.redact(values.matrix),
    workflowRef: values.workflow_ref,
  });
  const filled: RawInputs = {
    ...values,
    title: values.title || watchedJobTitle(job, { isCancelled: isCancelled(values) }),
    dedup_key: values.dedup_key || deriveDedupKey(job),
  };
  return parseInputs(redactInputs(filled, redactor), env, clock.now(), { isKeyDerived: !values.dedup_key });
}

function isCancelled({ job_status: status }: RawInputs): boolean {
  return status === 'cancelled';
}
