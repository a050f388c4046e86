import { InputError, type InputIssue, toSentence } from '../base/errors.ts';
import { explain } from '../content/explain.ts';
import { closingComment } from '../content/timeline.ts';
import type { Case } from '../datadog/case.ts';
import { addComment, closeCase } from '../datadog/cases.ts';
import { findProject } from '../datadog/projects.ts';
import { parseReference } from '../datadog/reference.ts';
import { fetchStatusNames, findStatusName } from '../datadog/statuses.ts';
import type { RunContext } from '../github/run-context.ts';
import { limitTo } from '../http/client.ts';
import { HttpError, UnexpectedResponseError } from '../http/errors.ts';
import type { Inputs } from '../inputs/parse-inputs.ts';
import type { CaseContext } from './context.ts';
import { findKeyedCases, mayHaveOpenCase, warnOfOtherRepository } from './find-existing.ts';
import { commentOnPullRequest } from './link-pull-request.ts';
import type { NothingToDo, Result } from './result.ts';
import { closeDuplicate } from './settle.ts';

/**
 * Closes the open case of the `dedup_key`, with a timeline comment that links the run. Closes any duplicates that an
 * earlier failed or stale search let through. Leaves a case open if a newer run opened it: that failure
 * came after this success. Throws InputError, LookupError and the HTTP errors.
 */
export async function closeCaseOfKey(context: CaseContext): Promise<Result> {
  const { inputs, datadog, run, onCase, warn } = context;
  if (!inputs.isDryRun && !(await mayHaveOpenCase(context))) return reportNone(inputs);
  const [project, issues] = await Promise.all([
    findProject(datadog, inputs.project),
    inputs.isDryRun ? verifyProjectExists(context) : [],
  ]);
  if (issues.length) throw new InputError(issues);
  const { open } = await findKeyedCases(context, datadog, project.id);
  const [oldest, ...duplicates] = open;
  if (!oldest) return reportNone(inputs);
  const reason = [oldest, ...duplicates].flatMap((datadogCase) => explainNewerRun(datadogCase, run) ?? [])[0];
  if (reason) return { outcome: 'none', reason };
  if (inputs.isDryRun) return { outcome: 'planned', operation: 'close', case: oldest };
  datadog.log(`Found the open case ${oldest.label}.`);
  warnOfOtherRepository(context, oldest);
  onCase(oldest, 'found');
  await addComment(limitTo(datadog, 1 / 3), oldest.id, closingComment(run)).catch((error: unknown) => {
    warn(`Could not comment on ${oldest.label}, which is closed without a comment. ${explain(error).text}`);
  });
  // Duplicates first, so that the case itself is the one that was closed last, which `reopen_within` looks for.
  await Promise.all(duplicates.map((duplicate) => closeDuplicate(context, { duplicate, original: oldest })));
  const closed = await closeWithStatus(context, oldest);
  onCase(closed, 'closed');
  const commentUrl = await commentOnPullRequest(context, closed, { isFailure: false });
  return { outcome: 'closed', case: closed, commentUrl };
}

/** A dry run checks a UUID as well. Loaded only then. */
async function verifyProjectExists({ inputs, datadog }: CaseContext): Promise<readonly InputIssue[]> {
  const { verifyProject } = await import('../datadog/verify-names.ts');
  return verifyProject(datadog, inputs.project);
}

function reportNone({ isKeyDerived, project, dedupKey }: Inputs): Result {
  const reason: NothingToDo = isKeyDerived
    ? { kind: 'none-open-for-job' }
    : { kind: 'none-open', project, dedupKey };
  return { outcome: 'none', reason };
}

/**
 * Why this run must not close the case: a newer run opened it. `undefined` if it may. Run IDs grow over time, and a
 * re-run keeps its ID.
 */
function explainNewerRun(
  datadogCase: Case,
  { run, repository, repositoryUrl }: RunContext,
): NothingToDo | undefined {
  const openedBy = parseReference(datadogCase.description)?.openedBy;
  // Letter case doesn't matter to GitHub.
  const isOwn = openedBy?.repository.toLowerCase() === repository.toLowerCase();
  if (!run || !isOwn || openedBy.id <= run.id) return undefined;
  return {
    kind: 'newer-run',
    case: datadogCase,
    failedRunId: openedBy.id,
    failedRunUrl: `${repositoryUrl}/actions/runs/${openedBy.id}`,
    runId: run.id,
  };
}

/** Closes with `status_name`, falling back to the generic closed status if that is rejected or doesn't close. */
async function closeWithStatus({ inputs, datadog, warn }: CaseContext, datadogCase: Case): Promise<Case> {
  const { statusName } = inputs;
  if (!statusName) return closeCase(datadog, datadogCase.id);
  try {
    return await closeCase(datadog, datadogCase.id, statusName);
  } catch (error) {
    const isStatusRejected =
      error instanceof UnexpectedResponseError || (error instanceof HttpError && error.isContentRejected);
    if (!isStatusRejected) throw error;
    const names = await fetchStatusNames(datadog, datadogCase.typeId).catch(() => []);
    const corrected = findStatusName(names, statusName);
    const closed =
      corrected && corrected !== statusName
        ? await closeCase(datadog, datadogCase.id, corrected).catch(() => undefined)
        : undefined;
    if (closed) return closed;
    warn(`status_name: ${toSentence(error)} The case is closed with the type's default status.`);
    return closeCase(datadog, datadogCase.id);
  }
}
