import { reopeningComment } from '../content/comments.ts';
import { explain } from '../content/explain.ts';
import { type Case, compareByAge } from '../datadog/case.ts';
import { addComment, reopenCase } from '../datadog/cases.ts';
import type { DatadogClient } from '../datadog/client.ts';
import { StatusUnknownError } from '../datadog/errors.ts';
import { type CurrentState, fetchCurrentState } from '../datadog/search.ts';
import type { RunContext } from '../github/run-context.ts';
import { InterruptedError } from '../http/errors.ts';
import { requestFate } from '../http/fate.ts';
import { within } from '../http/time-plan.ts';
import { commentOnCase, type Failure } from './comment.ts';
import { closeOtherCases, recordRun } from './duplicates.ts';
import { type CaseKey, fetchKeyedCases, warnOfOtherRepository } from './keyed-cases.ts';
import type { ExistingResult, ReopenedResult } from './result.ts';
import type { CaseTools } from './tools.ts';

/**
 * Reopens a closed case, with a comment that links the run. Returns `undefined`, with a warning, if it can't be
 * reopened in the time of `lookUpClient`, which leaves enough to create a new one. Once it is open, this only warns.
 */
export async function reopen(
  tools: CaseTools,
  lookUpClient: DatadogClient,
  { closed, failure }: { readonly closed: Case; readonly failure: Failure },
): Promise<ReopenedResult | ExistingResult | undefined> {
  const current = await fetchCurrentState(lookUpClient, closed);
  if (current.state === 'open')
    return commentOnCase(tools, { existing: current.case, duplicates: [], isChecked: true }, failure);
  if (current.state === 'gone' || (current.state === 'closed' && current.case.isArchived)) return undefined;
  // First, because an older run may close the case as long as it doesn't name this one. Once it is open, what is missing
  // is written again, with a warning if that fails.
  if (current.state === 'closed')
    await recordRun({ datadog: within('beforeMore', lookUpClient), warn: () => undefined }, current.case, {
      run: failure.run,
    });
  let reopened: Case;
  try {
    reopened = await reopenCase(lookUpClient, closed);
  } catch (error) {
    const doubt =
      requestFate(error) === 'unknown'
        ? ({ kind: 'maybe-reopened', cases: [closed.label] } as const)
        : undefined;
    if (isInterruption(error)) {
      if (doubt) tools.warn(`Check whether ${closed.label} is open: it may have been reopened.`, doubt);
      throw error; // No other case is opened, either.
    }
    const advice = doubt ? ` Check whether ${closed.label} is open as well.` : '';
    tools.warn(
      `Could not reopen ${closed.label}, so a new case is opened.${advice} ${explain(error).text}`,
      doubt,
    );
    return undefined;
  }
  if (closed.projectId && reopened.projectId && reopened.projectId !== closed.projectId) {
    tools.warn(
      `${reopened.label} was reopened, but somebody had moved it to another project, so a new case is opened. Close ${reopened.label} if it should not be open.`,
      { kind: 'maybe-reopened', cases: [reopened.label] },
    );
    return undefined;
  }
  return reportReopened(tools, { reopened, current }, failure);
}

function isInterruption(error: unknown): boolean {
  return (error instanceof StatusUnknownError ? error.cause : error) instanceof InterruptedError;
}

async function reportReopened(
  tools: CaseTools,
  { reopened, current }: { readonly reopened: Case; readonly current: CurrentState },
  failure: Failure,
): Promise<ReopenedResult> {
  const { datadog, warn, onCase } = tools;
  const { run, failedJobs } = failure;
  onCase(reopened, 'reopened');
  // The response is the newest that is known: another step may have recorded its run since.
  const known = reopened.description || current.state !== 'closed' ? reopened : current.case;
  warnOfOtherRepository(tools, known, run);
  const [commentUrl] = await Promise.all([
    failure.commentOnPullRequest(reopened, { isFailure: true, failedJobs }),
    addComment(datadog, reopened.id, reopeningComment(run, reopened, failure)).catch((error: unknown) =>
      warn(`Could not comment on ${reopened.label}. ${explain(error).text}`),
    ),
    // A description that the search found may be older than what people wrote since.
    known.description
      ? recordRun(tools, known, { run })
      : warn(
          `Could not fetch the description of ${reopened.label}, so this run was not recorded in it. An older run may close the case.`,
          { kind: 'run-not-recorded', cases: [reopened.label] },
        ),
  ]);
  return { outcome: 'reopened', case: reopened, commentUrl };
}

/**
 * Closes the cases of a key that other steps have opened since this one decided to reopen an older case: they may have
 * another `reopen_within`. Never throws: it warns.
 */
export async function closeOpenedMeanwhile(
  tools: CaseTools,
  reopened: Case,
  { run, key }: { readonly run: RunContext; readonly key: CaseKey },
): Promise<void> {
  const client = within('settle', tools.datadog);
  try {
    const { open, uncheckedIds } = await fetchKeyedCases(tools, client, key);
    const others = open.filter(({ id }) => id !== reopened.id && !uncheckedIds.has(id));
    const younger = others.filter((other) => compareByAge(reopened, other) < 0);
    if (!younger.length) return;
    const current = await fetchCurrentState(client, reopened);
    if (current.state !== 'open') return;
    await recordRun(tools, current.case, { run, others: younger });
    await closeOtherCases(tools, { original: current.case, others: younger });
  } catch (error) {
    tools.warn(`Could not check whether another step has opened a case meanwhile. ${explain(error).text}`, {
      kind: 'maybe-duplicate',
      cases: [reopened.label],
    });
  }
}
