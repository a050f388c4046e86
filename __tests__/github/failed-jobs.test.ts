import { expect, test } from '@jest/globals';
import type { FakeResponse } from '../support/fake-server.ts';
import { holdUntilArrived } from '../support/hold-requests.ts';
import { failedJob, PULL_REQUEST_EVENT } from '../support/pull-request-run.ts';
import { FOOTER, REFERENCE } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, github, clock, openCase } = useFakes();

test('lists the running job if one of its steps has failed', async () => {
  github.jobs = [
    failedJob(5, 'deploy', { status: 'in_progress', conclusion: null }),
    { id: 6, name: 'other', status: 'in_progress', conclusion: null },
  ];
  await openCase();
  expect(datadog.lastDescription).toContain('Failed: [`deploy`]');
  expect(datadog.lastDescription).not.toContain('other');
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
  expect(datadog.lastDescription).toContain('Failed: [`job 240`]');
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
  expect(datadog.lastDescription).toContain('Failed: [`slow`]');
  expect(datadog.lastDescription).toContain('at [`Wait`]');
  expect(datadog.lastDescription).not.toContain('tolerant');
});

test('lists 20 failed jobs and counts the others', async () => {
  github.jobs = Array.from({ length: 33 }, (_, index) => failedJob(index + 1, `job ${index}`));
  await openCase();
  expect(datadog.lastDescription.match(/Failed:/g)).toHaveLength(20);
  expect(datadog.lastDescription).toContain('and 13 more failed jobs');
});

test('run_context: false makes no request to GitHub', async () => {
  await openCase({ run_context: 'false' });
  expect(datadog.lastDescription).toBe(
    `${FOOTER}${REFERENCE}, opened by run 42 of acme/shop on github.example`,
  );
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
  expect(datadog.lastDescription).toContain('Run: [`Deploy #7`]');
  expect(clock.time - startedAt).toBeLessThanOrEqual(21_000);
  expect(core.messages('warning')).toContain('Could not list failed jobs');
});

test('warns which permission is missing to list failed jobs', async () => {
  github.permissions.delete('actions: read');
  const core = await openCase({ log_lines: '5' });
  expect(core.messages('warning')).toBe(
    "Could not list failed jobs, so the case doesn't name the failed step. github_token lacks a permission (403 Resource not accessible by integration). " +
      "Add `actions: read` to the job's permissions.",
  );
  expect(core.summary).toContain('actions: read');
  expect(core.outputs.outcome).toBe('created');
});

test.each<[string, FakeResponse | 'hang' | 'drop', RegExp]>([
  [
    '401',
    { status: 401, body: { message: 'Bad credentials' } },
    /rejected github_token \(401 Bad credentials\)\. It has probably expired\. If the workflow sets this/,
  ],
  [
    '403',
    { status: 403, body: { message: 'API rate limit exceeded.' } },
    /rate limit for github_token is exceeded \(403 API rate limit exceeded\)\. Run the job again later\.$/,
  ],
  ['404', { status: 404, body: { message: 'Not Found' } }, /GitHub returned 404: Not Found\.$/],
  ['a page', { status: 404, body: '<html>' }, /GitHub returned 404: .*page/],
  ['nothing', { status: 404 }, /GitHub returned 404\.$/],
])('warns why failed jobs could not be listed after %s', async (_, response, expected) => {
  github.injectFault({ request: '.', response });
  const core = await openCase();
  expect(core.messages('warning')).toMatch(/^Could not list failed jobs, /);
  expect(core.messages('warning')).toMatch(expected);
  expect(core.messages('warning')).not.toContain('actions: read');
});

test('without github_token, failed jobs are left out silently, and log_lines with a warning', async () => {
  expect((await openCase({ github_token: '' })).messages('warning')).toBe('');
  expect((await openCase({ github_token: '', log_lines: '5' })).messages('warning')).toBe(
    'log_lines has no effect: github_token is empty.',
  );
  const core = await openCase({ log_lines: '5' }, { env: { GITHUB_RUN_ID: '' } });
  expect(core.messages('warning')).toBe('log_lines has no effect: the run is not known.');
});

test('says how many of more than 1,000 jobs were not read', async () => {
  github.jobs = Array.from({ length: 1030 }, (_, index) => ({
    id: index + 1,
    name: `job ${index}`,
    conclusion: [7, 1020].includes(index) ? 'failure' : 'success',
  }));
  const core = await openCase({ dedup_key: 'k' });
  expect(datadog.lastDescription).toContain('Failed: [`job 7`]');
  expect(datadog.lastDescription).toContain('- 30 jobs were not read and may have failed too');
  expect(core.messages('warning')).toBe(
    '30 jobs of this run were not read, so failed jobs may be missing from the case.',
  );
  expect(github.requestLines).toHaveLength(10);
  await openCase({ dedup_key: 'k' });
  expect(datadog.cases[0]?.comments[0]).toContain('- 30 jobs were not read');
});

test('reads the other pages if one of them fails', async () => {
  github.jobs = Array.from({ length: 350 }, (_, index) => failedJob(index + 1, `job ${index}`));
  github.injectFault({ request: 'GET .*/jobs', skip: 2, times: 1, response: { status: 404 } });
  const core = await openCase();
  expect(core.messages('warning')).toContain('jobs of this run were not read');
  expect(datadog.lastDescription).toMatch(/and 2[38]0 more failed jobs\n- (100|50) jobs were not read/);
});

test('lists failed jobs in the comment on an open case', async () => {
  github.jobs = [failedJob(5, 'test (eu)')];
  await openCase({ dedup_key: 'k' });
  await openCase({ dedup_key: 'k' });
  expect(datadog.cases[0]?.comments[0]).toContain('Failed: [`test (eu)`]');
});

test('fetches failed jobs while names are looked up', async () => {
  holdUntilArrived([datadog, github], 2, /\/(?:projects|jobs)$/);
  expect((await openCase({ project: 'OPS' })).outputs.outcome).toBe('created');
});
