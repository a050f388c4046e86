import { expect, test } from '@jest/globals';
import { FakeGitHub } from '../support/fake-github.ts';
import type { FakeResponse } from '../support/fake-server.ts';
import { PULL_REQUEST_EVENT } from '../support/pull-request-run.ts';
import { useFakes } from '../support/use-fakes.ts';

const { github, clock, openCase } = useFakes();

function openCaseWithComment(inputs: Record<string, string> = {}, event: unknown = PULL_REQUEST_EVENT) {
  return openCase({ pr_comment: 'true', dedup_key: 'k', ...inputs }, { event });
}

test.each<[FakeResponse, number[]]>([
  [{ status: 404 }, []],
  [{ status: 422 }, []],
  [{ status: 403, body: { message: 'Resource not accessible by integration' } }, []],
  [{ status: 403, body: { message: 'You have exceeded a secondary rate limit' } }, [750, 1500]],
  [{ status: 429, body: { message: 'API rate limit exceeded' } }, [750, 1500]],
  [{ status: 429, headers: { 'Retry-After': '5' } }, [5000, 5000]],
  [{ status: 429, headers: { 'Retry-After': '6' } }, []],
  [{ status: 500 }, [750, 1500]],
  [{ status: 503, headers: { 'Retry-After': '0' } }, [0, 0]],
])('after %j, retries the comment with these delays: %j', async (response, delays) => {
  github.injectFault({ request: 'GET .*/issues/12/comments', response });
  expect((await openCaseWithComment({ dedup_key: '' })).messages('warning')).toContain(
    'Could not comment on',
  );
  expect(clock.delays).toEqual(delays);
});

test.each([
  ['GET .*/pulls', 'no list of pull requests', {}],
  ['GET .*/comments', 'no list of comments', PULL_REQUEST_EVENT],
  ['POST .*/comments', 'no comment', PULL_REQUEST_EVENT],
])('warns about an unexpected response to %s', async (request, message, event) => {
  github.injectFault({ request, response: { status: 200, body: { odd: true } } });
  expect((await openCaseWithComment({}, event)).messages('warning')).toContain(`GitHub returned ${message}`);
});

test('comments even if GitHub lists something that is no comment', async () => {
  const body = [null, 7, { id: 1, node_id: 'IC_1', body: null }];
  github.injectFault({ request: 'GET .*/comments', response: { status: 200, body } });
  const core = await openCaseWithComment();
  expect(core.messages('warning')).toBe('');
  expect(core.outputs.pr_comment_url).toMatch(/^https:/);
});

test('retries after 502 without duplicating the comment', async () => {
  github.injectFault({
    request: 'POST .*/issues/12/comments',
    times: 1,
    phase: 'after',
    response: { status: 502 },
  });
  const core = await openCaseWithComment();
  expect(core.messages('warning')).toBe('');
  expect(github.comments).toHaveLength(1);
});

test.each([
  ['a rate limit', { message: 'API rate limit exceeded' }, 'rate limit for github_token is exceeded'],
  ['a rule', { message: 'The organization has an IP allow list enabled' }, 'GitHub returned 403: The org'],
])('does not blame forks for a 403 that is %s', async (_, body, expected) => {
  github.injectFault({ request: 'GET .*/issues/12/comments', response: { status: 403, body } });
  const warning = (await openCaseWithComment()).messages('warning');
  expect(warning).toContain(expected);
  expect(warning).not.toContain('fork');
});

test('says that GitHub answered a comment with a redirect, and what it usually means', async () => {
  github.injectFault({
    request: 'POST .*/issues/12/comments',
    response: { status: 301, headers: { Location: '/elsewhere' } },
  });
  expect((await openCaseWithComment()).messages('warning')).toBe(
    'Could not comment on pull request #12: GitHub answered with a redirect. The repository was probably renamed or moved: start a new run, which uses its new name.',
  );
});

test('waits for a secondary rate limit if the wait is short', async () => {
  github.injectFault({
    request: 'GET .*/issues/12/comments',
    times: 1,
    response: { status: 403, headers: { 'Retry-After': '2' }, body: { message: 'secondary rate limit' } },
  });
  expect((await openCaseWithComment()).messages('warning')).toBe('');
  expect(clock.delays).toContain(2000);
  github.injectFault({
    request: 'GET .*/issues/12/comments',
    response: { status: 429, headers: { 'Retry-After': '60' } },
  });
  expect((await openCaseWithComment()).messages('warning')).toContain('Could not comment on');
});

test('GitHub requests respect the step’s timeout', async () => {
  github.injectFault({ request: 'GET .*/comments', response: 'hang' });
  const startedAt = clock.time;
  expect((await openCaseWithComment({ timeout: '3' })).messages('warning')).toContain('Could not comment on');
  expect(clock.time - startedAt).toBeLessThanOrEqual(3000);
});

test('warns that a comment requires github_token', async () => {
  expect((await openCaseWithComment({ github_token: '' })).messages('warning')).toContain(
    'github_token is empty',
  );
});

test('redacts the GitHub token from all visible text', async () => {
  github.injectFault({
    request: '.',
    response: { status: 400, body: { message: `bad ${FakeGitHub.token}` } },
  });
  const core = await openCaseWithComment();
  expect(core.masked).toContain(FakeGitHub.token);
  expect(core.messages('warning')).toContain('bad ***');
  expect(core.visibleText).not.toContain(FakeGitHub.token);
});
