import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { FakeDatadog } from '../support/fake-datadog.ts';
import { shownLog } from '../support/run-action.ts';
import { type WatchedJobRun, watchJob } from '../support/run-watched-job.ts';
import { useFakesInRealTime } from '../support/use-fakes.ts';

const { datadog, github } = useFakesInRealTime();
beforeEach(() => {
  github.jobs = [
    runningJob(70, 'deploy', [{ number: 3, name: 'Run ./deploy.sh', conclusion: 'failure' }]),
    runningJob(71, 'test', [{ number: 2, name: 'Run ./test.sh', conclusion: 'failure' }]),
  ];
});

function runningJob(id: number, name: string, steps: readonly Record<string, unknown>[]) {
  return { id, name, status: 'in_progress', conclusion: null, steps };
}

function watch(overrides?: Partial<WatchedJobRun>) {
  return watchJob(datadog, github, overrides);
}

test('a job fails, fails again and recovers: one case is opened, commented on and closed', async () => {
  const first = await watch();
  expect([first.start.exitCode, first.end.exitCode]).toEqual([0, 0]);
  expect(shownLog(first.start)).toMatch(/^Watching this job\. If it fails, a case is opened.*\n$/);
  expect(first.start.summary).toBe('');
  expect(datadog.cases.map(({ attributes }) => attributes.title)).toEqual(['Deploy / deploy failed on main']);
  const description = datadog.cases[0]?.attributes.description;
  expect(description).toContain('at [`Run ./deploy.sh`]');
  expect(description).not.toContain('test.sh');
  expect(first.end.log).toContain(
    '::notice title=Datadog case::Opened OPS-1: Deploy / deploy failed on main',
  );
  expect(first.end.summary).toContain('OPS-1');
  expect([first.start.outputs, first.end.outputs]).toEqual([{}, {}]);

  await watch({ env: { GITHUB_RUN_ID: '43' }, checkRunId: 0 });
  expect(datadog.cases).toHaveLength(1);
  expect(datadog.cases[0]?.comments).toHaveLength(1);

  const last = await watch({ status: 'success', env: { GITHUB_RUN_ID: '44' } });
  expect(last.end.log).toContain('::notice title=Datadog case::Closed OPS-1');
  expect(datadog.openCases).toEqual([]);
});

test('the start of a job makes no request, and the end of a cancelled one asks only whether a step had failed', async () => {
  await watch({ status: 'cancelled' });
  expect(datadog.requestLines).toEqual([]);
  // Whether a step had failed before.
  expect(github.requestLines).toEqual(['GET /repos/acme/shop/actions/jobs/70']);
});

test('a job without an open case says so in the log only', async () => {
  const { end } = await watch({ status: 'success' });
  expect(shownLog(end)).toBe('Nothing to close: the result is a success, and no case is open for it.\n');
  expect(end.summary).toBe('');
});

test('sends the keys of the environment as they were at the start of the job', async () => {
  const keys = { DD_API_KEY: FakeDatadog.apiKey, DD_APP_KEY: FakeDatadog.appKey };
  const { start, end } = await watch({
    inputs: { api_key: '', app_key: '' },
    env: keys,
    laterEnv: {
      DD_API_KEY: 'another-api-key',
      DD_APP_KEY: 'another-app-key',
      DD_ACCESS_TOKEN: 'another-token',
    },
  });
  expect(end.log).toContain('Opened OPS-1');
  const mask = start.log.indexOf(`::add-mask::${FakeDatadog.apiKey}`);
  expect(mask).toBeGreaterThanOrEqual(0);
  expect(shownLog(start)).not.toContain(FakeDatadog.apiKey);
  expect(start.state.environment).toContain(FakeDatadog.apiKey);
});

test('opens the case even if later steps delete the event', async () => {
  const { end } = await watch({
    laterSteps: (workspace) => rm(join(workspace, 'event.json')),
  });
  expect(end.exitCode).toBe(0);
  expect(datadog.openCases).toHaveLength(1);
});

test('an older run and its re-run change nothing, and a newer run closes the case', async () => {
  await watch({ env: { GITHUB_RUN_ID: '50' } });
  for (const attempt of ['1', '2']) {
    const older = await watch({
      status: 'success',
      env: { GITHUB_RUN_ID: '49', GITHUB_RUN_ATTEMPT: attempt },
    });
    expect(older.end.exitCode).toBe(0);
    expect(shownLog(older.end)).toMatch(/OPS-1 stays open: run 50 failed, which is newer than this run/);
    expect(datadog.openCases).toHaveLength(1);
    expect(datadog.cases[0]?.comments).toEqual([]);
  }
  await watch({ status: 'success', env: { GITHUB_RUN_ID: '50', GITHUB_RUN_ATTEMPT: '2' } });
  expect(datadog.openCases).toEqual([]);
});

test.each(['c0ffee00-1111-4222-8333-444455556666', 'OPS'])(
  'a green job of project %s with no open case costs two searches and a lookup of the project',
  async (project) => {
    const { end } = await watch({ status: 'success', inputs: { project } });
    expect(datadog.requestLines.toSorted()).toEqual([
      'GET /api/v2/cases',
      'GET /api/v2/cases',
      'GET /api/v2/cases/projects',
    ]);
    expect(github.requestLines).toEqual([]);
    expect(shownLog(end)).toMatch(/no case is open/);
  },
);

test('waits for repeated failures, and reopens what was closed recently', async () => {
  const inputs = { after_failures: '2', reopen_within: '24' };
  github.jobs = [{ id: 70, name: 'deploy' }];
  const first = await watch({ inputs });
  expect(first.end.log).toContain('1 of 2 consecutive failures');
  expect(datadog.cases).toEqual([]);
  github.pastRuns = [{ id: 42, conclusion: 'failure', jobs: [{ id: 60, name: 'deploy' }] }];
  github.runId = 43;
  await watch({ inputs, env: { GITHUB_RUN_ID: '43' } });
  expect(datadog.openCases).toHaveLength(1);
  await watch({ inputs, status: 'success', env: { GITHUB_RUN_ID: '44' } });
  const flapped = await watch({ inputs, env: { GITHUB_RUN_ID: '45' } });
  expect(flapped.end.log).toContain('Reopened OPS-1');
  expect(datadog.openCases.map(({ key }) => key)).toEqual(['OPS-1']);
  await watch({ inputs, status: 'success', env: { GITHUB_RUN_ID: '44' } });
  expect(datadog.openCases.map(({ key }) => key)).toEqual(['OPS-1']);
});
