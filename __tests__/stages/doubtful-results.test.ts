import { describe, expect, test } from '@jest/globals';
import { useAutoSteps } from '../support/auto-step.ts';
import type { StepOptions } from '../support/run-step.ts';
import { endWatchedJob } from '../support/watch-step.ts';

const { datadog, github, clock, auto, fail } = useAutoSteps();

/** A step of the job as GitHub lists it, which is still running without a conclusion. */
function step(number: number, name: string, conclusion: string | null) {
  const status = conclusion ? 'completed' : 'in_progress';
  return { number, name, status, conclusion, started_at: '2026-01-02T03:00:00Z' };
}

function job(name: string, conclusion: string | null, steps: readonly Record<string, unknown>[] = []) {
  const status = conclusion ? 'completed' : 'in_progress';
  return { id: name === 'report' ? 70 : 60 + name.length, name, status, conclusion, steps };
}

const LOST = { isStateLost: true };
const REFUSED = { response: { status: 403, body: { message: 'Resource not accessible by integration' } } };

describe('a job that goes well so far', () => {
  const running = [
    step(2, 'Run ./e2e.sh', null),
    step(3, 'Run ./unit.sh', 'success'),
    step(4, 'Report', null),
  ];

  test('keeps the case open while a step runs in the background', async () => {
    await fail();
    github.jobs = [job('report', null, running)];
    const core = await auto();
    expect(core.messages('info')).toContain(
      'OPS-1 stays open: the step "Run ./e2e.sh" of this job still runs in the background and may fail. Put `wait-all` before this step.',
    );
    expect(datadog.openCases).toHaveLength(1);
    expect((await auto({ dry_run: 'true' })).outputs.outcome).toBe('none');
  });

  test.each<[string, Record<string, unknown>[], string]>([
    [
      'has failed',
      [step(2, 'Run ./e2e.sh', 'failure'), ...running.slice(1)],
      'OPS-1 stays open: the step "Run ./e2e.sh" of this job failed in the background. Put `wait-all` before this step, so that it knows of it.',
    ],
    [
      'runs, and GitHub does not list this one as running yet',
      [...running.slice(0, 2), { ...step(4, 'Report', null), status: 'queued' }],
      'the step "Run ./e2e.sh" of this job still runs in the background',
    ],
  ])('keeps the case open if a step in the background %s', async (_, steps, text) => {
    await fail();
    github.jobs = [job('report', null, steps)];
    expect((await auto()).messages('info')).toContain(text);
    expect(datadog.openCases).toHaveLength(1);
  });

  test('asks GitHub however long Datadog took before', async () => {
    await fail();
    github.jobs = [job('report', null, running)];
    datadog.beforeResponse = () => {
      clock.time += 5500;
      datadog.beforeResponse = () => undefined;
    };
    expect((await auto()).outputs.outcome).toBe('none');
    expect(datadog.openCases).toHaveLength(1);
  });

  test('closes it if no other step runs', async () => {
    await fail();
    github.jobs = [job('report', null, running.slice(1))];
    expect((await auto()).outputs.outcome).toBe('closed');
  });

  test('closes it at the end of a watched job, after which nothing runs any more', async () => {
    const watched = { datadog, github, clock };
    await endWatchedJob(watched);
    github.jobs = [job('report', null, running)];
    await endWatchedJob({ ...watched, env: { GITHUB_RUN_ID: '77' }, inputs: { job_status: 'success' } });
    expect(datadog.openCases).toEqual([]);
  });

  test('closes it if GitHub cannot be asked', async () => {
    await fail();
    github.jobs = [job('report', null, running)];
    github.injectFault({ request: 'GET .*/jobs', times: 99, ...REFUSED });
    const core = await auto();
    expect(core.outputs.outcome).toBe('closed');
    expect(core.messages('warning')).toBe('');
  });

  test('asks GitHub only if a case is open', async () => {
    await auto();
    expect(github.requests).toEqual([]);
  });

  test('looks at the case again if GitHub was slow', async () => {
    await fail();
    github.jobs = [job('report', null, running.slice(1))];
    github.beforeResponse = () => {
      clock.time += 2000;
      const [stored] = datadog.openCases;
      const description = String(stored?.attributes.description).replace(/run \d+/, 'run 999');
      Object.assign(stored?.attributes ?? {}, { description });
    };
    const core = await auto();
    expect(core.messages('info')).toContain('run 999 failed, which is newer than this run');
    expect(datadog.openCases).toHaveLength(1);
  });
});

describe('a result that is skipped', () => {
  const failedBuild = [job('build', 'failure'), job('test', 'skipped'), job('report', null)];

  test('beside a success closes nothing if another job has failed', async () => {
    await auto({ result: '["failure","success"]' });
    github.jobs = failedBuild;
    const core = await auto({ result: '["skipped","success"]' });
    expect(core.messages('info')).toContain(
      'OPS-1 stays open: something was skipped, and the job "build" of this attempt failed.',
    );
    expect(datadog.openCases).toHaveLength(1);
  });

  test.each([
    ['no job has failed', () => Object.assign(github, { jobs: failedBuild.slice(1) })],
    [
      'GitHub cannot be asked',
      () => {
        github.jobs = failedBuild;
        github.injectFault({ request: 'GET .*/jobs', times: 99, ...REFUSED });
      },
    ],
  ])('beside a success closes the case if %s', async (_, prepare) => {
    await auto({ result: 'failure success' });
    prepare();
    expect((await auto({ result: 'skipped success' })).outputs.outcome).toBe('closed');
  });

  test('is a warning if another job has failed, because that may be why', async () => {
    github.jobs = failedBuild;
    const core = await auto({ result: 'skipped' });
    expect(core.outputs.outcome).toBe('none');
    expect(core.messages('warning')).toBe(
      'Nothing to report: the result is "skipped", maybe because the job "build" of this attempt failed. To report that, too, add the job to `needs` and its result to `result`.',
    );
  });

  test.each<[string, Record<string, string>, readonly object[]]>([
    ['no job has failed', {}, failedBuild.slice(1)],
    ['there is no token', { github_token: '' }, failedBuild],
  ])('is only in the log if %s', async (_, inputs, jobs) => {
    Object.assign(github, { jobs });
    const core = await auto({ result: 'skipped', ...inputs });
    expect(core.allMessages.map(({ kind }) => kind)).toEqual(['info']);
  });
});

describe('a job that was cancelled', () => {
  const steps = [step(2, 'Run ./deploy.sh', 'failure'), step(3, 'Clean up', 'cancelled')];
  const WARNING =
    'The job was cancelled after its step "Run ./deploy.sh" had failed. No case was opened or closed (on_cancelled: ignore).';

  test('warns of a step that had failed before', async () => {
    github.jobs = [job('report', null, steps)];
    const inputs = { job_status: 'cancelled' };
    expect((await endWatchedJob({ datadog, github, clock, inputs })).messages('warning')).toBe(WARNING);
    expect((await auto(inputs)).messages('warning')).toBe(WARNING);
    expect(datadog.requests).toEqual([]);
  });

  test.each<[string, () => void]>([
    ['none had failed', () => Object.assign(github, { jobs: [job('report', null, steps.slice(1))] })],
    ['the job is not found', () => Object.assign(github, { jobs: [] })],
    ['GitHub refuses', () => github.injectFault({ request: '.*', times: 99, ...REFUSED })],
    ['GitHub does not answer', () => github.injectFault({ request: '.*', times: 99, response: 'hang' })],
  ])('says so in the log only if %s', async (_, prepare) => {
    prepare();
    const core = await endWatchedJob({ datadog, github, clock, inputs: { job_status: 'cancelled' } });
    expect(core.allMessages.map(({ kind }) => kind)).toEqual(['info']);
    expect(core.messages('info')).toContain('on_cancelled: ignore');
  });

  test.each<[string, Record<string, string>, unknown, Partial<StepOptions>]>([
    [
      'the state was lost, and a step may have set a proxy',
      { NODE_EXTRA_CA_CERTS: '/other.pem' },
      undefined,
      LOST,
    ],
    ['it may report on a fork', { GITHUB_EVENT_NAME: 'pull_request_target' }, undefined, {}],
  ])('asks nothing if %s', async (_, env, event, options) => {
    github.jobs = [job('report', null, steps)];
    const inputs = { job_status: 'cancelled' };
    const core = await endWatchedJob({ datadog, github, clock, env, event, inputs, ...options });
    expect(core.messages('warning')).toBe('');
    expect(github.requests).toEqual([]);
  });

  test('asks nothing if other results are cancelled', async () => {
    await auto({ result: 'cancelled' });
    expect(github.requests).toEqual([]);
  });
});
