import { expect, test } from '@jest/globals';
import { FakeGitHub } from '../support/fake-github.ts';
import { PULL_REQUEST_EVENT, REPOSITORY_URL } from '../support/pull-request-run.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, github, openCase } = useFakes();

function openCaseWithComment(inputs: Record<string, string> = {}, event: unknown = PULL_REQUEST_EVENT) {
  return openCase({ pr_comment: 'true', dedup_key: 'k', ...inputs }, { event });
}

test('comments once and updates that comment afterwards', async () => {
  const first = await openCaseWithComment({ priority: 'P2' });
  expect(first.outputs.pr_comment_url).toBe(`${REPOSITORY_URL}/pull/12#issuecomment-1000`);
  expect(first.summary).toContain(`${REPOSITORY_URL}/pull/12#issuecomment-1000`);
  expect(github.comments[0]?.body).toBe(
    [
      `<!-- datadog-case ${first.outputs.case_id} seen 1 -->`,
      '**Open**: Datadog case [OPS-1](https://app.datadoghq.com/cases/OPS-1), [Deploy failed](https://app.datadoghq.com/cases/OPS-1)',
      '',
      '| Priority | Failures | Latest failure |',
      '| --- | --- | --- |',
      `| \`P2\` | 1 | [\`Deploy #7\`](${REPOSITORY_URL}/actions/runs/42/attempts/1) |`,
    ].join('\n'),
  );
  await openCaseWithComment();
  expect(github.comments).toHaveLength(1);
  expect(github.comments[0]?.body).toContain('seen 2 -->');
  const closed = await openCaseWithComment({ mode: 'close' });
  expect(github.comments[0]?.body).toMatch(/\*\*Closed\*\* by \[`Deploy #7`\].*\| `P2` \| 2 \|/s);
  expect(closed.outputs.pr_comment_url).toBe(first.outputs.pr_comment_url);
});

test('escapes the case ID in the comment marker', async () => {
  const data = { id: 'x(--> <b>', attributes: { key: 'OPS-9' } };
  datadog.injectFault({ request: 'POST /api/v2/cases$', response: { status: 201, body: { data } } });
  for (let index = 0; index < 2; index += 1) {
    const core = await openCaseWithComment({ dedup_key: '' });
    expect(core.messages('warning')).toBe('');
  }
  expect(github.comments).toHaveLength(1);
  expect(github.comments[0]?.body).toMatch(/^<!-- datadog-case x-b- seen 2 -->\n/);
});

test('every case has its own comment, and closing a case does not add one', async () => {
  await openCaseWithComment();
  await openCaseWithComment({ dedup_key: 'other' });
  expect(github.comments).toHaveLength(2);
  expect(github.comments[1]?.body).toContain('| Failures | Latest failure |');
  github.comments = [];
  await openCaseWithComment({ mode: 'close' });
  expect(github.comments).toEqual([]);
});

test('finds its comment among 240 others in three requests', async () => {
  const otherComments = (from: number) =>
    Array.from({ length: 120 }, (_, index) => ({ id: from + index, author: 'ada', body: 'Words.' }));
  await openCaseWithComment();
  github.comments = [...otherComments(1), ...github.comments, ...otherComments(200)];
  github.requests.length = 0;
  await openCaseWithComment();
  expect(github.comments).toHaveLength(241);
  expect(github.comments.filter(({ body }) => body.includes('seen 2 -->'))).toHaveLength(1);
  expect(
    github.requestLines.filter((line) => line === 'GET /repos/acme/shop/issues/12/comments'),
  ).toHaveLength(3);
});

test('leaves another user’s copy of the marker alone', async () => {
  await openCaseWithComment();
  const copy = { id: 7, author: 'eve', body: github.comments[0]?.body.replace('seen 1', 'seen 900') ?? '' };
  github.comments.unshift({ ...copy });
  await openCaseWithComment();
  expect(github.comments[0]).toEqual(copy);
  expect(github.comments[1]?.body).toContain('seen 2 -->');
});

test.each([
  ['pr_number', { pr_number: '12' }, {}],
  ['the event', {}, PULL_REQUEST_EVENT],
  ['workflow_run', {}, { workflow_run: { id: 9, pull_requests: [{ number: 12 }] } }],
  [
    'merge_group, whose base branch looks like a pull request too',
    {},
    { merge_group: { head_ref: `refs/heads/gh-readonly-queue/release/pr-3-hotfix/pr-12-${'c'.repeat(40)}` } },
  ],
  ['the commit, preferring an open pull request', {}, {}],
])('finds the pull request by %s', async (name, inputs, event) => {
  github.pullRequests['a'.repeat(40)] = name.startsWith('the commit')
    ? [
        { number: 3, state: 'closed' },
        { number: 12, state: 'open' },
      ]
    : [];
  const eventName = ['workflow_run', 'merge_group'].find((key) => key in event);
  const env: Record<string, string> = eventName ? { GITHUB_EVENT_NAME: eventName } : {};
  await openCase({ pr_comment: 'true', ...inputs }, { event, env });
  expect(github.comments).toHaveLength(1);
});

test('does not comment on the open pull request of a fork that contains the commit', async () => {
  const repos = { head: { repo: { id: 2 } }, base: { repo: { id: 1 } } };
  github.pullRequests = { ['a'.repeat(40)]: [{ number: 12, state: 'open', ...repos }] };
  const core = await openCaseWithComment({}, {});
  expect(github.comments).toEqual([]);
  expect(core.messages('info')).toContain('No pull request found');
});

test('sends the token to no other host', async () => {
  const other = await FakeGitHub.start();
  try {
    const location = `${other.url}/repos/acme/shop/issues/12/comments`;
    const response = { status: 302, headers: { Location: location } };
    github.injectFault({ request: 'GET .*/comments', response, times: 9 });
    const core = await openCaseWithComment();
    expect(core.messages('warning')).toContain('Could not comment on pull request #12: ');
    expect(other.requestLines).toEqual([]);
  } finally {
    await other.stop();
  }
});

test('logs that there is no pull request to comment on', async () => {
  const core = await openCaseWithComment({}, {});
  expect(core.messages('info')).toContain('No pull request found for this event or commit');
  expect(core.messages('warning')).toBe('');
});

test('warns that a read-only token requires pull-requests: write', async () => {
  github.permissions.delete('pull-requests: write');
  const core = await openCaseWithComment();
  expect(core.messages('warning')).toMatch(/Resource not accessible.*pull-requests: write.*forks/);
  expect(core.outputs).toMatchObject({ outcome: 'created' });
  expect(core.outputs).not.toHaveProperty('pr_comment_url');
});

test('reads the newest comments first, five pages at a time', async () => {
  await openCaseWithComment();
  const otherComments = Array.from({ length: 1150 }, (_, index) => ({
    id: 5000 + index,
    author: 'ada',
    body: 'Words.',
  }));
  github.comments = [...otherComments, ...github.comments];
  github.requests.length = 0;
  await openCaseWithComment();
  const listRequests = github.requests.filter(
    ({ method, path }) => method === 'GET' && path.endsWith('/comments'),
  );
  const pages = listRequests.map(({ query }) => query.get('page'));
  expect(pages[0]).toBe('1');
  expect(pages.slice(1).sort()).toEqual(['10', '11', '12', '8', '9']);
  expect(github.comments.filter(({ body }) => body.includes('seen 2 -->'))).toHaveLength(1);
});
