import { expect, test } from '@jest/globals';
import { failedJob } from '../support/pull-request-run.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, github, clock, openCase } = useFakes();

const RUNNER_ENV = { RUNNER_NAME: 'runner 3' };

/** The job that runs this step, as GitHub shows it a moment later. */
function runningJob(step: Record<string, unknown>, id = 5, runner = 'runner 3') {
  return {
    id,
    name: `job ${id}`,
    status: 'in_progress',
    conclusion: null,
    runner_name: runner,
    steps: [{ number: 4, name: 'Deploy', ...step }],
  };
}

function runningSince(started_at: string) {
  return { status: 'in_progress', conclusion: null, started_at };
}

const STEPS_AFTER_FAILURE = [
  { number: 3, name: 'Build', status: 'completed', conclusion: 'failure' },
  { number: 4, name: 'Tidy', ...runningSince('2026-01-02T03:04:00Z') },
];

test('polls while GitHub still shows an earlier step as running', async () => {
  const staleJobs = [runningJob(runningSince('2026-01-02T03:04:00Z'))];
  const currentJobs = [runningJob({ status: 'completed', conclusion: 'failure' })];
  github.beforeResponse = () => {
    github.jobs = github.requestLines.length < 3 ? staleJobs : currentJobs;
  };
  await openCase({}, { env: RUNNER_ENV });
  expect(datadog.lastDescription).toContain('Failed: [`job 5`]');
  expect(clock.delays).toEqual([500, 1000]);
});

test('stops polling after three attempts', async () => {
  github.jobs = [runningJob(runningSince('2026-01-02T03:04:00Z')), failedJob(6, 'other')];
  await openCase({}, { env: RUNNER_ENV });
  expect(github.requestLines).toHaveLength(4);
  expect(datadog.lastDescription).toContain('Failed: [`other`]');
});

test('keeps the first result when polling fails', async () => {
  github.jobs = [runningJob(runningSince('2026-01-02T03:04:00Z')), failedJob(6, 'other')];
  github.injectFault({ request: 'GET', skip: 1, response: { status: 404 } });
  const core = await openCase({}, { env: RUNNER_ENV });
  expect(datadog.lastDescription).toContain('Failed: [`other`]');
  expect(core.messages('warning')).toBe('');
});

test.each([
  ['the running step has just started', [runningJob(runningSince('2026-01-02T03:04:04Z'))]],
  ['another runner runs the job', [runningJob(runningSince('2026-01-02T03:04:00Z'), 5, 'runner 4')]],
  ['no step has a start time', [runningJob({ status: 'in_progress' })]],
  ['no step is running', [runningJob({ status: 'queued', started_at: '2026-01-02T03:04:00Z' })]],
  [
    'a failed step is already known',
    [
      failedJob(5, 'own', {
        ...runningJob(runningSince('2026-01-02T03:04:00Z')),
        steps: STEPS_AFTER_FAILURE,
      }),
    ],
  ],
  ['the job has completed', [failedJob(5, 'ended', { runner_name: 'runner 3' })]],
])('does not poll when %s', async (_, jobs) => {
  github.jobs = jobs;
  await openCase({}, { env: RUNNER_ENV });
  expect(github.requestLines).toHaveLength(1);
});

test('does not poll for a workflow_run event', async () => {
  github.jobs = [runningJob(runningSince('2026-01-02T03:04:00Z'))];
  const event = { workflow_run: { id: 99 } };
  await openCase({}, { env: { ...RUNNER_ENV, GITHUB_EVENT_NAME: 'workflow_run' }, event });
  expect(github.requestLines).toHaveLength(1);
});
