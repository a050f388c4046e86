import { getOctokit } from '@actions/github';
import type { ApiClient } from '../http/client.ts';
import type { RunContext } from './run-context.ts';

/** The comment to write about a case. */
export interface CaseComment {
  /** The case's ID, which finds the comment again. */
  readonly caseId: string;
  /** Whether this run failed. Only failures create the comment or increase its count. */
  readonly isFailure: boolean;
  /** The text, given how many runs have failed. */
  readonly render: (failureCount: number) => string;
}

export type CommentResult =
  | { readonly kind: 'written'; readonly url: string }
  | { readonly kind: 'no-pull-request' }
  | { readonly kind: 'nothing-to-update' };

type Octokit = ReturnType<typeof getOctokit>;

interface Repository {
  readonly owner: string;
  readonly repo: string;
}

const PAGE_SIZE = 100;
const PAGE_CONCURRENCY = 5;
const MAX_ATTEMPTS = 3;
const MAX_DELAY_MS = 5000;

/**
 * Writes one comment per case on the pull request: creates it the first time, then updates it. The pull request is
 * `pullRequestNumber`, or the one that contains the commit. Throws octokit's errors. An attempt that may succeed later
 * is repeated from the beginning, so that a comment whose response was lost is found rather than duplicated.
 */
export async function upsertCaseComment(
  client: ApiClient,
  token: string,
  context: RunContext,
  pullRequestNumber: number | undefined,
  comment: CaseComment,
): Promise<CommentResult> {
  const octokit = createOctokit(client, token);
  const repository = splitRepository(context.repository);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const number = pullRequestNumber ?? (await findPullRequest(octokit, repository, context.sha));
      if (!number) return { kind: 'no-pull-request' };
      const id = await writeComment(octokit, repository, number, comment);
      if (!id) return { kind: 'nothing-to-update' };
      return { kind: 'written', url: `${context.repositoryUrl}/pull/${number}#issuecomment-${id}` };
    } catch (error) {
      const delayMs = attempt < MAX_ATTEMPTS ? commentRetryDelayMs(error, attempt, client) : undefined;
      if (delayMs === undefined || client.clock.now() + delayMs >= client.deadlineMs) throw error;
      await client.clock.sleep(delayMs);
    }
  }
}

function createOctokit(client: ApiClient, token: string): Octokit {
  const { clock, deadlineMs, url, fetch, redactor } = client;
  const ignore = () => undefined;
  return getOctokit(token, {
    baseUrl: url,
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    request: {
      // Octokit's own fetch would load undici, and knows neither our proxy nor our deadline.
      fetch: (address: string, init: Parameters<typeof fetch>[1]) =>
        fetch(address, {
          ...init,
          ...(typeof init.body === 'string' && { body: redactor.redact(init.body) }),
          signal: clock.timeoutSignal(Math.max(1, deadlineMs - clock.now())),
        }),
    },
  });
}

/**
 * Milliseconds to wait after a server error or a rate limit; `undefined` if retrying won't help.
 * Source: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
function commentRetryDelayMs(error: unknown, attempt: number, { random }: ApiClient): number | undefined {
  const { status, response } = (error ?? {}) as {
    status?: number;
    response?: { headers?: Record<string, string | undefined> };
  };
  const retryAfterMs = Number(response?.headers?.['retry-after']) * 1000;
  const isRateLimited =
    (status === 403 || status === 429) && (retryAfterMs >= 0 || /rate limit/i.test(String(error)));
  if (!isRateLimited && !(status !== undefined && status >= 500)) return undefined;
  const delayMs = retryAfterMs >= 0 ? retryAfterMs : (1 + random()) * 500 * 2 ** (attempt - 1);
  return delayMs <= MAX_DELAY_MS ? delayMs : undefined;
}

/** The pull request that contains the commit, preferably an open one. */
async function findPullRequest(
  octokit: Octokit,
  repository: Repository,
  sha: string,
): Promise<number | undefined> {
  if (!sha) return undefined;
  const { data } = await octokit.rest.repos.listPullRequestsAssociatedWithCommit({
    ...repository,
    commit_sha: sha,
  });
  if (!Array.isArray(data))
    throw new Error('GitHub answered with something that is no list of pull requests.');
  return (data.find(({ state }) => state === 'open') ?? data[0])?.number;
}

/** Creates or updates the comment and returns its ID; `undefined` if there is nothing to do. */
async function writeComment(
  octokit: Octokit,
  repository: Repository,
  pullRequestNumber: number,
  { caseId, isFailure, render }: CaseComment,
): Promise<number | undefined> {
  const existing = await findOwnComment(octokit, repository, pullRequestNumber, caseId);
  if (!existing && !isFailure) return undefined;
  const failureCount = (existing?.failureCount ?? 0) + (isFailure ? 1 : 0);
  const body = `<!-- datadog-case ${toMarkerId(caseId)} seen ${failureCount} -->\n${render(failureCount)}`;
  const { data } = existing
    ? await octokit.rest.issues.updateComment({ ...repository, comment_id: existing.id, body })
    : await octokit.rest.issues.createComment({ ...repository, issue_number: pullRequestNumber, body });
  if (typeof data.id !== 'number') throw new Error('GitHub answered with something that is no comment.');
  return data.id;
}

/** The comment about this case that this token wrote itself: anyone can copy the marker. */
async function findOwnComment(
  octokit: Octokit,
  repository: Repository,
  pullRequestNumber: number,
  caseId: string,
): Promise<{ id: number; failureCount: number } | undefined> {
  const marker = new RegExp(`^<!-- datadog-case ${toMarkerId(caseId)} seen ([0-9]{1,9}) -->`);
  const fetchPage = (page: number) =>
    octokit.rest.issues.listComments({
      ...repository,
      issue_number: pullRequestNumber,
      per_page: PAGE_SIZE,
      page,
    });
  const firstPage = await fetchPage(1);
  if (!Array.isArray(firstPage.data))
    throw new Error('GitHub answered with something that is no list of comments.');
  const lastPage = Number(/[?&]page=(\d+)[^>]*>; rel="last"/.exec(firstPage.headers.link ?? '')?.[1] ?? 1);
  // Newest pages first, a few at a time: the comment is usually recent.
  const pageNumbers = Array.from({ length: lastPage - 1 }, (_, index) => lastPage - index);
  for (let start = 0; start <= pageNumbers.length; start += PAGE_CONCURRENCY) {
    const pages = await Promise.all(pageNumbers.slice(start, start + PAGE_CONCURRENCY).map(fetchPage));
    if (start + PAGE_CONCURRENCY > pageNumbers.length) pages.push(firstPage);
    for (const comment of pages.flatMap(({ data }) => data)) {
      const failureCount = marker.exec(comment.body ?? '')?.[1];
      if (failureCount && (await isAuthoredByToken(octokit, comment.node_id)))
        return { id: comment.id, failureCount: Number(failureCount) };
    }
  }
  return undefined;
}

/** Makes an ID safe inside an HTML comment and a RegExp. */
function toMarkerId(id: string): string {
  return id.replace(/\W+/g, '-');
}

/** Asks GitHub, because an installation token has no login to compare with. */
async function isAuthoredByToken(octokit: Octokit, nodeId: string): Promise<boolean> {
  const query = 'query($id: ID!) { node(id: $id) { ... on IssueComment { viewerDidAuthor } } }';
  const { node } = await octokit.graphql<{ node: { viewerDidAuthor?: boolean } | null }>(query, {
    id: nodeId,
  });
  return node?.viewerDidAuthor === true;
}

function splitRepository(repository: string): Repository {
  const [owner = '', repo = ''] = repository.split('/');
  return { owner, repo };
}
