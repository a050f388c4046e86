import { InputError } from '../base/errors.ts';
import { closingComment } from '../content/comments.ts';
import { explain } from '../content/explain.ts';
import { describeStatusFallback } from '../content/warnings.ts';
import type { Case } from '../datadog/case.ts';
import { addComment, closeCase, closeCaseAs, StatusUnchangedError } from '../datadog/cases.ts';
import type { DatadogClient } from '../datadog/client.ts';
import { fetchProject } from '../datadog/projects.ts';
import { fetchCurrentState } from '../datadog/search.ts';
import { fetchStatusNames, findStatusName, NO_STATUS_NAMES } from '../datadog/statuses.ts';
import { fetchStaleNames, type NamesOfFailure, verifyProject } from '../datadog/verify-names.ts';
import type { Contradiction } from '../github/contradictions.ts';
import type { RunContext } from '../github/run-context.ts';
import { isContentRejection } from '../http/fate.ts';
import { FRESH_MS, within } from '../http/time-plan.ts';
import type { Inputs } from '../inputs/parse-inputs.ts';
import { decideClose } from './decide.ts';
import { closeDuplicate } from './duplicates.ts';
import { fetchKeyedCases, type KeyedCases, refreshOpenCases, warnOfOtherRepository } from './keyed-cases.ts';
import type { CommentOnPullRequest } from './pull-request.ts';
import type { NothingToDo, Result } from './result.ts';
import type { CaseTools } from './tools.ts';

/** A success that is to close the case of its key. */
interface Success {
  readonly inputs: Inputs;
  readonly run: RunContext;
  /** When it must be known whether a case is open, in milliseconds since 1970. */
  readonly findDeadlineMs: number;
  /** Whether the step decides by a result, so that other jobs of the same attempt may have failed. */
  readonly isByResult: boolean;
  /** Asks GitHub, once a case is to be closed, whether the result hides a failure. Never throws. */
  readonly findContradiction?: (() => Promise<Contradiction | undefined>) | undefined;
  readonly commentOnPullRequest: CommentOnPullRequest;
}

/**
 * Closes the open case of the `dedup_key`, with a timeline comment that links the run. Closes any duplicates that an
 * earlier failed or stale search let through. Throws InputError, LookupError, HttpError, UnexpectedResponseError,
 * NetworkError and TimeoutError.
 */
export async function closeCaseOfKey(tools: CaseTools, success: Success): Promise<Result> {
  const { inputs, isByResult, findDeadlineMs } = success;
  const { datadog } = tools;
  const client = { ...datadog, deadlineMs: Math.min(datadog.deadlineMs, findDeadlineMs) };
  // A case that can be closed doesn't wait for this.
  const checking = isByResult && !inputs.isDryRun ? checkNames(tools, client, inputs) : undefined;
  try {
    return await closeOpenCase(tools, client, success);
  } finally {
    await checking;
  }
}

async function closeOpenCase(tools: CaseTools, client: DatadogClient, success: Success): Promise<Result> {
  const { inputs, run, isByResult, findContradiction } = success;
  const keyed = await gather(tools, client, inputs);
  const rules = { run, respectsOwnAttempt: isByResult };
  let decision = decideClose(keyed, rules);
  if (decision.kind === 'close' && findContradiction) {
    const decidedAtMs = tools.clock.now();
    const contradiction = await findContradiction();
    if (contradiction) return { outcome: 'none', reason: { ...contradiction, case: decision.case } };
    // Others may have reported a failure meanwhile.
    if (tools.clock.now() - decidedAtMs >= FRESH_MS)
      decision = decideClose(await refreshOpenCases(client, keyed), rules);
  }
  if (decision.kind === 'nothing-open') return { outcome: 'none', reason: describeNothing(inputs) };
  if (decision.kind === 'none') return { outcome: 'none', reason: decision.reason };
  if (inputs.isDryRun) return { outcome: 'planned', operation: 'close', case: decision.case };
  return act(tools, { ...success, datadogCase: decision.case, duplicates: decision.duplicates });
}

async function gather(tools: CaseTools, client: DatadogClient, inputs: Inputs): Promise<KeyedCases> {
  const finding = fetchProject(client, inputs.project);
  const [keyed] = await Promise.all([
    finding.then(({ id }) =>
      fetchKeyedCases(tools, client, {
        projectId: id,
        dedupKey: inputs.dedupKey,
        isDerived: inputs.isKeyDerived,
      }),
    ),
    inputs.isDryRun ? verifyProjectExists(client, inputs.project) : undefined,
  ]);
  return keyed;
}

/** A dry run checks a UUID as well. Throws InputError, and LookupError if the request fails. */
async function verifyProjectExists(client: DatadogClient, project: string): Promise<void> {
  const issues = await verifyProject(client, project);
  if (issues.length) throw new InputError(issues);
}

/** Warns of names that a failure could not use any more. Never throws. */
async function checkNames(
  { warn, log }: CaseTools,
  client: DatadogClient,
  names: NamesOfFailure,
): Promise<void> {
  try {
    for (const { input, text } of await fetchStaleNames(client, names))
      warn(
        `${input}: ${text} If the job fails, ${input === 'project' ? 'no case can be opened' : 'the case is opened without it'}.`,
      );
  } catch (error) {
    log(`Could not check the inputs that a failure would use. ${explain(error).text}`);
  }
}

function describeNothing({
  isKeyDerived,
  project,
  dedupKeyText: dedupKey,
}: Pick<Inputs, 'isKeyDerived' | 'project' | 'dedupKeyText'>): NothingToDo {
  return isKeyDerived ? { kind: 'none-open-for-job' } : { kind: 'none-open', project, dedupKey };
}

interface Closing extends Success {
  readonly datadogCase: Case;
  readonly duplicates: readonly Case[];
}

async function act(
  tools: CaseTools,
  { inputs, run, isByResult, datadogCase, duplicates, commentOnPullRequest }: Closing,
): Promise<Result> {
  const { datadog, log, warn, onCase } = tools;
  log(`Found the open case ${datadogCase.label}.`);
  warnOfOtherRepository(tools, datadogCase, run);
  onCase(datadogCase, 'found');
  // Duplicates first, so that the case itself is the one that was closed last, which `reopen_within` looks for.
  await Promise.all(
    duplicates.map((duplicate) => closeDuplicate(tools, { duplicate, original: datadogCase })),
  );
  if (duplicates.length) {
    // Others may have reported a failure to the case since.
    const current = await fetchCurrentState(datadog, datadogCase);
    const open = current.state === 'open' ? [current.case] : [];
    const rules = { run, respectsOwnAttempt: isByResult };
    const again = decideClose({ open, uncheckedIds: new Set() }, rules);
    if (again.kind === 'none') return { outcome: 'none', reason: again.reason };
  }
  const limited = { ...tools, datadog: within('status', datadog) };
  const closed = await closeWithStatus(limited, datadogCase, inputs.statusName);
  onCase(closed, 'closed');
  // Only now, because the timeline must not say so if closing is refused.
  const [commentUrl] = await Promise.all([
    commentOnPullRequest(closed, { isFailure: false }),
    addComment(datadog, closed.id, closingComment(run)).catch((error: unknown) =>
      warn(`Could not comment on ${closed.label}, which was closed. ${explain(error).text}`),
    ),
  ]);
  return { outcome: 'closed', case: closed, commentUrl };
}

/** Closes with `status_name`, falling back to the type's default if that is rejected or doesn't close. */
async function closeWithStatus(
  { datadog, warn }: CaseTools,
  datadogCase: Case,
  statusName: string,
): Promise<Case> {
  if (!statusName) return closeCase(datadog, datadogCase);
  try {
    return await closeCaseAs(datadog, datadogCase.id, statusName);
  } catch (error) {
    if (!(error instanceof StatusUnchangedError || isContentRejection(error))) throw error;
    const names = await fetchStatusNames(datadog, datadogCase.typeId).catch(() => NO_STATUS_NAMES);
    const corrected = findStatusName([...names.closed, ...names.open], statusName);
    if (corrected && corrected !== statusName) {
      const closed = await closeCaseAs(datadog, datadogCase.id, corrected).catch(() => undefined);
      if (closed) return closed;
    }
    const closed = await closeCase(datadog, datadogCase);
    const isRefused = !(error instanceof StatusUnchangedError);
    warn(describeStatusFallback(statusName, { isRefused, closingNames: names.closed }));
    return closed;
  }
}
