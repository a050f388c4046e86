import { beforeEach, expect, test } from '@jest/globals';
import type { StoredJob } from '../support/fake-github/stored-job.ts';
import { FakeGitHub, type PastRun } from '../support/fake-github.ts';
import { holdUntilArrived } from '../support/hold-requests.ts';
import { keyedInputs } from '../support/keyed-case.ts';
import { runStep } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';
import { endWatchedJob } from '../support/watch-step.ts';

const RUN_ID = 1042;

const { datadog, github, clock } = useFakes();
beforeEach(() => {
  github.runId = RUN_ID;
  github.jobs = [{ id: 70, name: 'test (eu)', status: 'in_progress', conclusion: null, runner_name: 'r' }];
});

interface Options {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly event?: unknown;
}

/** A step of the failing job with the ID 70. */
function fail({ inputs, env, event }: Options = {}) {
  return runStep({
    inputs: {
      ...keyedInputs(datadog),
      github_token: FakeGitHub.token,
      run_context: 'false',
      after_failures: '3',
      job_status: 'failure',
      check_run_id: '70',
      ...inputs,
    },
    env: github.env(env),
    event,
    clock,
  });
}

/** Earlier runs, newest first, in which the job `test (eu)` and the job `lint` ended like this. */
function setHistory(...runs: (readonly [ofRun: string, ofJob: string | undefined, ofLint?: string])[]): void {
  github.pastRuns = runs.map(([conclusion, ofJob, ofLint = 'success'], index): PastRun => {
    const lint: StoredJob = { id: 2000 + index, name: 'lint', conclusion: ofLint };
    const own: StoredJob[] = ofJob ? [{ id: 1000 + index, name: 'test (eu)', conclusion: ofJob }] : [];
    return { id: RUN_ID - 1 - index, conclusion, jobs: [lint, ...own] };
  });
}

const WARNING = 'after_failures: could not count earlier failures, so the case is opened now.';

test.each([
  ['another job failed', [['failure', 'success', 'failure']], 'waiting'],
  ['the job failed', [['failure', 'failure']], 'waiting'],
  [
    'the job failed twice',
    [
      ['failure', 'failure'],
      ['failure', 'timed_out'],
    ],
    'created',
  ],
  [
    'the job failed twice, and the run tolerated it (continue-on-error)',
    [
      ['success', 'failure'],
      ['success', 'failure'],
    ],
    'created',
  ],
  [
    'the job was skipped, cancelled or missing in between',
    [
      ['success', 'failure'],
      ['success', 'skipped'],
      ['cancelled', 'cancelled'],
      ['failure', undefined],
      ['failure', 'failure'],
      ['success', 'success'],
    ],
    'created',
  ],
  [
    'the job succeeded in between',
    [
      ['failure', 'failure'],
      ['failure', 'success'],
      ['failure', 'failure'],
    ],
    'waiting',
  ],
  ['there was no run', [], 'waiting'],
  ['no job was started', [['startup_failure', undefined]], 'waiting'],
] as const)('the outcome of after_failures: 3 after runs in which %s is right', async (_, runs, outcome) => {
  setHistory(...runs);
  const core = await fail();
  expect(core.outputs.outcome).toBe(outcome);
  expect(core.messages('warning')).toBe('');
});

test('a watched job counts its own failures as well', async () => {
  const inputs = { after_failures: '3', run_context: 'false' };
  setHistory(['failure', 'success', 'failure'], ['failure', 'success', 'failure']);
  const waiting = await endWatchedJob({ datadog, github, clock, inputs });
  expect(datadog.cases).toEqual([]);
  setHistory(['success', 'failure'], ['success', 'failure']);
  const created = await endWatchedJob({ datadog, github, clock, inputs });
  expect(datadog.cases).toHaveLength(1);
  expect(waiting.messages('warning') + created.messages('warning')).toBe('');
});

test('finds the job by its runner if its ID is unknown', async () => {
  setHistory(['success', 'failure'], ['success', 'failure']);
  const core = await fail({ inputs: { check_run_id: '' }, env: { RUNNER_NAME: 'r' } });
  expect(core.outputs.outcome).toBe('created');
  expect(core.messages('warning')).toBe('');
});

test('asks for the jobs of all runs at once, and for no more than can decide', async () => {
  setHistory(...Array.from({ length: 30 }, () => ['failure', 'failure'] as const));
  holdUntilArrived([github], 2, /\/runs\/\d+\/jobs$/);
  await fail();
  const lists = github.requests.filter(({ path }) => /\/runs\/\d+\/jobs$/.test(path));
  expect(lists).toHaveLength(2);
  expect(lists[0]?.query.get('filter')).toBe('latest');
});

test('reads the jobs of 20 runs at most, and opens the case with a warning if that is too few', async () => {
  setHistory(...Array.from({ length: 30 }, () => ['success', 'skipped'] as const), ['failure', 'success']);
  const core = await fail();
  expect(core.outputs.outcome).toBe('created');
  expect(core.messages('warning')).toBe(
    `${WARNING} The last 20 runs don't contain the first of these failures.`,
  );
  expect(github.requests.filter(({ path }) => /\/runs\/\d+\/jobs$/.test(path))).toHaveLength(20);
});

test('runs in which no job was started are not among the 20', async () => {
  const idle = Array.from({ length: 150 }, () => ['skipped', undefined] as const);
  setHistory(...idle, ['failure', 'failure'], ['failure', 'failure']);
  const core = await fail();
  expect(core.outputs.outcome).toBe('created');
  expect(core.messages('warning')).toBe('');
});

test('opens the case with a warning if the name of the job is new', async () => {
  setHistory(['failure', undefined], ['success', undefined]);
  const core = await fail();
  expect(core.outputs.outcome).toBe('created');
  expect(core.messages('warning')).toBe(
    `${WARNING} No job was called "test (eu)" in the last 2 runs. Give the job a name that is the same in each run.`,
  );
});

test('opens the case with a warning if its own job is not found', async () => {
  github.jobs = [];
  expect((await fail()).messages('warning')).toBe(`${WARNING} GitHub does not list this job.`);
  expect(datadog.cases).toHaveLength(1);
});

test('opens the case with a warning if the workflow is defined in another repository', async () => {
  setHistory(['success', 'success']);
  const core = await fail({
    env: { GITHUB_WORKFLOW_REF: 'acme/policies/.github/workflows/deploy.yml@refs/heads/main' },
  });
  expect(core.outputs.outcome).toBe('created');
  expect(core.messages('warning')).toContain("The workflow's file is in another repository");
  expect(github.requestLines).toEqual([]);
});

test.each([
  ['500', { status: 500 }],
  ['nothing', 'hang' as const],
])('opens the case with a warning if GitHub answers %s about the jobs of a run', async (_, response) => {
  setHistory(['failure', 'failure'], ['failure', 'failure']);
  github.injectFault({ request: `GET .*/runs/${RUN_ID - 2}/jobs$`, response });
  const startedAt = clock.time;
  const core = await fail();
  expect(core.outputs.outcome).toBe('created');
  expect(core.messages('warning')).toContain(WARNING);
  // The second search for a new case takes one more second.
  expect(clock.time - startedAt).toBeLessThanOrEqual(6000);
});

test('opens the case with a warning if a job is missing because a page of jobs could not be read', async () => {
  const legs = Array.from({ length: 150 }, (_, index) => ({ id: index + 1, name: `leg ${index}` }));
  github.pastRuns = [{ id: RUN_ID - 1, conclusion: 'failure', jobs: legs }];
  github.injectFault({ request: 'GET .*/runs/1041/jobs$', skip: 1, response: { status: 404 } });
  const core = await fail();
  expect(core.outputs.outcome).toBe('created');
  expect(core.messages('warning')).toBe(`${WARNING} Not all jobs of run 1041 could be read.`);
});

test('of several jobs with the same name, one that failed counts', async () => {
  const jobs = ['success', 'failure', 'skipped'].map((conclusion, id) => ({
    id: id + 1,
    name: 'test (eu)',
    conclusion,
  }));
  github.pastRuns = [1041, 1040].map((id) => ({ id, conclusion: 'failure', jobs }));
  expect((await fail()).outputs.outcome).toBe('created');
});

test('a report from another job counts the runs of the workflow', async () => {
  setHistory(['failure', 'success', 'failure'], ['failure', 'success', 'failure']);
  expect((await fail({ inputs: { job_status: 'success' } })).outputs.outcome).toBe('created');
});
