import { resolve } from 'node:path';
import { formatIssue } from '../base/errors.ts';
import { asRecord, asString } from '../base/json.ts';
import type { Result } from '../cases/result.ts';
import type { DatadogClient } from '../datadog/client.ts';
import { type RunContext, readRunContext } from '../github/run-context.ts';
import { deriveSource, readWatchedJob } from '../github/watched-job.ts';
import { fetchJson } from '../http/client.ts';
import { InterruptedError, TimeoutError } from '../http/errors.ts';
import { makeInterruptible } from '../http/interruption.ts';
import { timeFor } from '../http/time-plan.ts';
import {
  parseSyncInputs,
  type RawSyncInputs,
  readSyncInputs,
  redactSyncInputs,
  type SyncInputs,
} from '../inputs/parse-sync-inputs.ts';
import { decideBranch } from '../sync/branch.ts';
import { readReport } from '../sync/read/read-report.ts';
import type { Report } from '../sync/read/report.ts';
import { syncReport } from '../sync/sync-report.ts';
import { renderSyncResult } from '../sync/text/render-result.ts';
import { connectToDatadog, connectToGitHub } from './connect.ts';
import { lacksSecrets, SKIPPED, skipForeignRun } from './secrets.ts';
import { type Step, toParseContext } from './step.ts';

/** How long finding the default branch may take. */
const DEFAULT_BRANCH_MS = 5000;

/**
 * Reads the report and syncs cases with it. Returns a result only if it did nothing. Throws InputError, LookupError,
 * SignInError, HttpError, NetworkError, TimeoutError and UnexpectedResponseError.
 */
export async function runSyncStep(step: Step): Promise<Result | undefined> {
  const { env, givenEnv, event, redactor, reporter } = step;
  if (lacksSecrets(step)) return SKIPPED;
  const { values, describeWarnings } = readSyncInputs(givenEnv);
  for (const warning of describeWarnings(redactor, env)) reporter.warn(warning);
  const raw = redactSyncInputs(values, redactor);
  const inputs = await parseSyncInputs(raw, toParseContext(step));
  for (const issue of inputs.warnings) reporter.warn(formatIssue(issue));
  const skipped = skipForeignRun(step);
  if (skipped) return skipped;
  const run = readRunContext(env, event);
  await sync(step, { inputs, raw, run });
  return undefined;
}

interface Task {
  readonly inputs: SyncInputs;
  readonly raw: RawSyncInputs;
  readonly run: RunContext;
}

async function sync(step: Step, { inputs, raw, run }: Task): Promise<void> {
  const { env, givenEnv, reporter, redactor, random, randomUUID } = step;
  const network = makeInterruptible(step, step.interruption);
  const deadlineMs = network.clock.now() + inputs.timeoutMs;
  const report = await readFiles(step, inputs, deadlineMs);
  const datadog = await connectToDatadog(
    { ...network, givenEnv, random, redactor, log: reporter.info, addSecrets: reporter.addSecrets },
    inputs,
    { deadlineMs, signInDeadlineMs: deadlineMs },
  );
  const defaultBranch = await fetchDefaultBranch(step, datadog, inputs);
  const { shownOnly, branch } = decideBranch(run, inputs.branches, defaultBranch);
  if (shownOnly?.kind === 'unknown-default-branch')
    reporter.warn(
      'branches: the default branch is unknown, so nothing is changed. Give the job `contents: read` and the input github_token.',
    );
  const source = raw.source.reveal() || deriveSource(readJob(step, raw));
  const result = await syncReport({
    datadog,
    inputs,
    run,
    source: branch ? `${source}\n${branch}` : source,
    report,
    shownOnly: inputs.isDryRun ? { kind: 'dry-run' } : shownOnly,
    runWord: randomUUID(),
    log: reporter.info,
    warn: reporter.warn,
  });
  reporter.show(result.outcome, renderSyncResult(result), env);
}

/** Reads the files within a share of the time. Throws TimeoutError if that isn't enough, and InterruptedError. */
async function readFiles(
  { env, clock, redactor, interruption }: Step,
  inputs: SyncInputs,
  deadlineMs: number,
): Promise<Report> {
  const timeout = clock.timeoutSignal(timeFor('report', { clock, deadlineMs }));
  const reading = readReport({
    workspace: resolve(env.GITHUB_WORKSPACE || '.'),
    patterns: inputs.files,
    format: inputs.format,
    groupBy: inputs.groupBy,
    redact: (text) => redactor.redact(text),
    signal: AbortSignal.any([timeout, interruption]),
  });
  return reading.catch((cause: unknown) => {
    if (interruption.aborted) throw new InterruptedError({ cause });
    if (!timeout.aborted) throw cause;
    throw new TimeoutError('The files of the report could not be read in time.', { notSent: true });
  });
}

function readJob({ env, event }: Step, { matrix, workflow_ref: workflowRef }: RawSyncInputs) {
  return readWatchedJob(env, event, { matrix, workflowRef });
}

/** From the event, else from GitHub; empty if neither says. */
async function fetchDefaultBranch(
  { env, givenEnv, event }: Step,
  datadog: DatadogClient,
  inputs: SyncInputs,
): Promise<string> {
  const named = asString(asRecord(asRecord(event).repository).default_branch);
  const client = named ? undefined : connectToGitHub(givenEnv, datadog, inputs)?.(DEFAULT_BRANCH_MS);
  if (!client) return named;
  const repository = await fetchJson(client, `/repos/${env.GITHUB_REPOSITORY}`).catch(() => undefined);
  return asString(asRecord(repository).default_branch);
}
