import { expect, test } from '@jest/globals';
import { FakeGitHub, type PastRun } from '../support/fake-github.ts';
import { keyedInputs, seedKeyedCase } from '../support/keyed-case.ts';
import { runStep } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, github, clock } = useFakes();

interface Options {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly event?: unknown;
}

function fail({ inputs, env, event }: Options = {}) {
  return runStep({
    inputs: {
      ...keyedInputs(datadog),
      github_token: FakeGitHub.token,
      run_context: 'false',
      after_failures: '3',
      ...inputs,
    },
    env: github.env({ GITHUB_RUN_ID: String(RUN_ID), ...env }),
    event,
    clock,
  });
}

const RUN_ID = 1042;

/** Runs before this one, newest first. */
function setHistory(...conclusions: (string | null)[]): void {
  github.pastRuns = conclusions.map((conclusion, index) => ({ id: RUN_ID - 1 - index, conclusion }));
}

test.each([
  [[], 'waiting'],
  [['failure'], 'waiting'],
  [['failure', 'failure'], 'created'],
  [['timed_out', 'startup_failure'], 'created'],
  [['failure', 'success', 'failure'], 'waiting'],
  [['failure', 'neutral', 'failure'], 'waiting'],
  [['cancelled', 'failure', 'skipped', 'action_required', 'failure'], 'created'],
  [['cancelled', 'cancelled'], 'waiting'],
  [[null, 'stale', 'failure', 'failure'], 'created'],
] as const)('the outcome of after_failures: 3 with the history %j is %s', async (conclusions, outcome) => {
  setHistory(...conclusions);
  const core = await fail();
  expect(core.outputs.outcome).toBe(outcome);
  expect(datadog.cases).toHaveLength(outcome === 'created' ? 1 : 0);
  expect(core.hasFailed).toBe(false);
  expect(core.messages('warning')).toBe('');
});

test('says how many consecutive failures there were', async () => {
  setHistory('failure', 'success');
  const core = await fail();
  expect(core.messages('notice')).toContain('2 of 3 consecutive failures on this branch');
  expect(core.summary).toContain('2 of 3 consecutive failures');
  expect(core.outputs).toEqual({ outcome: 'waiting' });
});

test('ignores newer runs, the run itself, other branches and forks', async () => {
  const other: Partial<PastRun>[] = [
    { head_branch: 'other' },
    { head_repository: { full_name: 'eve/shop' } },
  ];
  github.pastRuns = [
    { id: RUN_ID + 2, conclusion: 'failure' },
    { id: RUN_ID + 1, conclusion: 'failure' },
    { id: RUN_ID, conclusion: 'failure' },
    ...other.map((run, index) => ({ id: RUN_ID - 1 - index, conclusion: 'failure', ...run })),
  ];
  expect((await fail()).outputs.outcome).toBe('waiting');
});

test('counts a run that is on two pages once', async () => {
  const failures = Array.from({ length: 100 }, () => 'skipped');
  setHistory(...failures.slice(1), 'failure', 'failure');
  github.pastRuns.splice(100, 1, ...github.pastRuns.slice(99, 100));
  expect((await fail()).outputs.outcome).toBe('waiting');
});

test('a success of a fork that was deleted does not end the streak', async () => {
  setHistory('success', 'failure', 'failure');
  Object.assign(github.pastRuns[0] ?? {}, { head_repository: null });
  expect((await fail()).outputs.outcome).toBe('created');
});

test('counts the runs of a pull request from a fork that gets secrets', async () => {
  setHistory('failure', 'failure');
  const head = { ref: 'main', repo: { full_name: 'eve/shop' } };
  for (const run of github.pastRuns) Object.assign(run, { head_repository: head.repo });
  const event = { pull_request: { number: 12, head, base: { repo: { full_name: 'acme/shop' } } } };
  expect((await fail({ event, env: { GITHUB_EVENT_NAME: 'pull_request' } })).outputs.outcome).toBe('created');
});

test('opens the case with a warning for pull_request_target, whose runs may be listed under any branch', async () => {
  setHistory('success');
  const repo = { full_name: 'acme/shop' };
  const event = { pull_request: { number: 12, head: { ref: 'main', repo }, base: { repo } } };
  const core = await fail({ event, env: { GITHUB_EVENT_NAME: 'pull_request_target' } });
  expect(core.outputs.outcome).toBe('created');
  expect(core.messages('warning')).toContain('after_failures: could not count');
});

test('counts all entries of a merge queue, each of which has a branch of its own', async () => {
  setHistory('failure', 'failure', 'success');
  const queue = 'gh-readonly-queue/main/';
  for (const [index, run] of github.pastRuns.entries())
    Object.assign(run, { head_branch: `${queue}pr-${index}-abc` });
  const event = { merge_group: { head_ref: `refs/heads/${queue}pr-9-abc`, base_ref: 'refs/heads/main' } };
  expect((await fail({ event, env: { GITHUB_EVENT_NAME: 'merge_group' } })).outputs.outcome).toBe('created');
  expect(github.requests.at(-1)?.query.get('event')).toBe('merge_group');
});

test('opens the case with a warning if 500 runs do not tell how long the streak is', async () => {
  setHistory(...Array.from({ length: 600 }, () => 'skipped'));
  const core = await fail();
  expect(core.outputs.outcome).toBe('created');
  expect(core.messages('warning')).toContain("The last 500 runs don't contain the first of these failures.");
});

test('reads more than one page of the history', async () => {
  setHistory(...Array.from({ length: 150 }, () => 'cancelled'), 'failure', 'failure');
  expect((await fail()).outputs.outcome).toBe('created');
});

test('comments on an open case however short the streak is', async () => {
  seedKeyedCase(datadog);
  expect((await fail()).outputs.outcome).toBe('existing');
});

test('for workflow_run, counts the failures of the workflow that ended', async () => {
  github.pastRuns = [{ id: 98, conclusion: 'failure' }];
  const workflow_run = {
    id: 99,
    run_attempt: 1,
    name: 'Deploy',
    workflow_id: 77,
    head_branch: 'main',
    head_repository: { full_name: FakeGitHub.repository },
  };
  const env = { GITHUB_EVENT_NAME: 'workflow_run' };
  const core = await fail({ env, event: { workflow_run }, inputs: { after_failures: '2' } });
  expect(core.outputs.outcome).toBe('created');
  expect(github.requestLines).toEqual(['GET /repos/acme/shop/actions/workflows/77/runs']);
});

test('for workflow_run, counts the entries of a merge queue together', async () => {
  const head_repository = { full_name: FakeGitHub.repository };
  const branchOf = (number: number) => `gh-readonly-queue/main/pr-${number}-abc`;
  github.pastRuns = [{ id: 98, conclusion: 'failure', head_branch: branchOf(11), head_repository }];
  const workflow_run = {
    id: 99,
    workflow_id: 77,
    event: 'merge_group',
    head_branch: branchOf(12),
    head_repository,
  };
  const env = { GITHUB_EVENT_NAME: 'workflow_run' };
  const core = await fail({ env, event: { workflow_run }, inputs: { after_failures: '2' } });
  expect(core.outputs.outcome).toBe('created');
  expect(core.messages('warning')).toBe('');
});

test.each([
  ['403', { status: 403, body: { message: 'Resource not accessible by integration' } }],
  ['404', { status: 404 }],
  ['500', { status: 500 }],
  ['garbage', { status: 200, body: 'garbage' }],
  ['no list', { status: 200, body: { workflow_runs: 'none' } }],
  ['nothing', 'hang' as const],
  ['a dropped connection', 'drop' as const],
])('opens the case with a warning when GitHub responds with %s', async (_, response) => {
  github.injectFault({ request: 'GET .*/runs$', response });
  const core = await fail();
  expect(core.outputs.outcome).toBe('created');
  expect(core.messages('warning')).toContain(
    'after_failures: could not count earlier failures, so the case is opened now. ',
  );
});

test('names the permission that is missing to read the history', async () => {
  github.permissions.delete('actions: read');
  expect((await fail()).messages('warning')).toContain('actions: read');
});

test.each([
  ['a token', { inputs: { github_token: '' } }],
  ['a workflow file', { env: { GITHUB_WORKFLOW_REF: '' } }],
])('opens the case with a warning if after_failures lacks %s', async (_, options) => {
  const core = await fail(options);
  expect(core.outputs.outcome).toBe('created');
  expect(core.messages('warning')).toContain('after_failures');
});

test('makes no request to GitHub for the default of one failure', async () => {
  await fail({ inputs: { after_failures: '1' } });
  expect(github.requestLines).toEqual([]);
});

test('a dry run says that no case would be opened yet', async () => {
  const core = await fail({ inputs: { dry_run: 'true' } });
  expect(core.outputs.outcome).toBe('planned');
  expect(core.messages('notice')).toContain(
    'No case would be opened yet: 1 of 3 consecutive failures (after_failures).',
  );
  expect(core.summary).toContain('No case would be opened yet');
});
