import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { fetchOwnFailedJob } from '../../src/github/failed-jobs.ts';
import { readOwnJobContext } from '../../src/github/run-context.ts';
import type { ApiClient } from '../../src/http/client.ts';
import { createEchoClient, EchoServer } from '../support/echo-server.ts';
import type { FakeResponse } from '../support/fake-server.ts';
import { TestClock } from '../support/run-step.ts';

const ENV = { GITHUB_REPOSITORY: 'acme/shop', GITHUB_RUN_ID: '42', RUNNER_NAME: 'runner 3' };
const BY_ID = { id: 5, status: 'failure' };
const BY_RUNNER = { id: undefined, status: 'failure' };
const NOT_FOUND = { jobs: [], unreadJobCount: 0 };

let server: EchoServer;
let clock: TestClock;
let client: ApiClient;
beforeEach(async () => {
  server = await EchoServer.start();
  clock = new TestClock();
  client = createEchoClient(server, clock);
});
afterEach(() => server.stop());

function respondWith({ job, jobs }: { readonly job?: FakeResponse; readonly jobs?: unknown[] }): void {
  server.injectFault(
    { request: 'GET .*/actions/jobs/5$', response: job ?? { status: 404 } },
    { request: 'GET .*/runs/42/attempts/1/jobs$', response: { status: 200, body: { jobs: jobs ?? [] } } },
  );
}

const step = (name: string, conclusion: string) => ({ number: 2, name, conclusion });
const parsedStep = (name: string) => ({
  number: 2,
  name,
  startedAtMs: Number.NaN,
  completedAtMs: Number.NaN,
});
const FAILED = step('Build', 'failure');
const JOB = { id: 5, run_id: 42, name: 'deploy', status: 'in_progress', runner_name: 'runner 3' };

test.each([
  ['failed', 'failure', [FAILED, step('Push', 'cancelled')], ['Build']],
  ['cancelled, after a failure', 'cancelled', [FAILED, step('Push', 'cancelled')], ['Build']],
  ['cancelled', 'cancelled', [step('Push', 'cancelled'), step('Tidy', 'skipped')], ['Push']],
  [
    'cancelled while two steps ran in parallel',
    'cancelled',
    [step('Start server', 'cancelled'), step('Test', 'cancelled'), step('Tidy', 'skipped')],
    ['Start server', 'Test'],
  ],
  ['failed, without a failed step', 'failure', [step('Push', 'cancelled')], []],
])('names the steps of a job that was %s', async (_, status, steps, expected) => {
  respondWith({ job: { status: 200, body: { ...JOB, steps } } });
  expect(await fetchOwnFailedJob(client, readOwnJobContext(ENV, {}, { id: 5, status }))).toEqual({
    jobs: [{ id: 5, name: 'deploy', isCompleted: false, steps: expected.map(parsedStep) }],
    unreadJobCount: 0,
  });
});

test('finds the running job of its runner among other jobs', async () => {
  const jobs = [
    { ...JOB, id: 3, status: 'completed' },
    { ...JOB, id: 4, runner_name: 'runner 4' },
    { ...JOB, steps: [FAILED] },
  ];
  respondWith({ jobs });
  expect(await fetchOwnFailedJob(client, readOwnJobContext(ENV, {}, BY_RUNNER))).toEqual({
    jobs: [{ id: 5, name: 'deploy', isCompleted: false, steps: [parsedStep('Build')] }],
    unreadJobCount: 0,
  });
});

test.each([
  ['has ended', ENV, { ...JOB, status: 'completed' }],
  ['has no ID', ENV, { ...JOB, id: undefined }],
  ['has no name of a runner', { ...ENV, RUNNER_NAME: '' }, { ...JOB, runner_name: '' }],
  ['is on another runner', ENV, { ...JOB, runner_name: 'runner 4' }],
])('finds no job in a list with one that %s', async (_, env, job) => {
  respondWith({ jobs: [{ ...job, steps: [FAILED] }] });
  expect(await fetchOwnFailedJob(client, readOwnJobContext(env, {}, BY_RUNNER))).toEqual(NOT_FOUND);
});

test('names no job if several runners have the same name', async () => {
  respondWith({ jobs: [5, 6].map((id) => ({ ...JOB, id, steps: [FAILED] })) });
  expect(await fetchOwnFailedJob(client, readOwnJobContext(ENV, {}, BY_RUNNER))).toEqual(NOT_FOUND);
});

test('finds no job if GitHub knows neither its ID nor its runner', async () => {
  respondWith({});
  expect(await fetchOwnFailedJob(client, readOwnJobContext(ENV, {}, BY_ID))).toEqual(NOT_FOUND);
  expect(server.requestLines).toEqual([
    'GET /repos/acme/shop/actions/jobs/5',
    'GET /repos/acme/shop/actions/runs/42/attempts/1/jobs',
  ]);
});

test('does not look for the job in the list if the token may not read it', async () => {
  respondWith({ job: { status: 403 }, jobs: [JOB] });
  await expect(fetchOwnFailedJob(client, readOwnJobContext(ENV, {}, BY_ID))).rejects.toMatchObject({
    status: 403,
  });
  expect(server.requestLines).toEqual(['GET /repos/acme/shop/actions/jobs/5']);
});

test('keeps what it knows of the job if GitHub does not answer again', async () => {
  server.injectFault({ request: 'GET', skip: 1, response: { status: 403 } });
  respondWith({ job: { status: 200, body: JOB } });
  expect(await fetchOwnFailedJob(client, readOwnJobContext(ENV, {}, BY_ID))).toEqual({
    jobs: [{ id: 5, name: 'deploy', isCompleted: false, steps: [] }],
    unreadJobCount: 0,
  });
  expect(clock.delays).toEqual([500, 1000, 1500]);
});

test.each([
  [500, []],
  [501, [500]],
  [1500, [500]],
  [1501, [500, 1000]],
])('with %i milliseconds left, the pauses are %j', async (remainingMs, expected) => {
  respondWith({ job: { status: 200, body: JOB } });
  await fetchOwnFailedJob(
    { ...client, deadlineMs: clock.time + remainingMs },
    readOwnJobContext(ENV, {}, BY_ID),
  );
  expect(clock.delays).toEqual(expected);
});
