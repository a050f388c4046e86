import type { Unredacted } from '../base/unredacted.ts';
import type { ApiClient } from '../http/client.ts';
import { type CommentMarker, parseMarker, renderMarker } from './comment-marker.ts';
import { PullRequestError } from './errors.ts';
import { fetchOwnComments, type IssueComment, type PullRequest } from './issue-comments.ts';
import { createOctokit, type Octokit, retryGitHub } from './octokit.ts';
import type { RunContext } from './run-context.ts';

/** The comment to write about a case. */
interface CaseComment {
  /** The case's ID, which finds the comment again. */
  readonly caseId: string;
  /** Whether this run failed. Only failures create the comment or increase its count. */
  readonly isFailure: boolean;
  /** The text, given how many runs have failed. */
  readonly render: (failureCount: number) => string;
}

type CommentResult =
  | { readonly kind: 'written'; readonly url: string }
  | { readonly kind: 'no-pull-request' }
  | { readonly kind: 'nothing-to-update' };

/** Looks at the comments again after creating one, at most this often. */
const MAX_SETTLE_ROUNDS = 3;

/**
 * Writes one comment per case on the pull request: creates it the first time, then updates it. The pull request is
 * `pullRequestNumber`, or the one that contains the commit. Throws PullRequestError. An attempt that may succeed later
 * is repeated from the beginning, so that a comment whose response was lost is found rather than duplicated.
 */
export async function commentOnPullRequest(
  client: ApiClient,
  token: Unredacted,
  context: RunContext,
  pullRequestNumber: number | undefined,
  comment: CaseComment,
): Promise<CommentResult> {
  const octokit = createOctokit(client, token);
  const [owner = '', repo = ''] = context.repository.split('/');
  let number = pullRequestNumber;
  try {
    return await retryGitHub(client, async () => {
      number ??= await fetchPullRequestNumber(octokit, { owner, repo }, context.sha);
      if (!number) return { kind: 'no-pull-request' };
      const thread = new CommentThread(octokit, { owner, repo, number }, comment);
      const id = await thread.comment();
      if (!id) return { kind: 'nothing-to-update' };
      return { kind: 'written', url: `${context.repositoryUrl}/pull/${number}#issuecomment-${id}` };
    });
  } catch (cause) {
    throw new PullRequestError(number, cause);
  }
}

/** The pull request that contains the commit, preferably an open one. Those of forks count only if they are merged. */
async function fetchPullRequestNumber(
  octokit: Octokit,
  repository: { readonly owner: string; readonly repo: string },
  sha: string,
): Promise<number | undefined> {
  if (!sha) return undefined;
  const { data } = await octokit.request('GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls', {
    ...repository,
    commit_sha: sha,
  });
  if (!Array.isArray(data)) throw new Error('GitHub returned no list of pull requests.');
  // A pull request of a fork can contain any commit of this repository.
  const own = data.filter(
    ({ head, base, merged_at: mergedAt }) => mergedAt || head?.repo?.id === base?.repo?.id,
  );
  return (own.find(({ state }) => state === 'open') ?? own[0])?.number;
}

/** Our comments about one case on one pull request: one, unless several steps created theirs at the same time. */
class CommentThread {
  readonly #octokit: Octokit;
  readonly #pullRequest: PullRequest;
  readonly #comment: CaseComment;

  constructor(octokit: Octokit, pullRequest: PullRequest, comment: CaseComment) {
    this.#octokit = octokit;
    this.#pullRequest = pullRequest;
    this.#comment = comment;
  }

  /** Creates or updates the comment and returns its ID; `undefined` if there is nothing to do. */
  async comment(): Promise<number | undefined> {
    const { isFailure } = this.#comment;
    const own = await this.#fetchOwn();
    if (own.length) return this.#merge(own, isFailure ? 1 : 0);
    if (!isFailure) return undefined;
    const id = await this.#create();
    // The comment exists: whatever fails from here on must not repeat it. The next run merges what is left.
    return this.#settle(id).catch(() => id);
  }

  #fetchOwn(): Promise<IssueComment[]> {
    return fetchOwnComments(
      this.#octokit,
      this.#pullRequest,
      ({ body }) => parseMarker(this.#comment.caseId, body) !== undefined,
    );
  }

  /**
   * Looks again after creating a comment: steps that run at the same time create one each. Merges all into the oldest,
   * and checks that it counts this one, since two steps may have merged at once. Returns the ID of the oldest.
   */
  async #settle(createdId: number): Promise<number> {
    let oldestId = createdId;
    for (let round = 0; round < MAX_SETTLE_ROUNDS; round += 1) {
      const own = await this.#fetchOwn();
      const [oldest] = own;
      if (!oldest || (own.length === 1 && oldest.id === createdId)) return createdId;
      oldestId = oldest.id;
      const isListed = own.some(({ id }) => id === createdId);
      const isCounted = own.some((comment) => this.#parse(comment).mergedIds.includes(createdId));
      if (isCounted && own.length === 1) return oldestId;
      if (isListed || isCounted) await this.#merge(own, 0);
      // Another step deleted the comment, and its count was overwritten.
      else await this.#update(oldest.id, this.#sum(own, 1, [createdId]));
    }
    return oldestId;
  }

  /** Updates the oldest comment with the counts of all, and deletes the others. Returns the ID of the oldest. */
  async #merge(own: readonly IssueComment[], newFailures: number): Promise<number> {
    const [oldest, ...others] = own;
    if (!oldest) throw new Error('There is no comment to merge.');
    await this.#update(oldest.id, this.#sum(own, newFailures, []));
    const { owner, repo } = this.#pullRequest;
    // Another step may have deleted them already. If that fails, the next run does it.
    await Promise.allSettled(
      others.map(({ id }) =>
        this.#octokit.request('DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}', {
          owner,
          repo,
          comment_id: id,
        }),
      ),
    );
    return oldest.id;
  }

  /** Adds the counts up. Counts that were merged before are not added twice. */
  #sum(own: readonly IssueComment[], newFailures: number, newIds: readonly number[]): CommentMarker {
    const [oldest, ...others] = own;
    const markers = own.map((comment) => this.#parse(comment));
    const counted = new Set(markers.flatMap(({ mergedIds }) => mergedIds));
    const failureCounts = own.map((comment, index) =>
      comment !== oldest && counted.has(comment.id) ? 0 : (markers[index]?.failureCount ?? 0),
    );
    return {
      failureCount: failureCounts.reduce((sum, count) => sum + count, newFailures),
      mergedIds: [...new Set([...counted, ...others.map(({ id }) => id), ...newIds])],
    };
  }

  #parse({ body }: IssueComment): CommentMarker {
    return parseMarker(this.#comment.caseId, body) ?? { failureCount: 0, mergedIds: [] };
  }

  async #create(): Promise<number> {
    const { owner, repo, number } = this.#pullRequest;
    const body = this.#render({ failureCount: 1, mergedIds: [] });
    const { data } = await this.#octokit.request(
      'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
      { owner, repo, issue_number: number, body },
    );
    return readId(data);
  }

  async #update(id: number, marker: CommentMarker): Promise<void> {
    const { owner, repo } = this.#pullRequest;
    const body = this.#render(marker);
    const { data } = await this.#octokit.request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', {
      owner,
      repo,
      comment_id: id,
      body,
    });
    readId(data);
  }

  #render(marker: CommentMarker): string {
    const { caseId, render } = this.#comment;
    return `${renderMarker(caseId, marker)}\n${render(marker.failureCount)}`;
  }
}

function readId(data: { readonly id?: unknown }): number {
  if (typeof data.id !== 'number') throw new Error('GitHub returned no comment.');
  return data.id;
}
