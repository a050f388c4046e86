import { expect, test } from '@jest/globals';
import type { StoredJob } from '../support/fake-github/stored-job.ts';
import { useFakes } from '../support/use-fakes.ts';
import { endWatchedJob } from '../support/watch-step.ts';

const { datadog, github, clock } = useFakes();

/** The description of the case that a failed job with this ID opens. */
async function describeFailure(checkRunId: string, env = {}): Promise<string> {
  await endWatchedJob({ datadog, github, clock, inputs: { check_run_id: checkRunId }, env });
  return datadog.lastDescription;
}

function runningJob(id: number, name: string, overrides: Partial<StoredJob> = {}): StoredJob {
  return {
    id,
    name,
    status: 'in_progress',
    conclusion: null,
    runner_name: `runner of ${name}`,
    steps: [{ number: 4, name: `Run ${name}`, conclusion: 'failure' }],
    ...overrides,
  };
}

test('names the failed step of exactly this job, found by its ID', async () => {
  github.jobs = [runningJob(70, 'build (eu)'), runningJob(71, 'build (us)')];
  const description = await describeFailure('71');
  expect(description).toContain('[`build (us)`]');
  expect(description).toContain('at [`Run build (us)`]');
  expect(description).not.toContain('build (eu)');
  expect(github.requestLines).toEqual(['GET /repos/acme/shop/actions/jobs/71']);
});

test.each([
  ['the runner does not know the ID', ''],
  ['GitHub does not know the ID', '999'],
  ['the ID is not a number', 'x'],
])('finds the job by its runner if %s', async (_, checkRunId) => {
  github.jobs = [runningJob(70, 'eu'), runningJob(71, 'us')];
  const description = await describeFailure(checkRunId, { RUNNER_NAME: 'runner of us' });
  expect(description).toContain('[`us`]');
  expect(description).not.toContain('[`eu`]');
});

test('ignores a job with this ID in another run', async () => {
  github.jobs = [runningJob(70, 'eu', { run_id: 41 })];
  expect(await describeFailure('70')).not.toContain('Failed:');
  expect(datadog.cases).toHaveLength(1);
});

test('names no other job if its own is not found', async () => {
  github.jobs = [runningJob(70, 'eu')];
  expect(await describeFailure('', { RUNNER_NAME: 'runner of us' })).not.toContain('Failed:');
  expect(datadog.cases).toHaveLength(1);
});

test('polls until GitHub knows of the failed step', async () => {
  github.beforeResponse = () => {
    github.jobs = [runningJob(70, 'eu', github.requestLines.length < 3 ? { steps: [] } : {})];
  };
  expect(await describeFailure('70')).toContain('at [`Run eu`]');
  expect(clock.delays.slice(0, 2)).toEqual([500, 1000]);
});

test('links the job if GitHub never learns of a failed step', async () => {
  github.jobs = [runningJob(70, 'eu', { steps: [] })];
  expect(await describeFailure('70')).toMatch(/Failed: \[`eu`\]\([^)]*\/job\/70\)$/m);
  expect(github.requestLines).toHaveLength(4);
});

test('opens the case and warns which permission is missing', async () => {
  github.permissions.delete('actions: read');
  const core = await endWatchedJob({ datadog, github, clock });
  expect(core.messages('notice')).toContain('Opened OPS-1');
  expect(core.messages('warning')).toContain('actions: read');
});
