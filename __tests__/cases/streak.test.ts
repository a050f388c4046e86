import { describe, expect, test } from '@jest/globals';
import { useFakes } from '../support/use-fakes.ts';
import { endWatchedJob, startWatching } from '../support/watch-step.ts';

const { datadog, github, clock, openCase } = useFakes();

const PROBLEM = 'after_failures: could not count earlier failures, so the case is opened now.';
const INPUTS = { after_failures: '3', run_context: 'false' };

test.each([
  ['token', { github_token: '' }, {}],
  ['repository', {}, { GITHUB_REPOSITORY: '' }],
])('opens the case with a warning if there is no %s', async (_, inputs, env) => {
  const core = await openCase({ ...INPUTS, ...inputs }, { env });
  expect(core.outputs.outcome).toBe('created');
  expect(core.messages('warning')).toBe(`${PROBLEM} The step has no github_token or no repository.`);
});

test('names the permission that reading the history needs', async () => {
  github.permissions.delete('actions: read');
  const core = await openCase(INPUTS);
  expect(core.outputs.outcome).toBe('created');
  expect(core.messages('warning')).toBe(
    `${PROBLEM} github_token lacks a permission (403 Resource not accessible by integration). Add \`actions: read\` to the job's permissions.`,
  );
});

test.each([
  ['60', 5000],
  ['9', 3000],
])('with timeout: %s, waits for the history for %d ms', async (timeout, waitedMs) => {
  github.injectFault({ request: 'GET .*/runs$', response: 'hang' });
  const start = clock.time;
  const core = await openCase({ ...INPUTS, timeout });
  expect(core.outputs.outcome).toBe('created');
  expect(clock.time - start).toBe(waitedMs);
  expect(core.messages('warning')).toBe(`${PROBLEM} GitHub did not respond in time.`);
});

test.each([
  ['ignore', 0],
  ['open', 1],
])('with on_cancelled: %s, cancelled runs of a watched job lead to %d cases', async (onCancelled, count) => {
  github.jobs = [{ id: 70, name: 'deploy', status: 'in_progress', conclusion: null }];
  const jobs = [{ id: 1, name: 'deploy', conclusion: 'cancelled' }];
  github.pastRuns = [
    { id: 41, conclusion: 'cancelled', jobs },
    { id: 40, conclusion: 'cancelled', jobs },
  ];
  const core = await endWatchedJob({
    datadog,
    github,
    clock,
    inputs: { ...INPUTS, on_cancelled: onCancelled },
  });
  expect(core.messages('warning')).toBe('');
  expect(datadog.cases).toHaveLength(count);
});

describe('on a tag, whose runs no other tag has', () => {
  const env = { GITHUB_EVENT_NAME: 'release', GITHUB_REF_NAME: 'v1.0.3', GITHUB_REF_TYPE: 'tag' };
  const warning = `${PROBLEM} This run is on the tag "v1.0.3", and failures in a row are counted on a branch: each tag has runs of its own.`;

  test('a watched job opens the case at the first failure, and its start says so', async () => {
    const inputs = { after_failures: '3' };
    const started = await startWatching({ datadog, github, clock, inputs, env, event: {} });
    expect(started.messages('info')).toContain('If it fails, a case is opened');
    const core = await endWatchedJob({ datadog, github, clock, inputs, env, event: {} });
    expect(core.messages('warning')).toBe(warning);
    expect(datadog.openCases).toHaveLength(1);
    expect(github.requestLines.filter((line) => line.endsWith('/runs'))).toEqual([]);
  });

  test('a report on all jobs opens the case at the first failure', async () => {
    const core = await openCase(INPUTS, { env, event: {} });
    expect(core.messages('warning')).toBe(warning);
    expect(core.outputs.outcome).toBe('created');
  });

  test('a report on a run for a release opens the case at the first failure', async () => {
    const event = { workflow_run: { id: 99, workflow_id: 77, head_branch: 'v1.0.3', event: 'release' } };
    const core = await openCase(INPUTS, { env: { GITHUB_EVENT_NAME: 'workflow_run' }, event });
    expect(core.messages('warning')).toBe(warning);
    expect(core.outputs.outcome).toBe('created');
  });
});
