import { toSentence } from '../base/errors.ts';
import { explain } from '../content/explain.ts';
import { closingComment } from '../content/timeline.ts';
import type { Case } from '../datadog/case.ts';
import { addComment, closeCase } from '../datadog/cases.ts';
import { LookupError } from '../datadog/errors.ts';
import { findProject } from '../datadog/projects.ts';
import { sharedReference } from '../datadog/reference.ts';
import { findOpenCases } from '../datadog/search.ts';
import { limitTo } from '../http/client.ts';
import { HttpError, UnexpectedResponseError } from '../http/errors.ts';
import type { CaseContext } from './context.ts';
import { commentOnPullRequest } from './link-pull-request.ts';
import type { Result } from './result.ts';
import { closeDuplicate } from './settle.ts';

/**
 * Closes the open case of the `dedup_key`, with a timeline comment that links the run. Closes any duplicates that an
 * earlier failed or stale search let through. Throws InputError, LookupError and the HTTP errors.
 */
export async function closeCaseOfKey(context: CaseContext): Promise<Result> {
  const { inputs, datadog, run, onCase, warn } = context;
  const project = await findProject(datadog, inputs.project);
  const reference = sharedReference(project.id, inputs.dedupKey);
  const [oldest, ...duplicates] = await findOpenCases(datadog, project.id, reference).catch(
    (cause: unknown) => {
      throw new LookupError('The open case of this dedup_key', 'cases_read', cause);
    },
  );
  if (!oldest) return { outcome: 'none' };
  if (inputs.dryRun) return { outcome: 'planned', operation: 'close', case: oldest };
  onCase(oldest, 'failed');
  await addComment(limitTo(datadog, 1 / 3), oldest.id, closingComment(run)).catch((error: unknown) => {
    warn(`${oldest.label} got no comment that says why it is closed. ${explain(error).text}`);
  });
  const closed = await closeWithStatus(context, oldest);
  onCase(closed, 'closed');
  const [commentUrl] = await Promise.all([
    commentOnPullRequest(context, closed, { isFailure: false }),
    ...duplicates.map((duplicate) => closeDuplicate(context, { duplicate, original: closed })),
  ]);
  return { outcome: 'closed', case: closed, commentUrl };
}

/** Closes with `status_name`, falling back to the generic closed status if that is rejected or doesn't close. */
async function closeWithStatus({ inputs, datadog, warn }: CaseContext, { id }: Case): Promise<Case> {
  if (!inputs.statusName) return closeCase(datadog, id);
  try {
    return await closeCase(datadog, id, inputs.statusName);
  } catch (error) {
    const isStatusRejected =
      error instanceof UnexpectedResponseError || (error instanceof HttpError && error.isContentRejected);
    if (!isStatusRejected) throw error;
    warn(`status_name: ${toSentence(error)} It is left out, and the case closed with the type's own status.`);
    return closeCase(datadog, id);
  }
}
