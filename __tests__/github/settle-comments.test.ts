import { afterEach, beforeEach, expect, test } from '@jest/globals';
import nodeFetch from 'node-fetch';
import { markGiven } from '../../src/base/env.ts';
import { Redactor } from '../../src/base/redactor.ts';
import { Unredacted } from '../../src/base/unredacted.ts';
import { createGitHubClient } from '../../src/github/client.ts';
import { commentOnPullRequest } from '../../src/github/pull-request-comments.ts';
import { readRunContext } from '../../src/github/run-context.ts';
import { TOKEN_AUTHOR } from '../support/fake-github/stored-comment.ts';
import { FakeGitHub } from '../support/fake-github.ts';
import { REPOSITORY_URL } from '../support/pull-request-run.ts';
import { TestClock } from '../support/run-step.ts';

let github: FakeGitHub;
beforeEach(async () => {
  github = await FakeGitHub.start();
});
afterEach(() => github.stop());

interface Options {
  readonly isFailure?: boolean;
  readonly pullRequestNumber?: number | undefined;
  readonly sha?: string;
}

function writeComment({ isFailure = true, sha, ...options }: Options = {}) {
  const clock = new TestClock();
  const env = github.env(sha === undefined ? {} : { GITHUB_SHA: sha });
  const base = {
    fetch: nodeFetch,
    clock,
    random: () => 0.5,
    redactor: new Redactor(),
    deadlineMs: clock.time + 60_000,
    log: () => undefined,
  };
  const token = new Unredacted(FakeGitHub.token);
  const client = createGitHubClient(base, { env: markGiven(env), token, userAgent: 'agent/1' }, 60_000);
  const number = 'pullRequestNumber' in options ? options.pullRequestNumber : 12;
  return commentOnPullRequest(client, token, readRunContext(env, undefined), number, {
    caseId: 'case-1',
    isFailure,
    render: (count) => `Failed ${count} times.`,
  });
}

function ownComment(id: number, marker: string) {
  return { id, author: TOKEN_AUTHOR, body: `<!-- datadog-case case-1 ${marker}\nOld.` };
}

/** Replaces the comments when the step looks at them after it created its own, which has the ID 1000. */
function replaceWhenSettling(
  change: (comments: FakeGitHub['comments']) => FakeGitHub['comments'],
  { times }: { times: number },
) {
  let remaining = times;
  github.beforeResponse = ({ method, path }) => {
    const hasCreated = github.requestLines.some((line) => /^POST .*\/comments$/.test(line));
    if (!hasCreated || method !== 'GET' || !path.endsWith('/comments') || remaining === 0) return;
    remaining -= 1;
    github.comments = change(github.comments);
  };
}

/** The requests, without the part of the path that they share. */
function listRequests(): string[] {
  return github.requestLines.map((line) => line.replace('/repos/acme/shop/issues/', ''));
}

function written(id: number) {
  return { kind: 'written', url: `${REPOSITORY_URL}/pull/12#issuecomment-${id}` };
}

const LOOK = ['GET 12/comments', 'POST /graphql'];
const CREATE = ['GET 12/comments', 'POST 12/comments'];

test('looks once more after creating a comment, and leaves it as it is if it is alone', async () => {
  expect(await writeComment()).toEqual(written(1000));
  expect(listRequests()).toEqual([...CREATE, ...LOOK]);
  expect(github.comments.map(({ body }) => body)).toEqual([
    '<!-- datadog-case case-1 seen 1 -->\nFailed 1 times.',
  ]);
});

test('a success has nothing to update if there is no comment', async () => {
  expect(await writeComment({ isFailure: false })).toEqual({ kind: 'nothing-to-update' });
  expect(listRequests()).toEqual(['GET 12/comments']);
});

test('a success keeps the count of the comment that is there', async () => {
  github.comments = [ownComment(1, 'seen 3 -->')];
  expect(await writeComment({ isFailure: false })).toEqual(written(1));
  expect(github.comments[0]?.body).toBe('<!-- datadog-case case-1 seen 3 -->\nFailed 3 times.');
});

test('the created comment stands if looking again fails', async () => {
  github.injectFault({ request: 'GET .*/comments', skip: 1, response: { status: 404 } });
  expect(await writeComment()).toEqual(written(1000));
});

test.each<[string, (comments: FakeGitHub['comments']) => FakeGitHub['comments'], number, string[], string[]]>(
  [
    ['was deleted', () => [], 1000, ['GET 12/comments'], []],
    [
      'was merged into another one that counts it',
      () => [ownComment(1, 'seen 2 --><!-- merged 1000 -->')],
      1,
      LOOK,
      ['<!-- datadog-case case-1 seen 2 --><!-- merged 1000 -->\nOld.'],
    ],
    [
      'is newer than another one',
      (comments) => [ownComment(1, 'seen 2 -->'), ...comments.filter(({ id }) => id === 1000)],
      1,
      [...LOOK, 'PATCH comments/1', 'DELETE comments/1000', ...LOOK],
      ['<!-- datadog-case case-1 seen 3 --><!-- merged 1000 -->\nFailed 3 times.'],
    ],
  ],
)('after another step wrote too, the new comment %s', async (_, change, id, requests, bodies) => {
  replaceWhenSettling(change, { times: 1 });
  expect(await writeComment()).toEqual(written(id));
  expect(github.comments.map(({ body }) => body)).toEqual(bodies);
  expect(listRequests()).toEqual([...CREATE, ...requests]);
});

test('adds its failure again if its comment is gone and no other counts it', async () => {
  replaceWhenSettling(() => [ownComment(1, 'seen 2 --><!-- merged 7 -->')], { times: 1 });
  expect(await writeComment()).toEqual(written(1));
  expect(listRequests()).toEqual([...CREATE, ...LOOK, 'PATCH comments/1', ...LOOK]);
  expect(github.comments.map(({ body }) => body)).toEqual([
    '<!-- datadog-case case-1 seen 3 --><!-- merged 7 1000 -->\nFailed 3 times.',
  ]);
});

test('merges two comments of other steps if one of them counts its own', async () => {
  replaceWhenSettling(() => [ownComment(1, 'seen 2 --><!-- merged 1000 -->'), ownComment(2, 'seen 4 -->')], {
    times: 1,
  });
  expect(await writeComment()).toEqual(written(1));
  expect(github.comments.map(({ body }) => body)).toEqual([
    '<!-- datadog-case case-1 seen 6 --><!-- merged 1000 2 -->\nFailed 6 times.',
  ]);
});

test('gives up after three rounds if other steps keep overwriting the comment', async () => {
  replaceWhenSettling(() => [ownComment(1, 'seen 2 -->')], { times: 9 });
  expect(await writeComment()).toEqual(written(1));
  const round = [...LOOK, 'PATCH comments/1'];
  expect(listRequests()).toEqual([...CREATE, ...round, ...round, ...round]);
});

test('always adds the count of the oldest comment, even if a newer one includes it', async () => {
  github.comments = [ownComment(1, 'seen 2 -->'), ownComment(5, 'seen 3 --><!-- merged 1 -->')];
  expect(await writeComment()).toEqual(written(1));
  expect(github.comments.map(({ body }) => body)).toEqual([
    '<!-- datadog-case case-1 seen 6 --><!-- merged 1 5 -->\nFailed 6 times.',
  ]);
});

test('reports a response to an update that contains no comment', async () => {
  github.comments = [ownComment(1, 'seen 2 -->')];
  github.injectFault({ request: 'PATCH', response: { status: 200, body: { odd: true } } });
  await expect(writeComment()).rejects.toMatchObject({
    message: 'The pull request could not be commented on.',
    pullRequestNumber: 12,
    cause: new Error('GitHub returned no comment.'),
  });
});

test('asks for no pull request if the commit is unknown', async () => {
  expect(await writeComment({ pullRequestNumber: undefined, sha: '' })).toEqual({ kind: 'no-pull-request' });
  expect(github.requests).toEqual([]);
});

test.each([
  ['whose repository is deleted', { head: { repo: null }, base: { repo: { id: 1 } } }],
  ['without a base repository', { head: { repo: { id: 1 } }, base: { repo: null } }],
])('ignores a pull request %s', async (_, repositories) => {
  github.pullRequests = { ['a'.repeat(40)]: [{ number: 12, state: 'open', ...repositories }] };
  expect(await writeComment({ pullRequestNumber: undefined })).toEqual({ kind: 'no-pull-request' });
});
