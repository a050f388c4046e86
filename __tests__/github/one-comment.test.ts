import { expect, test } from '@jest/globals';
import { FakeGitHub } from '../support/fake-github.ts';
import { holdUntilArrived } from '../support/hold-requests.ts';
import { keyedInputs, seedKeyedCase } from '../support/keyed-case.ts';
import { runStep, TestClock } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, github } = useFakes();

function fail() {
  return runStep({
    inputs: {
      ...keyedInputs(datadog),
      github_token: FakeGitHub.token,
      pr_comment: 'true',
      pr_number: '12',
      run_context: 'false',
    },
    env: github.env(),
    clock: new TestClock(),
  });
}

test.each([
  ['look', /^GET .*\/comments$/],
  ['create', /^POST .*\/comments$/],
])('six steps that %s at the same time leave one comment that counts six failures', async (_, pattern) => {
  seedKeyedCase(datadog);
  holdUntilArrived([github], 6, pattern);
  const steps = await Promise.all(Array.from({ length: 6 }, fail));
  expect(steps.map(({ outputs }) => outputs.outcome)).toEqual(steps.map(() => 'existing'));
  expect(github.comments).toHaveLength(1);
  expect(github.comments[0]?.body).toContain('seen 6 -->');
  for (const core of steps) expect(core.messages('warning')).toBe('');
  // The next failure updates that comment.
  const { outputs } = await fail();
  expect(outputs.pr_comment_url).toContain(`#issuecomment-${github.comments[0]?.id}`);
  expect(github.comments).toHaveLength(1);
});

test('a comment that cannot be deleted is merged by the next run', async () => {
  seedKeyedCase(datadog);
  holdUntilArrived([github], 2, /^POST .*\/comments$/);
  github.injectFault({ request: 'DELETE', times: 4, response: { status: 500 } });
  await Promise.all([fail(), fail()]);
  await fail();
  expect(github.comments).toHaveLength(1);
  expect(github.comments[0]?.body).toContain('seen 3 -->');
});

test('finds its comment on the last of many pages, although GitHub links only the next page', async () => {
  const { id } = seedKeyedCase(datadog);
  github.hasLastLink = false;
  github.comments = Array.from({ length: 250 }, (_, index) => ({
    id: index + 1,
    author: 'ada',
    body: 'Hi.',
  }));
  github.comments.push({
    id: 900,
    author: 'github-actions[bot]',
    body: `<!-- datadog-case ${id} seen 3 -->\nOld.`,
  });
  await fail();
  expect(github.comments).toHaveLength(251);
  expect(github.comments.at(-1)?.body).toContain('seen 4 -->');
});

test('leaves comments of others alone, even if they copy the marker', async () => {
  const { id } = seedKeyedCase(datadog);
  github.comments = [{ id: 1, author: 'eve', body: `<!-- datadog-case ${id} seen 3 -->\nCopied.` }];
  await fail();
  expect(github.comments.map(({ author }) => author)).toEqual(['eve', 'github-actions[bot]']);
});

test.each([
  [404, { message: 'Not Found' }, /pull request #12: not found/],
  [401, { message: 'Bad credentials' }, /GitHub rejected github_token/],
  [403, { message: 'Resource not accessible by integration' }, /pull-requests: write/],
  [422, { message: 'Validation Failed' }, /422: Validation Failed/],
])('says why the pull request was not commented on: %d', async (status, body, message) => {
  seedKeyedCase(datadog);
  github.injectFault({ request: '.*/comments', response: { status, body } });
  expect((await fail()).messages('warning')).toMatch(message);
});
