import { expect, test } from '@jest/globals';
import { useAutoSteps } from '../support/auto-step.ts';
import { endWatchedJob, startWatching } from '../support/watch-step.ts';

// On some self-hosted runners, GITHUB_EVENT_PATH names a file that doesn't exist, and an event that can't be read is no
// empty event.

const { datadog, github, clock, auto, fail } = useAutoSteps();
const OWN = { full_name: 'acme/shop' };
const without = (name: string) => ({ env: { GITHUB_EVENT_NAME: name }, event: undefined });

test.each(['workflow_run', 'deployment_status', 'check_run', 'check_suite'])(
  'mode: auto warns that %s was not reported',
  async (name) => {
    const core = await auto({}, without(name));
    expect(core.outputs.outcome).toBe('none');
    expect(core.messages('warning')).toBe(
      `Nothing was reported: the payload of this ${name} event can't be read (GITHUB_EVENT_PATH), so it isn't known how what it is about ended.`,
    );
    expect(datadog.requests).toEqual([]);
  },
);

test('given results are reported without the event', async () => {
  expect((await auto({ result: 'failure' }, without('push'))).outputs.outcome).toBe('created');
});

test.each(['pull_request_target', 'workflow_run'])(
  '%s changes nothing, because it may be about a fork',
  async (name) => {
    await fail({ result: 'failure' }, without('push'));
    const reports = [
      auto({ result: 'success' }, without(name)),
      endWatchedJob({ datadog, github, clock, ...without(name), inputs: { job_status: 'success' } }),
      auto({ mode: 'close', dedup_key: 'x' }, without(name)),
    ];
    for (const core of await Promise.all(reports))
      expect(core.messages('info') + core.messages('notice')).toContain('so this run may report on a fork');
    expect(datadog.openCases).toHaveLength(1);
  },
);

test('the end of a job that was not watched because of a fork changes nothing, even if the event is gone', async () => {
  const watched = { datadog, github, clock };
  await endWatchedJob({ ...watched, env: { GITHUB_EVENT_NAME: 'push' }, event: { repository: OWN } });
  expect(datadog.openCases).toHaveLength(1);
  const fork = { full_name: 'eve/shop' };
  const head = { ref: 'main', repo: fork };
  const event = {
    repository: OWN,
    pull_request: { number: 5, merged: false, head, base: { ref: 'main', repo: OWN } },
  };
  const env = { GITHUB_EVENT_NAME: 'pull_request_target', GITHUB_RUN_ID: '77' };
  const start = await startWatching({ ...watched, env, event });
  expect(start.messages('info')).toContain("this job isn't watched");
  const inputs = { job_status: 'success' };
  await endWatchedJob({ ...watched, env: { ...env, ...start.state }, event: undefined, inputs });
  expect(datadog.openCases).toHaveLength(1);
});

test('the case of a merge queue belongs to all of its entries', async () => {
  const entry = (number: number) => ({
    env: { GITHUB_EVENT_NAME: 'merge_group', GITHUB_REF_NAME: `gh-readonly-queue/main/pr-${number}-abc` },
    event: undefined,
  });
  await fail({}, entry(1));
  expect((await auto({}, entry(2))).outputs.outcome).toBe('closed');
});

test.each([[null], [[]], ['x'], [5]])('the payload %j is none', async (event) => {
  await fail({ result: 'failure', dedup_key: 'k' });
  const env = { GITHUB_EVENT_NAME: 'workflow_run' };
  expect((await auto({ result: 'success', dedup_key: 'k' }, { env, event })).outputs.outcome).toBe('skipped');
  expect(datadog.openCases).toHaveLength(1);
});

test('the start of watch promises nothing that the end refuses', async () => {
  const core = await startWatching({ datadog, github, clock, ...without('workflow_run') });
  expect(core.messages('info')).toContain("this job isn't watched");
});
