import { toSentence } from '../base/errors.ts';
import { renderCaseComment } from '../content/pull-request-comment.ts';
import type { Case } from '../datadog/case.ts';
import type { CaseContext } from './context.ts';

const COMMENT_BUDGET_MS = 15_000;

/**
 * Links the case in a comment on the pull request, if `pr_comment` asks for it. Returns the comment's URL, or an empty
 * text if none was written. Only failures create the comment or increase its count. Never throws: it warns.
 */
export async function commentOnPullRequest(
  { inputs, datadog, run, connectToGitHub, warn }: CaseContext,
  known: Case,
  { isFailure }: { readonly isFailure: boolean },
): Promise<string> {
  if (!inputs.prComment) return '';
  if (!connectToGitHub) {
    warn('The pull request gets no comment, since the step has no github_token or no repository.');
    return '';
  }
  try {
    const { upsertCaseComment } = await import('../github/pull-request-comments.ts');
    const number = inputs.prNumber ?? run.pullRequestNumber;
    const result = await upsertCaseComment(
      connectToGitHub(COMMENT_BUDGET_MS),
      inputs.githubToken,
      run,
      number,
      {
        caseId: known.id,
        isFailure,
        render: (failureCount) => renderCaseComment(run, known, failureCount),
      },
    );
    if (result.kind === 'written') return result.url;
    if (result.kind === 'no-pull-request')
      datadog.log('No pull request gets a comment, since none belongs to this event or commit.');
  } catch (error) {
    warn(
      `The pull request gets no comment. ${toSentence(error)} Commenting takes the permission pull-requests: write, which runs of pull requests from forks never have.`,
    );
  }
  return '';
}
