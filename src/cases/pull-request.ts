import type { Unredacted } from '../base/unredacted.ts';
import { renderCaseComment } from '../content/comments.ts';
import type { Case } from '../datadog/case.ts';
import { type FailedJobsWithLogs, NO_FAILED_JOBS } from '../github/collect-failed-jobs.ts';
import { explainGitHubError, lacksPermission, PullRequestError, readGitHubStatus } from '../github/errors.ts';
import type { RunContext } from '../github/run-context.ts';
import type { ApiClient } from '../http/client.ts';
import { timeFor } from '../http/time-plan.ts';
import type { CaseTools } from './tools.ts';

/** What happened to a case. */
interface CaseEvent {
  readonly isFailure: boolean;
  readonly failedJobs?: FailedJobsWithLogs;
}

/**
 * Links a case in a comment on the pull request, if `pr_comment` asks for it. Returns the comment's URL, or an empty text
 * if none was written. Only failures create the comment or increase its count. Never throws: it warns.
 */
export type CommentOnPullRequest = (datadogCase: Case, event: CaseEvent) => Promise<string>;

/** Creates a client for GitHub's API with a time budget in milliseconds. */
export type ConnectToGitHub = (budgetMs: number) => ApiClient;

interface PullRequestOptions {
  /** `pr_comment`. */
  readonly isWanted: boolean;
  /** `pr_number`. */
  readonly number: number | undefined;
  readonly token: Unredacted;
  readonly run: RunContext;
  /** `undefined` without a token or a repository. */
  readonly connectToGitHub: ConnectToGitHub | undefined;
}

/** How a step comments on its pull request. */
export function createPullRequestCommenter(
  tools: Pick<CaseTools, 'datadog' | 'log' | 'warn'>,
  options: PullRequestOptions,
): CommentOnPullRequest {
  return async (datadogCase, event) => {
    if (!options.isWanted) return '';
    try {
      return await tryToComment(tools, options, { datadogCase, event });
    } catch (error) {
      tools.warn(describeFailure(error));
      return '';
    }
  };
}

/** Comments, or says why it doesn't: there is no pull request, or a setting is missing. Throws GitHub's errors. */
async function tryToComment(
  { datadog, log, warn }: Pick<CaseTools, 'datadog' | 'log' | 'warn'>,
  { number, token, run, connectToGitHub }: PullRequestOptions,
  {
    datadogCase,
    event: { isFailure, failedJobs = NO_FAILED_JOBS },
  }: { readonly datadogCase: Case; readonly event: CaseEvent },
): Promise<string> {
  if (!connectToGitHub) {
    warn(
      'Could not comment on the pull request: github_token is empty, or the step runs outside of a repository.',
    );
    return '';
  }
  const { commentOnPullRequest } = await import(
    /* webpackChunkName: "comments" */ '../github/pull-request-comments.ts'
  );
  const client = connectToGitHub(timeFor('pullRequestComment', datadog));
  const result = await commentOnPullRequest(client, token, run, number ?? run.pullRequestNumber, {
    caseId: datadogCase.id,
    isFailure,
    render: (failureCount) => renderCaseComment(run, datadogCase, { failureCount, failedJobs }),
  });
  if (result.kind === 'written') return result.url;
  if (result.kind === 'no-pull-request')
    log('No pull request found for this event or commit, so no comment was written.');
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
