import { expect, test } from '@jest/globals';
import { closedAttributes } from '../support/fake-datadog/stored-case.ts';
import { FakeGitHub } from '../support/fake-github.ts';
import { keyedInputs, RUN_ENV, seedKeyedCase } from '../support/keyed-case.ts';
import { runStep } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

// A request that is never answered must not take the time of what comes after it.

const { datadog, clock } = useFakes();

function runKeyed(inputs: Record<string, string> = {}) {
  return runStep({ inputs: { ...keyedInputs(datadog), ...inputs }, env: RUN_ENV, clock });
}

const CLOSE = { mode: 'close', title: '' };

/** Lets another step open its case just before this one does. */
function letAnotherStepBeFaster(): void {
  datadog.beforeResponse = ({ method, path }) => {
    if (method !== 'POST' || path !== '/api/v2/cases' || datadog.cases.length) return;
    seedKeyedCase(datadog);
    clock.time += 1;
  };
}

test.each([
  ['fetching a closed case', 'GET .*/cases/[^/]+$', 'reopened'],
  ['reopening a closed case', 'POST .*/status$', 'created'],
])('opens a case when %s is never answered', async (_, request, outcome) => {
  seedKeyedCase(datadog, closedAttributes(clock.time - 60_000));
  datadog.injectFault({ request, response: 'hang' });
  const core = await runKeyed({ reopen_within: '24' });
  expect(core.outputs.outcome).toBe(outcome);
  expect(datadog.openCases.map(({ id }) => id)).toEqual([core.outputs.case_id]);
});

test('closes nothing when fetching the case is never answered', async () => {
  seedKeyedCase(datadog);
  datadog.injectFault({ request: 'GET .*/cases/[^/]+$', response: 'hang' });
  expect((await runKeyed(CLOSE)).outputs.outcome).toBe('none');
  expect(datadog.openCases).toHaveLength(1);
});

test('closes the case when closing its duplicate is never answered', async () => {
  const [, duplicate] = [seedKeyedCase(datadog), seedKeyedCase(datadog)];
  datadog.injectFault({ request: `POST .*/${duplicate?.id}/status$`, response: 'hang' });
  const core = await runKeyed(CLOSE);
  expect(core.outputs).toMatchObject({ outcome: 'closed', case_key: 'OPS-1' });
  expect(core.messages('warning')).toContain('OPS-2 is a duplicate of OPS-1');
});

test.each([
  ['a due date', 'POST .*/due_date$'],
  ['closing its own case', 'POST .*/status$'],
])('comments on the case of a faster step when %s is never answered', async (_, request) => {
  letAnotherStepBeFaster();
  datadog.injectFault({ request, response: 'hang' });
  const core = await runKeyed({ due_date: '2027-01-01' });
  expect(core.outputs).toMatchObject({ outcome: 'existing', case_key: 'OPS-1' });
  expect(datadog.cases[0]?.comments).toEqual([expect.stringContaining('Failed again')]);
});

test.each([
  ['a watcher', 'POST .*/watchers/'],
  ['a comment on the case', 'POST .*/comment$'],
])('comments on the pull request when %s is never answered', async (name, request) => {
  const github = await FakeGitHub.start();
  try {
    const deadline = clock.time + 60_000;
    let remainingMs = 0;
    github.beforeResponse = () => {
      remainingMs = deadline - clock.time;
    };
    if (name !== 'a watcher') seedKeyedCase(datadog);
    datadog.injectFault({ request, response: 'hang' });
    const core = await runStep({
      inputs: {
        ...keyedInputs(datadog),
        watchers: 'c0ffee00-1111-4222-8333-444455556666',
        github_token: FakeGitHub.token,
        run_context: 'false',
        pr_comment: 'true',
        pr_number: '12',
      },
      env: github.env(),
      clock,
    });
    expect(core.outputs.pr_comment_url).toBeTruthy();
    expect(remainingMs).toBeGreaterThan(0);
  } finally {
    await github.stop();
  }
});
