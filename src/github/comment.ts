import { getOctokit } from '@actions/github';
import type { Case } from '../datadog/cases.ts';
import type { Service } from '../http.ts';
import { code, link, tableRow } from '../text.ts';
import { runLink } from './context.ts';
import type { About } from './event.ts';

/** What the comment tells. */
export interface News {
  readonly about: About;
  readonly known: Case;
  /** The case's page. */
  readonly url: string;
  /** Whether this run adds to the count, and may write the first comment. */
  readonly failed: boolean;
  readonly pull: number | undefined;
}

export type Told = { readonly url: string; readonly pull: number } | 'no pull request' | 'no comment';

type Octokit = ReturnType<typeof getOctokit>;

const PAGE = 100;
/** Pages that are asked for at once. */
const ABREAST = 5;
const ATTEMPTS = 3;
const LONGEST_PAUSE = 5000;

/**
 * Tells the pull request about the case: one comment for one case, written the first time and updated after that.
 * Gives the comment's address, or why there is none. Throws octokit's errors. A failure that may pass is tried
 * again from the beginning, so that a comment whose answer was lost is found and not doubled.
 */
export async function tell(service: Service, token: string, news: News): Promise<Told> {
  const octokit = connect(service, token);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const pull = news.pull ?? (await pullOf(octokit, news.about));
      if (!pull) return 'no pull request';
      const id = await upsert(octokit, pull, news);
      return id ? { url: `${news.about.home}/pull/${pull}#issuecomment-${id}`, pull } : 'no comment';
    } catch (error) {
      const pause = attempt < ATTEMPTS ? pauseAfter(error, attempt, service) : undefined;
      if (pause === undefined || service.clock.now() + pause >= service.deadline) throw error;
      await service.clock.sleep(pause);
    }
  }
}

function connect(service: Service, token: string): Octokit {
  const { clock, deadline, patience, url, fetch } = service;
  const quiet = () => undefined;
  return getOctokit(token, {
    baseUrl: url,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    request: {
      // Its own fetch would bring undici along, and know neither our proxy nor our deadline.
      fetch: (address: string, init: Parameters<typeof fetch>[1]) =>
        fetch(address, {
          ...init,
          signal: clock.expiry(Math.max(1, Math.min(patience, deadline - clock.now()))),
        }),
    },
  });
}

/** Milliseconds to wait after a failure that may pass: a fault of the server, or a rate limit. Source: GitHub's documentation. */
function pauseAfter(error: unknown, attempt: number, { clock }: Service): number | undefined {
  const { status, response } = (error ?? {}) as {
    status?: number;
    response?: { headers?: Record<string, string | undefined> };
  };
  const asked = Number(response?.headers?.['retry-after']) * 1000;
  const limited = (status === 403 || status === 429) && (asked >= 0 || /rate limit/i.test(String(error)));
  if (!limited && !(status !== undefined && status >= 500)) return undefined;
  const pause = asked >= 0 ? asked : (1 + clock.random()) * 500 * 2 ** (attempt - 1);
  return pause <= LONGEST_PAUSE ? pause : undefined;
}

/** The pull request that brought the commit: an open one rather than one that is not. */
async function pullOf(octokit: Octokit, { repository, sha }: About): Promise<number | undefined> {
  if (!sha) return undefined;
  const { data } = await octokit.rest.repos.listPullRequestsAssociatedWithCommit({
    ...named(repository),
    commit_sha: sha,
  });
  if (!Array.isArray(data))
    throw new Error('GitHub answered with something that is no list of pull requests.');
  return (data.find(({ state }) => state === 'open') ?? data[0])?.number;
}

/** Writes or updates the comment and gives its id; nothing where there is none to update and none is to be written. */
async function upsert(octokit: Octokit, pull: number, news: News): Promise<number | undefined> {
  const repo = named(news.about.repository);
  const found = await own(octokit, repo, pull, news.known.id);
  if (!found && !news.failed) return undefined;
  const seen = (found?.seen ?? 0) + (news.failed ? 1 : 0);
  const body = bodyOf(news, seen);
  const { data } = found
    ? await octokit.rest.issues.updateComment({ ...repo, comment_id: found.id, body })
    : await octokit.rest.issues.createComment({ ...repo, issue_number: pull, body });
  if (typeof data.id !== 'number') throw new Error('GitHub answered with something that is no comment.');
  return data.id;
}

/** The comment of this case that this token itself wrote; anyone can copy the marker. */
async function own(
  octokit: Octokit,
  repo: Repo,
  pull: number,
  caseId: string,
): Promise<{ id: number; seen: number } | undefined> {
  const marker = new RegExp(`^<!-- datadog-case ${wordOf(caseId)} seen ([0-9]{1,9}) -->`);
  const page = (number: number) =>
    octokit.rest.issues.listComments({ ...repo, issue_number: pull, per_page: PAGE, page: number });
  const first = await page(1);
  if (!Array.isArray(first.data))
    throw new Error('GitHub answered with something that is no list of comments.');
  const last = Number(/[?&]page=(\d+)[^>]*>; rel="last"/.exec(first.headers.link ?? '')?.[1] ?? 1);
  // The newest pages first, a few at a time: that is where the comment is, most often.
  const rest = Array.from({ length: last - 1 }, (_, at) => last - at);
  for (let at = 0; at <= rest.length; at += ABREAST) {
    const pages = await Promise.all(rest.slice(at, at + ABREAST).map(page));
    if (at + ABREAST > rest.length) pages.push(first);
    for (const comment of pages.flatMap(({ data }) => data)) {
      const seen = marker.exec(comment.body ?? '')?.[1];
      if (seen && (await isOwn(octokit, comment.node_id))) return { id: comment.id, seen: Number(seen) };
    }
  }
  return undefined;
}

/** An id that can do nothing in a comment of HTML, nor in a pattern. */
function wordOf(id: string): string {
  return id.replace(/\W+/g, '-');
}

/** GitHub alone can say who wrote a comment for whom: an app's token has no user to compare with. */
async function isOwn(octokit: Octokit, nodeId: string): Promise<boolean> {
  const query = 'query($id: ID!) { node(id: $id) { ... on IssueComment { viewerDidAuthor } } }';
  const { node } = await octokit.graphql<{ node: { viewerDidAuthor?: boolean } | null }>(query, {
    id: nodeId,
  });
  return node?.viewerDidAuthor === true;
}

function bodyOf({ about, known, url }: News, seen: number): string {
  const cells: [string, string][] = [
    ['Status', code(known.status)],
    ['Priority', known.priority === 'NOT_DEFINED' ? '' : code(known.priority)],
    ['Latest run', runLink(about)],
    ['Failed', `${seen} ${seen === 1 ? 'time' : 'times'}`],
  ];
  const told = cells.filter(([, text]) => text);
  return [
    `<!-- datadog-case ${wordOf(known.id)} seen ${seen} -->`,
    `**Datadog case ${link(known.name, url)}**: ${code(known.title, 500)}`,
    '',
    tableRow(told.map(([name]) => name)),
    tableRow(told.map(() => '---')),
    tableRow(told.map(([, text]) => text)),
  ].join('\n');
}

interface Repo {
  readonly owner: string;
  readonly repo: string;
}

function named(repository: string): Repo {
  const [owner = '', repo = ''] = repository.split('/');
  return { owner, repo };
}
