import type { Case } from '../datadog/case.ts';
import type { CaseContext } from './context.ts';
import type { CaseEvent } from './write-case-comment.ts';

/**
 * Links the case in a comment on the pull request, if `pr_comment` asks for it. Returns the comment's URL, or an empty
 * text if none was written. Only failures create the comment or increase its count. Never throws: it warns.
 */
export async function commentOnPullRequest(
  context: CaseContext,
  datadogCase: Case,
  event: CaseEvent,
): Promise<string> {
  if (!context.inputs.shouldComment) return '';
  const { writeCaseComment } = await import('./write-case-comment.ts');
  return writeCaseComment(context, datadogCase, event);
}
