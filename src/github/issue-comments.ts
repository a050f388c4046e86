import { asRecord, asString } from '../base/json.ts';
import type { Octokit } from './octokit.ts';

/** A pull request. For comments, GitHub treats it as an issue. */
export interface PullRequest {
  readonly owner: string;
  readonly repo: string;
  readonly number: number;
}

/** A comment on a pull request. */
export interface IssueComment {
  readonly id: number;
  readonly nodeId: string;
  readonly body: string;
}

const PAGE_SIZE = 100;
const PAGE_CONCURRENCY = 5;
/** 10,000 comments if GitHub doesn't say how many pages there are, else 100,000. */
const MAX_PAGES_IN_SEQUENCE = 100;
const MAX_PAGES = 1000;
/** The most nodes of one query. Source: https://docs.github.com/graphql/reference/queries#nodes */
const MAX_NODES = 100;

interface Page {
  readonly comments: readonly IssueComment[];
  readonly link: string;
}

/**
 * Finds the comments that match and that this token wrote itself, oldest first: anyone can copy a comment. Reads the
 * newest pages first, a few at a time, and stops at the first ones that have such comments. Throws octokit's errors.
 */
export async function fetchOwnComments(
  octokit: Octokit,
  pullRequest: PullRequest,
  matches: (comment: IssueComment) => boolean,
): Promise<IssueComment[]> {
  for await (const comments of fetchNewestFirst(octokit, pullRequest)) {
    const own = await selectOwn(octokit, comments.filter(matches));
    if (own.length) return own.sort((a, b) => a.id - b.id);
  }
  return [];
}

async function* fetchNewestFirst(
  octokit: Octokit,
  pullRequest: PullRequest,
): AsyncGenerator<readonly IssueComment[]> {
  const fetchNumber = (page: number) => fetchPage(octokit, pullRequest, page);
  const first = await fetchNumber(1);
  const last = Math.min(MAX_PAGES, Number(/[?&]page=(\d+)[^>]*>; rel="last"/.exec(first.link)?.[1] ?? 1));
  if (last === 1 && hasNext(first)) {
    yield await fetchInSequence(first, fetchNumber);
    return;
  }
  const numbers = Array.from({ length: last - 1 }, (_, index) => last - index);
  for (let start = 0; start <= numbers.length; start += PAGE_CONCURRENCY) {
    const pages = await Promise.all(numbers.slice(start, start + PAGE_CONCURRENCY).map(fetchNumber));
    if (start + PAGE_CONCURRENCY > numbers.length) pages.push(first);
    yield pages.flatMap(({ comments }) => comments);
  }
}

/** Follows the links to the next page. GitHub leaves out the link to the last one if counting is too costly. */
async function fetchInSequence(
  first: Page,
  fetchNumber: (page: number) => Promise<Page>,
): Promise<readonly IssueComment[]> {
  const pages = [first];
  let current = first;
  for (let number = 2; hasNext(current) && number <= MAX_PAGES_IN_SEQUENCE; number += 1) {
    current = await fetchNumber(number);
    pages.push(current);
  }
  return pages.flatMap(({ comments }) => comments);
}

function hasNext({ link }: Page): boolean {
  return link.includes('rel="next"');
}

async function fetchPage(
  octokit: Octokit,
  { number, ...repository }: PullRequest,
  page: number,
): Promise<Page> {
  const { data, headers } = await octokit.request(
    'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
    {
      ...repository,
      issue_number: number,
      per_page: PAGE_SIZE,
      page,
    },
  );
  if (!Array.isArray(data)) throw new Error('GitHub returned no list of comments.');
  const comments = data.map(asRecord).map(({ id, node_id: nodeId, body }) => {
    return { id: Number(id), nodeId: asString(nodeId), body: asString(body) };
  });
  return { comments, link: headers.link ?? '' };
}

/** The comments that this token wrote. Asks GitHub, because an installation token has no login to compare with. */
async function selectOwn(octokit: Octokit, comments: readonly IssueComment[]): Promise<IssueComment[]> {
  const own: IssueComment[] = [];
  for (let start = 0; start < comments.length; start += MAX_NODES) {
    const chunk = comments.slice(start, start + MAX_NODES);
    const nodes = await fetchAuthorship(
      octokit,
      chunk.map(({ nodeId }) => nodeId),
    );
    own.push(...chunk.filter((_, index) => nodes[index]?.viewerDidAuthor === true));
  }
  return own;
}

type Authorship = ({ readonly viewerDidAuthor?: boolean } | null)[];

async function fetchAuthorship(octokit: Octokit, ids: readonly string[]): Promise<Authorship> {
  const query = 'query($ids: [ID!]!) { nodes(ids: $ids) { ... on IssueComment { viewerDidAuthor } } }';
  try {
    return (await octokit.graphql<{ nodes: Authorship }>(query, { ids })).nodes;
  } catch (error) {
    // A comment that was deleted in the meantime is an error beside the data of the others.
    const { data } = (error ?? {}) as { data?: { nodes?: unknown } };
    if (Array.isArray(data?.nodes)) return data.nodes;
    throw error;
  }
}
