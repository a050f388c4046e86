import { docsLink } from '../base/docs-link.ts';
import { closeCaseOfKey } from '../cases/close.ts';
import { openCase } from '../cases/open.ts';
import { type ConnectToGitHub, createPullRequestCommenter } from '../cases/pull-request.ts';
import type { Result } from '../cases/result.ts';
import type { CaseTools } from '../cases/tools.ts';
import type { DatadogClient } from '../datadog/client.ts';
import type { Suspicion } from '../github/contradictions.ts';
import type { RunContext } from '../github/run-context.ts';
import { readTrigger } from '../github/trigger.ts';
import { makeInterruptible } from '../http/interruption.ts';
import { timeFor } from '../http/time-plan.ts';
import type { Inputs } from '../inputs/parse-inputs.ts';
import { connectToDatadog, connectToGitHub } from './connect.ts';
import { createContradictionFinder } from './doubtful-results.ts';
import type { Step } from './step.ts';

/** What to do, and what it is about. */
interface Task {
  readonly operation: 'open' | 'close';
  readonly inputs: Inputs;
  readonly run: RunContext;
  /** Whether a result decided what to do, rather than the workflow. */
  readonly isByResult: boolean;
  /** What may make a success doubtful, if anything. */
  readonly suspicion?: Suspicion | undefined;
}

/**
 * Connects, and opens or closes the case. Throws InputError, LookupError, SignInError, HttpError, NetworkError,
 * TimeoutError, UnexpectedResponseError and OutcomeUnknownError, unless a case is known by then.
 */
export async function operate(
  step: Step,
  { operation, inputs, run: given, isByResult, suspicion }: Task,
): Promise<Result> {
  const { env, givenEnv, reporter, redactor, random } = step;
  const run = inputs.isKeyDerived ? { ...given, trigger: readStepTrigger(step, given) } : given;
  const network = makeInterruptible(step, step.interruption);
  const { clock } = network;
  const deadlineMs = clock.now() + inputs.timeoutMs;
  const findDeadlineMs = clock.now() + timeFor('findOutNothingIsOpen', { clock, deadlineMs });
  const datadog = await connectToDatadog(
    { ...network, givenEnv, random, redactor, log: reporter.info, addSecrets: reporter.addSecrets },
    inputs,
    { deadlineMs, signInDeadlineMs: operation === 'close' ? findDeadlineMs : deadlineMs },
  );
  const tools = createTools(step, datadog);
  const github = connectToGitHub(givenEnv, datadog, inputs);
  for (let count = countEarlyConnections(inputs, github); count > 0; count -= 1)
    network.fetch.preconnect?.(inputs.site.apiUrl);
  const commentOnPullRequest = createPullRequestCommenter(tools, {
    isWanted: inputs.hasPullRequestComment,
    number: inputs.prNumber,
    token: inputs.githubToken,
    run,
    connectToGitHub: github,
  });
  if (operation === 'close') {
    const findContradiction =
      suspicion && github
        ? createContradictionFinder(step, () => github(timeFor('failedJobs', datadog)), { run, suspicion })
        : undefined;
    const success = { inputs, run, findDeadlineMs, isByResult, findContradiction, commentOnPullRequest };
    return closeCaseOfKey(tools, success);
  }
  return openCase(tools, {
    inputs,
    run,
    connectToGitHub: github,
    readWorkspaceFile: step.readWorkspaceFile,
    randomUUID: step.randomUUID,
    commentOnPullRequest,
    docsLink: (path) => docsLink(env, path),
  });
}

/** What started the run. It only matters to a derived key: the author of a key has decided what is the same. */
function readStepTrigger({ env, event }: Step, { eventName }: RunContext): string {
  return readTrigger(eventName, env.GITHUB_EVENT_NAME ?? '', event);
}

function createTools({ reporter }: Step, datadog: DatadogClient): CaseTools {
  return {
    datadog,
    clock: datadog.clock,
    log: reporter.info,
    warn: reporter.warn,
    onCase: reporter.setCaseOutputs,
    onCaseGone: reporter.clearCaseOutputs,
  };
}

/**
 * How many connections to open before they are used: with a key, two searches are sent at the same time; without one, the
 * first request may wait for GitHub or a file. Otherwise it opens its own, right away.
 */
function countEarlyConnections(inputs: Inputs, github: ConnectToGitHub | undefined): number {
  if (!inputs.dedupKey.isEmpty) return 2;
  return github || inputs.descriptionFile ? 1 : 0;
}
