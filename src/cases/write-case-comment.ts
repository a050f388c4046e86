import { renderCaseComment } from '../content/pull-request-comment.ts';
import type { Case } from '../datadog/case.ts';
import { type FailedJobsWithLogs, NO_FAILED_JOBS } from '../github/collect-failed-jobs.ts';
import { explainGitHubError, lacksPermission, PullRequestError, readGitHubStatus } from '../github/errors.ts';
import { commentOnPullRequest } from '../github/pull-request-comments.ts';
import type { CaseContext } from './context.ts';

/** What happened to a case. */
export interface CaseEvent {
  readonly isFailure: boolean;
  readonly failures?: FailedJobsWithLogs;
}

const COMMENT_BUDGET_MS = 15_000;

/** What `commentOnPullRequest` does if `pr_comment` asks for it. */
export async function writeCaseComment(
  { inputs, datadog, run, connectToGitHub, warn }: CaseContext,
  datadogCase: Case,
  { isFailure, failures = NO_FAILED_JOBS }: CaseEvent,
): Promise<string> {
  if (!connectToGitHub) {
    warn(
      'Could not comment on the pull request: github_token is empty, or the step runs outside of a repository.',
    );
    return '';
  }
  try {
    const number = inputs.prNumber ?? run.pullRequestNumber;
    const result = await commentOnPullRequest(
      connectToGitHub(COMMENT_BUDGET_MS),
      inputs.githubToken,
      run,
      number,
      {
        caseId: datadogCase.id,
        isFailure,
        render: (failureCount) => renderCaseComment(run, datadogCase, { failureCount, failedJobs: failures }),
      },
    );
    if (result.kind === 'written') return result.url;
    if (result.kind === 'no-pull-request')
      datadog.log('No pull request found for this event or commit, so no comment was written.');
  } catch (error) {
    warn(describeFailure(error));
  }
  return '';
}

/** Says which part failed: finding the pull request, the token, its permission, or something else. */
function describeFailure(error: unknown): string {
  const cause = error instanceof PullRequestError ? error.cause : error;
  const number = error instanceof PullRequestError ? error.pullRequestNumber : undefined;
  const subject = number === undefined ? 'the pull request of this commit' : `pull request #${number}`;
  if (readGitHubStatus(cause) === 404 && number !== undefined)
    return `Could not comment on ${subject}: not found. Check pr_number, and that github_token can read the repository.`;
  const permission = number === undefined ? 'contents: read' : 'pull-requests: write';
  // GitHub gives runs of pull requests from forks a read-only token.
  const hint = lacksPermission(cause) ? ' Runs of pull requests from forks never have it.' : '';
  return `Could not comment on ${subject}: ${explainGitHubError(cause, permission)}${hint}`;
}
