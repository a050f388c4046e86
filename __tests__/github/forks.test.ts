import { expect, test } from '@jest/globals';
import { FakeGitHub } from '../support/fake-github.ts';
import { keyedInputs, seedKeyedCase } from '../support/keyed-case.ts';
import { runStep, TestClock } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const OWN = { full_name: 'acme/shop' };
const FORK = { full_name: 'eve/shop' };

const { datadog, github } = useFakes();

/** Runs a step with valid keys that may comment on pull request 12. */
function run(eventName: string, event: unknown, inputs: Record<string, string>) {
  return runStep({
    inputs: {
      ...keyedInputs(datadog),
      github_token: FakeGitHub.token,
      pr_comment: 'true',
      pr_number: '12',
      ...inputs,
    },
    env: github.env({ GITHUB_EVENT_NAME: eventName }),
    event,
    clock: new TestClock(),
  });
}

function workflowRun(head_repository: unknown) {
  return { repository: OWN, workflow_run: { id: 99, head_branch: 'main', head_repository, repository: OWN } };
}

function pullRequest(repo: unknown, overrides = {}) {
  const base = { ref: 'main', repo: OWN };
  return {
    repository: OWN,
    pull_request: { number: 12, merged: false, head: { ref: 'main', repo }, base, ...overrides },
  };
}

test.each([
  ['workflow_run of a fork', 'workflow_run', workflowRun(FORK)],
  ['workflow_run of a fork that was deleted', 'workflow_run', workflowRun(null)],
  ['workflow_run of a repository without a name', 'workflow_run', workflowRun({})],
  ['workflow_run without the own repository', 'workflow_run', { workflow_run: { head_repository: FORK } }],
  ['pull_request_target from a fork', 'pull_request_target', pullRequest(FORK)],
  ['pull_request_target from a fork that was deleted', 'pull_request_target', pullRequest(null)],
  [
    'workflow_run of a pull_request_target run, which may be for a fork',
    'workflow_run',
    { ...workflowRun(OWN), workflow_run: { ...workflowRun(OWN).workflow_run, event: 'pull_request_target' } },
  ],
  ['deployment_status of a fork’s run', 'deployment_status', workflowRun(FORK)],
])('%s neither opens, comments on nor closes a case', async (_, eventName, event) => {
  const seeded = seedKeyedCase(datadog);
  for (const inputs of [{}, { mode: 'close' }, { dedup_key: 'another' }]) {
    const core = await run(eventName, event, inputs);
    expect(core.outputs).toEqual({ outcome: 'skipped' });
    expect(core.hasFailed).toBe(false);
    expect(core.messages('notice')).toMatch(/may report on a fork.*docs\/forks\.md/);
    expect(core.summary).toContain('may report on a fork');
  }
  expect(datadog.cases).toEqual([seeded]);
  expect(seeded.attributes.status).toBe('OPEN');
  expect([...datadog.requestLines, ...github.requestLines]).toEqual([]);
});

test.each([
  ['workflow_run of the repository itself', 'workflow_run', workflowRun(OWN)],
  ['workflow_run, in whatever case the name is', 'workflow_run', workflowRun({ full_name: 'Acme/Shop' })],
  ['pull_request_target from a branch of the repository', 'pull_request_target', pullRequest(OWN)],
  [
    'pull_request_target of a fork’s merged pull request',
    'pull_request_target',
    pullRequest(FORK, { merged: true }),
  ],
  ['pull_request from a fork that is given secrets', 'pull_request', pullRequest(FORK)],
  ['merge_group', 'merge_group', { repository: OWN, merge_group: { head_ref: 'refs/heads/x' } }],
  ['push', 'push', { repository: OWN, ref: 'refs/heads/main' }],
  ['check_suite', 'check_suite', { repository: OWN, check_suite: { head_branch: null } }],
  ['an event without a payload', 'push', undefined],
])('%s closes the case', async (_, eventName, event) => {
  const seeded = seedKeyedCase(datadog);
  expect((await run(eventName, event, { mode: 'close' })).outputs.outcome).toBe('closed');
  expect(seeded.attributes.status).toBe('CLOSED');
});
