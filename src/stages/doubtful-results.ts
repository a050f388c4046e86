import type { NothingToDo } from '../cases/result.ts';
import {
  type Contradiction,
  fetchContradiction,
  fetchFailedJobName,
  fetchFailedStepName,
  type Suspicion,
} from '../github/contradictions.ts';
import type { RunContext } from '../github/run-context.ts';
import type { ApiClient } from '../http/client.ts';
import { makeInterruptible } from '../http/interruption.ts';
import { timeFor } from '../http/time-plan.ts';
import { parseGitHubToken } from '../inputs/parse-single-inputs.ts';
import { connectToGitHub } from './connect.ts';
import type { Step } from './step.ts';

// Some results hide a failure that GitHub knows. Asking is optional: without a token, or if it fails, the result counts.

/** How to ask GitHub whether a success is doubtful, within the time that is left by then. Never throws. */
export function createContradictionFinder(
  { reporter }: Pick<Step, 'reporter'>,
  connect: () => ApiClient,
  { run, suspicion }: { readonly run: RunContext; readonly suspicion: Suspicion },
): () => Promise<Contradiction | undefined> {
  return () =>
    fetchContradiction(connect(), run, suspicion).catch((error: unknown) => {
      reporter.debug(`Could not look for failures that the result hides. ${String(error)}`);
      return undefined;
    });
}

/**
 * Why there is nothing to do, with the failure that this leaves out: the job that may be why something was skipped, or the
 * step that had failed before its job was cancelled. Never throws.
 */
export async function addHiddenFailure(
  step: Step,
  reason: NothingToDo,
  run: RunContext,
): Promise<NothingToDo> {
  try {
    if (reason.kind === 'cancelled-ignored' && run.isOnlyOwnJob) {
      const failedStep = await ask(step, (client) => fetchFailedStepName(client, run));
      return failedStep ? { ...reason, failedStep } : reason;
    }
    if (reason.kind === 'undecided' && reason.results.includes('skipped') && run.ownJob) {
      const failedJob = await ask(step, (client) => fetchFailedJobName(client, run));
      return failedJob ? { ...reason, failedJob } : reason;
    }
  } catch (error) {
    step.reporter.debug(`Could not look for failures that the result hides. ${String(error)}`);
  }
  return reason;
}

/** Asks GitHub without a connection to Datadog; `undefined` without a token. */
async function ask<T>(step: Step, fetch: (client: ApiClient) => Promise<T>): Promise<T | undefined> {
  const { givenEnv, redactor, random, values } = step;
  const network = makeInterruptible(step, step.interruption);
  const { clock } = network;
  const base = { ...network, redactor, random, deadlineMs: Number.POSITIVE_INFINITY, log: () => undefined };
  const connect = connectToGitHub(givenEnv, base, { githubToken: parseGitHubToken(values).value });
  const budgetMs = timeFor('failedJobs', { clock, deadlineMs: Number.MAX_SAFE_INTEGER });
  return connect && fetch(connect(budgetMs));
}
