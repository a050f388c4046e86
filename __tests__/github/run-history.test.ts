import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readRunContext } from '../../src/github/run-context.ts';
import { countFailureStreak } from '../../src/github/run-history.ts';
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

/** Counts failures where the list of runs is this one, or no list. */
function count(
  workflow_runs: unknown,
  { env, event = {}, max = 10, doesCancelledCount = false }: CountOptions = {},
): Promise<number> {
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
    expect(await count(runs, { doesCancelledCount })).toBe(expected);
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
  ];
  expect(await count(runs, { env: { GITHUB_EVENT_NAME: 'merge_group' }, event })).toBe(2);
  expect([...(server.requests[0]?.query ?? [])]).toEqual([
    ['event', 'merge_group'],
    ['status', 'completed'],
    ['per_page', '100'],
    ['page', '1'],
  ]);
});

test.each([['GITHUB_RUN_ID'], ['GITHUB_REF_NAME'], ['GITHUB_WORKFLOW_REF']])(
  'rejects without a request if %s is empty',
  async (name) => {
    await expect(count([], { env: { [name]: '' } })).rejects.toThrow(
      new Error('The workflow, its branch or its run is unknown'),
    );
    expect(server.requests).toEqual([]);
  },
);

test.each([[undefined], [null], [{}], ['many']])('rejects the answer %j, which is no list', async (runs) => {
  await expect(count(runs)).rejects.toThrow(new Error(`GET ${RUNS_PATH} returned no list of runs.`));
});

test('ignores entries that are no runs', async () => {
  expect(await count([null, 'odd', [], { id: 41, conclusion: 'failure' }, { conclusion: 'success' }])).toBe(
    2,
  );
});

test('ignores an earlier attempt of this run and all newer runs', async () => {
  const runs = [
    { id: 43, conclusion: 'success' },
    { id: 42, conclusion: 'success' },
    { id: 41, conclusion: 'failure' },
  ];
  expect(await count(runs)).toBe(2);
});

test('reads no other page once there are enough failures', async () => {
  const skipped = Array.from({ length: 99 }, (_, index) => ({ id: 40_000 - index, conclusion: 'skipped' }));
  const runs = [{ id: 40_001, conclusion: 'failure' }, ...skipped];
  expect(await count(runs, { max: 2, env: { GITHUB_RUN_ID: '50000' } })).toBe(2);
  expect(server.requests).toHaveLength(1);
});

test('rejects after 500 runs that tell nothing', async () => {
  const runs = Array.from({ length: 100 }, () => ({ id: 41, conclusion: 'skipped' }));
  await expect(count(runs)).rejects.toThrow(new Error("The last 500 runs don't tell"));
  expect(server.requests).toHaveLength(5);
});
