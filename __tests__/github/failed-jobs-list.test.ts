import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { fetchFailedJobs } from '../../src/github/failed-jobs.ts';
import { fetchJobs } from '../../src/github/jobs.ts';
import { readRunContext } from '../../src/github/run-context.ts';
import type { ApiClient } from '../../src/http/client.ts';
import { createEchoClient, EchoServer } from '../support/echo-server.ts';
import { TestClock } from '../support/run-step.ts';

const ENV = { GITHUB_REPOSITORY: 'acme/shop', GITHUB_RUN_ID: '42', RUNNER_NAME: 'runner 3' };

let server: EchoServer;
let clock: TestClock;
let client: ApiClient;
beforeEach(async () => {
  server = await EchoServer.start();
  clock = new TestClock();
  client = createEchoClient(server, clock);
});
afterEach(() => server.stop());

function respondWith(body: unknown): void {
  server.injectFault({ request: 'GET .*/runs/42/attempts/1/jobs$', response: { status: 200, body } });
}

const RUNNING_STEP = { status: 'in_progress', started_at: '2026-01-02T03:04:00Z' };
/** The job of this step, in a view that is five seconds old. */
const STALE_JOB = { id: 5, status: 'in_progress', runner_name: 'runner 3', steps: [RUNNING_STEP] };

test('reads what is known of failed jobs and ignores what is malformed', async () => {
  const step = {
    number: 4,
    name: 'Run tests',
    conclusion: 'failure',
    started_at: '2026-01-02T03:04:05Z',
    completed_at: '2026-01-02T03:04:06Z',
  };
  respondWith({
    total_count: 9,
    jobs: [
      null,
      'odd',
      { id: 5, name: 'test', status: 'completed', conclusion: 'failure', steps: [null, 'odd', step] },
      { id: 6, status: 'in_progress', steps: [{ conclusion: 'timed_out' }] },
      { id: 7, status: 'completed', conclusion: 'timed_out', steps: 'none' },
      { id: 8, status: 'completed', conclusion: 'success', steps: [step] },
      { name: 'no ID', status: 'completed', conclusion: 'failure' },
    ],
  });
  expect(await fetchFailedJobs(client, readRunContext(ENV, {}))).toEqual({
    jobs: [
      {
        id: 5,
        name: 'test',
        isCompleted: true,
        steps: [
          {
            number: 4,
            name: 'Run tests',
            startedAtMs: Date.UTC(2026, 0, 2, 3, 4, 5),
            completedAtMs: Date.UTC(2026, 0, 2, 3, 4, 6),
          },
        ],
      },
      {
        id: 6,
        name: '',
        isCompleted: false,
        steps: [{ number: 0, name: '', startedAtMs: Number.NaN, completedAtMs: Number.NaN }],
      },
      { id: 7, name: '', isCompleted: true, steps: [] },
    ],
    unreadJobCount: 4,
  });
});

test.each([[{}], [{ jobs: null }], [{ jobs: {} }], [[]]])('rejects the answer %j', async (body) => {
  respondWith(body);
  await expect(fetchJobs(client, readRunContext(ENV, {}))).rejects.toThrow(
    new Error('GitHub returned no list of jobs.'),
  );
});

test('asks for 100 jobs at once', async () => {
  respondWith({ jobs: [] });
  expect(await fetchJobs(client, readRunContext(ENV, {}))).toEqual({ entries: [], unreadCount: 0 });
  expect([...(server.requests[0]?.query ?? [])]).toEqual([
    ['per_page', '100'],
    ['page', '1'],
  ]);
});

test.each([
  ['its own job is stale', ENV, [STALE_JOB]],
  [
    'an earlier job of its runner comes first',
    ENV,
    [{ id: 4, status: 'completed', runner_name: 'runner 3', steps: [] }, STALE_JOB],
  ],
  ['an entry of the steps is malformed', ENV, [{ ...STALE_JOB, steps: [null, RUNNING_STEP] }]],
])('asks three times more if %s', async (_, env, jobs) => {
  respondWith({ jobs });
  expect(await fetchFailedJobs(client, readRunContext(env, {}))).toEqual({ jobs: [], unreadJobCount: 0 });
  expect(clock.delays).toEqual([500, 1000, 1500]);
});

test.each([
  ['no step is running', ENV, [{ ...STALE_JOB, steps: [] }]],
  ['neither runner has a name', { ...ENV, RUNNER_NAME: '' }, [{ ...STALE_JOB, runner_name: '' }]],
  [
    'the running step started exactly two seconds ago',
    ENV,
    [{ ...STALE_JOB, steps: [{ ...RUNNING_STEP, started_at: '2026-01-02T03:04:03Z' }] }],
  ],
])('asks once if %s', async (_, env, jobs) => {
  respondWith({ jobs });
  expect(await fetchFailedJobs(client, readRunContext(env, {}))).toEqual({ jobs: [], unreadJobCount: 0 });
  expect(clock.delays).toEqual([]);
});

test.each([
  [500, []],
  [501, [500]],
  [1500, [500]],
  [1501, [500, 1000]],
])('with %i milliseconds left, the pauses are %j', async (remainingMs, expected) => {
  respondWith({ jobs: [STALE_JOB] });
  await fetchFailedJobs({ ...client, deadlineMs: clock.time + remainingMs }, readRunContext(ENV, {}));
  expect(clock.delays).toEqual(expected);
});
