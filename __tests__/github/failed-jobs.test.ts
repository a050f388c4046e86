import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { FakeDatadog } from '../support/fake-datadog.ts';
import { FakeGitHub } from '../support/fake-github.ts';
import type { FakeResponse } from '../support/fake-server.ts';
import { failedJob, PULL_REQUEST_EVENT } from '../support/pull-request-run.ts';
import { FOOTER, REFERENCE, runStep, TestClock, validInputs } from '../support/run-step.ts';

let datadog: FakeDatadog;
let github: FakeGitHub;
let clock: TestClock;
beforeEach(async () => {
  [datadog, github] = await Promise.all([FakeDatadog.start(), FakeGitHub.start()]);
  clock = new TestClock();
  datadog.now = clock.now;
  datadog.onUnanswered = clock.advanceToNextTimeout;
  github.onUnanswered = clock.advanceToNextTimeout;
});
afterEach(() => Promise.all([datadog.stop(), github.stop()]));

function openCase(
  inputs: Record<string, string> = {},
  { env, event }: { env?: Record<string, string>; event?: unknown } = {},
) {
  return runStep({
    inputs: { ...validInputs(datadog), github_token: FakeGitHub.token, ...inputs },
    env: github.env(env),
    event,
    clock,
  });
}

function lastDescription(): string {
  return datadog.cases.at(-1)?.attributes.description ?? '';
}

test('lists the running job if one of its steps has failed', async () => {
  github.jobs = [
    failedJob(5, 'deploy', { status: 'in_progress', conclusion: null }),
    { id: 6, name: 'other', status: 'in_progress', conclusion: null },
  ];
  await openCase();
  expect(lastDescription()).toContain('Failed: [`deploy`]');
  expect(lastDescription()).not.toContain('other');
});

test('lists the jobs of the failed run, on all pages', async () => {
  github.jobs = Array.from({ length: 250 }, (_, index) => ({
    id: index + 1,
    name: `job ${index}`,
    conclusion: index === 240 ? 'failure' : 'success',
  }));
  await openCase(
    {},
    {
      env: { GITHUB_EVENT_NAME: 'workflow_run' },
      event: { workflow_run: { id: 99, run_attempt: 3, name: 'Other' } },
    },
  );
  expect(lastDescription()).toContain('Failed: [`job 240`]');
  expect(github.requestLines).toEqual(Array(3).fill('GET /repos/acme/shop/actions/runs/99/attempts/3/jobs'));
});

test('lists jobs that timed out, but not a job that tolerated a failed step', async () => {
  github.jobs = [
    {
      id: 5,
      name: 'slow',
      conclusion: 'timed_out',
      steps: [{ number: 2, name: 'Wait', conclusion: 'timed_out' }],
    },
    failedJob(6, 'tolerant', { conclusion: 'success' }),
  ];
  await openCase();
  expect(lastDescription()).toContain('Failed: [`slow`]');
  expect(lastDescription()).toContain('at [`Wait`]');
  expect(lastDescription()).not.toContain('tolerant');
});

test('lists 20 failed jobs and counts the others', async () => {
  github.jobs = Array.from({ length: 33 }, (_, index) => failedJob(index + 1, `job ${index}`));
  await openCase();
  expect(lastDescription().match(/Failed:/g)).toHaveLength(20);
  expect(lastDescription()).toContain('and 13 more failed jobs');
});

test('run_context: false makes no request to GitHub', async () => {
  await openCase({ run_context: 'false' });
  expect(lastDescription()).toBe(`${FOOTER}${REFERENCE}, opened by run 42 of acme/shop`);
  expect(github.requestLines).toEqual([]);
});

test.each<[string, FakeResponse | 'hang' | 'drop']>([
  ['403', { status: 403, body: { message: 'Resource not accessible by integration' } }],
  ['404', { status: 404 }],
  ['500', { status: 500 }],
  ['garbage', { status: 200, body: 'garbage' }],
  ['an unexpected body', { status: 200, body: ['odd'] }],
  ['a dropped connection', 'drop'],
  ['nothing', 'hang'],
])('opens the case in time, without failed jobs, when GitHub responds with %s', async (_, response) => {
  github.injectFault({ request: '.', response });
  const startedAt = clock.time;
  const core = await openCase({ pr_comment: 'true', log_lines: '5' }, { event: PULL_REQUEST_EVENT });
  expect(core.outputs).toMatchObject({ outcome: 'created', case_key: 'OPS-1' });
  expect(core.hasFailed).toBe(false);
  expect(lastDescription()).toContain('Run: [`Deploy #7`]');
  expect(clock.time - startedAt).toBeLessThanOrEqual(21_000);
  expect(core.messages('warning')).toContain('The pull request gets no comment.');
});

test('logs why failed jobs are missing and which permission is required', async () => {
  github.permissions.delete('actions: read');
  const core = await openCase();
  expect(core.messages('info')).toMatch(/failed jobs are left out.*Resource not accessible.*actions: read/);
  expect(core.messages('warning')).toBe('');
});

test('lists failed jobs in the comment on an open case', async () => {
  github.jobs = [failedJob(5, 'test (eu)')];
  await openCase({ dedup_key: 'k' });
  await openCase({ dedup_key: 'k' });
  expect(datadog.cases[0]?.comments[0]).toContain('Failed: [`test (eu)`]');
});

test('fetches failed jobs while names are looked up', async () => {
  let release: () => void = () => undefined;
  const bothArrived = new Promise<void>((resolve) => {
    release = resolve;
  });
  github.beforeResponse = () => bothArrived;
  datadog.beforeResponse = ({ path }) => {
    if (path.endsWith('/projects')) release();
    return path.endsWith('/projects') ? bothArrived : undefined;
  };
  expect((await openCase({ project: 'OPS' })).outputs.outcome).toBe('created');
});
