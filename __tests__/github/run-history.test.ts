import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readRunContext } from '../../src/github/run-context.ts';
import { countFailureStreak, type Streak } from '../../src/github/run-history.ts';
import { createEchoClient, EchoServer } from '../support/echo-server.ts';
import { TestClock } from '../support/run-step.ts';

const ENV = {
  GITHUB_REPOSITORY: 'acme/shop',
  GITHUB_RUN_ID: '42',
  GITHUB_WORKFLOW_REF: 'acme/shop/.github/workflows/my deploy.yml@refs/heads/main',
  GITHUB_REF_NAME: 'main',
};
const RUNS_PATH = '/repos/acme/shop/actions/workflows/my%20deploy.yml/runs';

let server: EchoServer;
beforeEach(async () => {
  server = await EchoServer.start();
});
afterEach(() => server.stop());

interface CountOptions {
  readonly env?: Record<string, string>;
  readonly event?: unknown;
  readonly max?: number;
  readonly doesCancelledCount?: boolean;
}

const counted = (failureCount: number) => ({ kind: 'counted', failureCount });

/** Counts failures where the list of runs is this one, or no list. */
function count(
  workflow_runs: unknown,
  { env, event = {}, max = 10, doesCancelledCount = false }: CountOptions = {},
): Promise<Streak> {
  server.injectFault({ request: 'GET .*/runs$', response: { status: 200, body: { workflow_runs } } });
  const context = readRunContext({ ...ENV, ...env }, event);
  const options = { max, doesCancelledCount };
  return countFailureStreak(createEchoClient(server, new TestClock()), context, options);
}

test.each([
  ['failure', false, 3],
  ['timed_out', false, 3],
  ['startup_failure', false, 3],
  ['success', false, 1],
  ['neutral', false, 1],
  ['skipped', false, 2],
  ['', false, 2],
  ['cancelled', false, 2],
  ['cancelled', true, 3],
  ['failure', true, 3],
  ['timed_out', true, 3],
  ['', true, 2],
])(
  'an earlier run that ended with "%s", where counting cancelled runs is %s, makes %i failures',
  async (conclusion, doesCancelledCount, expected) => {
    const runs = [
      { id: 41, conclusion },
      { id: 40, conclusion: 'failure' },
      { id: 39, conclusion: 'success' },
    ];
    expect(await count(runs, { doesCancelledCount })).toEqual(counted(expected));
  },
);

test('asks for the completed runs of the workflow on the branch', async () => {
  await count([]);
  expect(server.requestLines).toEqual([`GET ${RUNS_PATH}`]);
  expect([...(server.requests[0]?.query ?? [])]).toEqual([
    ['branch', 'main'],
    ['status', 'completed'],
    ['per_page', '100'],
    ['page', '1'],
  ]);
});

test('asks for the completed runs of a merge queue', async () => {
  const event = { merge_group: { head_ref: 'refs/heads/gh-readonly-queue/main/pr-1-a' } };
  const runs = [
    { id: 41, conclusion: 'failure', head_branch: 'gh-readonly-queue/main/pr-2-b' },
    { id: 40, conclusion: 'failure', head_branch: 'gh-readonly-queue/release/pr-3-c' },
    { id: 39, conclusion: 'failure', head_branch: 'gh-readonly-queue/main/2/pr-3-c' },
  ];
  expect(await count(runs, { env: { GITHUB_EVENT_NAME: 'merge_group' }, event })).toEqual(counted(2));
  expect([...(server.requests[0]?.query ?? [])]).toEqual([
    ['event', 'merge_group'],
    ['status', 'completed'],
    ['per_page', '100'],
    ['page', '1'],
  ]);
});

test.each([
  ['the run', { GITHUB_RUN_ID: '' }, { kind: 'unknown-run' }],
  ['the branch', { GITHUB_REF_NAME: '' }, { kind: 'unknown-run' }],
  ['the workflow', { GITHUB_WORKFLOW_REF: '' }, { kind: 'unknown-run' }],
  [
    'a namesake of the workflow',
    { GITHUB_WORKFLOW_REF: 'acme/policies/.github/workflows/my deploy.yml@refs/heads/main' },
    { kind: 'workflow-elsewhere' },
  ],
  [
    'a deployment',
    { GITHUB_EVENT_NAME: 'deployment_status' },
    { kind: 'event-without-history', eventName: 'deployment_status' },
  ],
  ['a check', { GITHUB_EVENT_NAME: 'check_run' }, { kind: 'event-without-history', eventName: 'check_run' }],
])('does not ask for the history of %s, which is unknown', async (_, env, expected) => {
  expect(await count([], { env })).toEqual(expected);
  expect(server.requests).toEqual([]);
});

test('counts the runs of a workflow that was started by a deployment, if workflow_run reports it', async () => {
  const workflow_run = { id: 42, workflow_id: 77, head_branch: 'main', event: 'deployment_status' };
  const env = { GITHUB_EVENT_NAME: 'workflow_run' };
  expect(await count([{ id: 41, conclusion: 'failure' }], { env, event: { workflow_run } })).toEqual(
    counted(2),
  );
});

test.each([[undefined], [null], [{}], ['many']])(
  'can not count the answer %j, which is no list',
  async (runs) => {
    expect(await count(runs)).toEqual({
      kind: 'request-failed',
      error: new Error(`GET ${RUNS_PATH} returned no list of runs.`),
    });
  },
);

test('ignores entries that are no runs', async () => {
  const runs = [null, 'odd', [], { id: 41, conclusion: 'failure' }, { conclusion: 'success' }];
  expect(await count(runs)).toEqual(counted(2));
});

test('ignores an earlier attempt of this run and all newer runs', async () => {
  const runs = [
    { id: 43, conclusion: 'success' },
    { id: 42, conclusion: 'success' },
    { id: 41, conclusion: 'failure' },
  ];
  expect(await count(runs)).toEqual(counted(2));
});

test('reads no other page once there are enough failures', async () => {
  const skipped = Array.from({ length: 99 }, (_, index) => ({ id: 40_000 - index, conclusion: 'skipped' }));
  const runs = [{ id: 40_001, conclusion: 'failure' }, ...skipped];
  expect(await count(runs, { max: 2, env: { GITHUB_RUN_ID: '50000' } })).toEqual(counted(2));
  expect(server.requests).toHaveLength(1);
});

test('gives up after 500 runs that tell nothing', async () => {
  const runs = Array.from({ length: 100 }, () => ({ id: 41, conclusion: 'skipped' }));
  expect(await count(runs)).toEqual({ kind: 'history-too-long', runCount: 500 });
  expect(server.requests).toHaveLength(5);
});
