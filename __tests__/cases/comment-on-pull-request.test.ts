import { expect, test } from '@jest/globals';
import { Unredacted } from '../../src/base/unredacted.ts';
import { createPullRequestCommenter } from '../../src/cases/pull-request.ts';
import { parseCase } from '../../src/datadog/case.ts';
import { readRunContext } from '../../src/github/run-context.ts';
import { createTools } from '../support/case-context.ts';
import type { FakeResponse } from '../support/fake-server.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, github, clock, openCase } = useFakes();

const CREATED = `Project: c0ffee00-1111-4222-8333-444455556666. Case type: Standard.\nNo dedup_key, or an empty one: every failure opens a case of its own.\nCreated case OPS-1.`;
const INPUTS = { pr_comment: 'true', run_context: 'false' };
const DENIED = { status: 403, body: { message: 'Resource not accessible by integration' } };

test('returns no address and warns without a token', async () => {
  const { tools, warnings } = createTools(datadog, clock);
  const run = readRunContext({}, undefined);
  const options = {
    isWanted: true,
    number: undefined,
    token: new Unredacted(''),
    run,
    connectToGitHub: undefined,
  };
  const datadogCase = parseCase({ id: 'case', attributes: {} }, 'https://app.datadoghq.com');
  if (!datadogCase) throw new Error('not a case');
  expect(await createPullRequestCommenter(tools, options)(datadogCase, { isFailure: true })).toBe('');
  expect(warnings).toEqual([
    'Could not comment on the pull request: github_token is empty, or the step runs outside of a repository.',
  ]);
});

test('logs that there is no pull request', async () => {
  const core = await openCase(INPUTS);
  expect(core.messages('info')).toBe(
    `${CREATED}\nNo pull request found for this event or commit, so no comment was written.`,
  );
  expect(core.messages('warning')).toBe('');
});

test('logs no more than the case if the comment is written', async () => {
  const core = await openCase({ ...INPUTS, pr_number: '12' });
  expect(core.messages('info')).toBe(CREATED);
  expect(core.messages('warning')).toBe('');
});

test.each<[string, string, string, FakeResponse, string]>([
  [
    'the search is denied',
    '',
    'GET .*/pulls',
    DENIED,
    "the pull request of this commit: github_token lacks a permission (403 Resource not accessible by integration). Add `contents: read` to the job's permissions. Runs of pull requests from forks never have it.",
  ],
  [
    'the search finds nothing',
    '',
    'GET .*/pulls',
    { status: 404, body: { message: 'Not Found' } },
    'the pull request of this commit: GitHub returned 404: Not Found.',
  ],
  [
    'the search fails',
    '',
    'GET .*/pulls',
    { status: 422, body: { message: 'No.' } },
    'the pull request of this commit: GitHub returned 422: No.',
  ],
  [
    'the comment is denied',
    '12',
    'POST .*/comments',
    DENIED,
    "pull request #12: github_token lacks a permission (403 Resource not accessible by integration). Add `pull-requests: write` to the job's permissions. Runs of pull requests from forks never have it.",
  ],
  [
    'the pull request is not found',
    '13',
    'GET .*/comments',
    { status: 404, body: { message: 'Not Found' } },
    'pull request #13: not found. Check pr_number, and that github_token can read the repository.',
  ],
  [
    'the comment fails',
    '12',
    'POST .*/comments',
    { status: 422, body: { message: 'No.' } },
    'pull request #12: GitHub returned 422: No.',
  ],
])('explains it if %s', async (_, number, request, response, text) => {
  github.injectFault({ request, response });
  const core = await openCase({ ...INPUTS, pr_number: number });
  expect(core.outputs.outcome).toBe('created');
  expect(core.messages('warning')).toBe(`Could not comment on ${text}`);
});
