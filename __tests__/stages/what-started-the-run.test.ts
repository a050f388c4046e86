import { expect, test } from '@jest/globals';
import { useAutoSteps, workflowRun } from '../support/auto-step.ts';
import { endWatchedJob } from '../support/watch-step.ts';

const { datadog, github, clock, auto, fail } = useAutoSteps();
const repo = { full_name: 'acme/shop' };

/** How a run is started. */
interface Start {
  readonly name: string;
  readonly event: Record<string, unknown>;
  readonly env?: Record<string, string>;
}

/** The end of a watched job in a new run. */
function end(
  status: 'failure' | 'success',
  { name, event, env }: Start,
  inputs: Record<string, string> = {},
) {
  github.runId += 1;
  return endWatchedJob({
    datadog,
    github,
    clock,
    inputs: { job_status: status, ...inputs },
    event: { repository: repo, ...event },
    env: { GITHUB_EVENT_NAME: name, GITHUB_RUN_ID: String(github.runId), ...env },
  });
}

const pullRequest = (number: number, base: string): Start => ({
  name: 'pull_request',
  event: { pull_request: { number, head: { ref: 'feature', repo }, base: { ref: base, repo } } },
  env: { GITHUB_REF_NAME: `${number}/merge` },
});
const push = (ref: string): Start => ({ name: 'push', event: {}, env: { GITHUB_REF_NAME: ref } });
const dispatch = (inputs: object | null): Start => ({ name: 'workflow_dispatch', event: { inputs } });
const custom = (action: string, version: string): Start => ({
  name: 'repository_dispatch',
  event: { action, client_payload: { version } },
});
const nightly = (schedule: string): Start => ({ name: 'schedule', event: { schedule } });
const after = (event: string): Start => ({
  name: 'workflow_run',
  event: workflowRun({ event, conclusion: 'success' }) as Record<string, unknown>,
});

test.each<[string, Start, Start]>([
  ['a deployment to production', dispatch({ to: 'production' }), dispatch({ to: 'staging' })],
  ['a run with inputs', dispatch({ to: 'production' }), push('main')],
  ['inputs that differ in a later line', dispatch({ to: '{\n"a"\n}' }), dispatch({ to: '{\n"b"\n}' })],
  ['long inputs', dispatch({ to: `${'x'.repeat(3000)}a` }), dispatch({ to: `${'x'.repeat(3000)}b` })],
  ['a pull request', pullRequest(12, 'main'), push('feature')],
  ['another pull request of the branch', pullRequest(12, 'release-1'), pullRequest(13, 'main')],
  ['a custom event', custom('deploy-prod', '1'), custom('deploy-staging', '1')],
  ['a nightly run', nightly('0 3 * * *'), push('main')],
  ['a weekly run', nightly('0 3 * * 1'), nightly('0 3 * * *')],
  ['a run after a nightly run', after('schedule'), after('push')],
])('the case of %s stays open if a run succeeds that was started differently', async (_, failed, other) => {
  await end('failure', failed);
  const core = await end('success', other);
  expect(core.messages('info')).toContain('OPS-1 stays open: the run that failed was started by');
  expect(datadog.openCases).toHaveLength(1);
  await end('success', failed);
  expect(datadog.openCases).toEqual([]);
});

test.each<[string, Start, Start]>([
  ['the inputs in another order', dispatch({ a: '1', b: '2' }), dispatch({ b: '2', a: '1' })],
  ['another payload of the same custom event', custom('deploy', '1'), custom('deploy', '2')],
  ['another base of the same pull request', pullRequest(12, 'step-1'), pullRequest(12, 'main')],
  ['an empty input', dispatch({ to: 'production', note: '' }), dispatch({ to: 'production' })],
  ['a run that somebody starts by hand without inputs', nightly('0 3 * * *'), dispatch(null)],
  ['an event after a run that somebody started by hand without inputs', dispatch({ note: '' }), push('main')],
])('makes no difference: %s', async (_, failed, succeeded) => {
  await end('failure', failed);
  await end('success', succeeded);
  expect(datadog.openCases).toEqual([]);
});

test('a pull request that stays red has one case, however often its branch is pushed', async () => {
  for (const _ of [1, 2, 3]) {
    await end('success', push('feature'));
    await end('failure', pullRequest(12, 'main'));
  }
  expect(datadog.cases).toHaveLength(1);
  expect(datadog.openCases).toHaveLength(1);
});

test('the last failure counts: what started the one before does not matter any more', async () => {
  await end('failure', nightly('0 3 * * *'));
  await end('failure', push('main'));
  await end('success', push('main'));
  expect(datadog.openCases).toEqual([]);
});

test('with a key that is given, every success closes the case', async () => {
  const inputs = { dedup_key: 'deploy-main' };
  await end('failure', nightly('0 3 * * *'), inputs);
  expect(datadog.lastDescription).not.toContain('started by');
  await end('success', push('main'), inputs);
  expect(datadog.openCases).toEqual([]);
});

test('with mode: auto, the run that is reported counts, not the one that reports', async () => {
  const given = (event: string, conclusion: string) => ({
    env: { GITHUB_EVENT_NAME: 'workflow_run' },
    event: workflowRun({ event, conclusion, id: github.runId }),
  });
  await auto({}, given('schedule', 'failure'));
  expect((await auto({}, given('push', 'success'))).outputs.outcome).toBe('none');
  expect((await auto({}, given('schedule', 'success'))).outputs.outcome).toBe('closed');
});

test('given results count as the run that they are of', async () => {
  const on = (name: string) => ({ env: { GITHUB_EVENT_NAME: name }, event: { repository: repo } });
  await fail({ result: 'failure' }, on('schedule'));
  expect((await auto({ result: 'success' }, on('push'))).outputs.outcome).toBe('none');
  expect((await auto({ result: 'success' }, on('schedule'))).outputs.outcome).toBe('closed');
});

test('a case that says nothing of what started its run is closed as before', async () => {
  await end('failure', push('main'));
  const [stored] = datadog.openCases;
  const description = String(stored?.attributes.description).replace(', started by push', '');
  Object.assign(stored?.attributes ?? {}, { description });
  await end('success', nightly('0 3 * * *'));
  expect(datadog.openCases).toEqual([]);
});

test('after_failures: runs that another event started are not counted', async () => {
  github.runId = 110;
  github.jobs = [{ id: 70, name: 'deploy', status: 'in_progress', conclusion: null }];
  const past = ['push failure', 'push success', 'push failure', 'schedule success'];
  github.pastRuns = past.map((text, index) => {
    const [event = '', conclusion = ''] = text.split(' ');
    const id = 109 - index;
    return { id, event, conclusion, jobs: [{ id: id - 40, name: 'deploy', conclusion }] };
  });
  await end('failure', nightly('0 3 * * *'), { after_failures: '3' });
  expect(datadog.openCases).toEqual([]);
});

test('after_failures: a success of a run with other inputs does not end the streak', async () => {
  github.runId = 105;
  github.jobs = [{ id: 70, name: 'deploy', status: 'in_progress', conclusion: null }];
  github.pastRuns = ['success', 'failure'].map((conclusion, index) => {
    const id = 105 - index;
    return {
      id,
      event: 'workflow_dispatch',
      conclusion,
      jobs: [{ id: id - 40, name: 'deploy', conclusion }],
    };
  });
  await end('failure', dispatch({ to: 'production' }), { after_failures: '2' });
  expect(datadog.openCases).toHaveLength(1);
});

test('after_failures: a success of a run that was started differently does not end the streak', async () => {
  github.runId = 105;
  github.jobs = [{ id: 70, name: 'deploy', status: 'in_progress', conclusion: null }];
  github.pastRuns = [105, 104, 103, 102].map((id, index) => {
    const [event, conclusion] = index % 2 ? ['schedule', 'failure'] : ['push', 'success'];
    return { id, event, conclusion, jobs: [{ id: id - 40, name: 'deploy', conclusion }] };
  });
  await end('failure', nightly('0 3 * * *'), { after_failures: '2' });
  expect(datadog.openCases).toHaveLength(1);
});
