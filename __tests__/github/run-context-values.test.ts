import { describe, expect, test } from '@jest/globals';
import { readOwnJobContext, readRunContext } from '../../src/github/run-context.ts';

const SHA = 'a'.repeat(40);
const OTHER_SHA = 'b'.repeat(40);
const ENV = {
  GITHUB_SERVER_URL: 'https://github.example',
  GITHUB_REPOSITORY: 'acme/shop',
  GITHUB_RUN_ID: '42',
  GITHUB_RUN_ATTEMPT: '2',
  GITHUB_RUN_NUMBER: '7',
  GITHUB_WORKFLOW: 'Deploy',
  GITHUB_WORKFLOW_REF: 'acme/shop/.github/workflows/deploy.yml@refs/heads/main',
  GITHUB_SHA: SHA,
  GITHUB_REF_NAME: 'main',
  GITHUB_ACTOR: 'octocat',
  GITHUB_EVENT_NAME: 'push',
  RUNNER_NAME: 'runner 3',
};
const EXPECTED = {
  repository: 'acme/shop',
  repositoryUrl: 'https://github.example/acme/shop',
  run: {
    id: 42,
    attempt: 2,
    label: 'Deploy #7',
    url: 'https://github.example/acme/shop/actions/runs/42/attempts/2',
  },
  series: { workflow: 'deploy.yml', branch: 'main', isMergeQueue: false, headRepository: 'acme/shop' },
  sha: SHA,
  ref: 'main',
  refType: 'branch',
  pullRequestNumber: undefined,
  actor: 'octocat',
  eventName: 'push',
  deploymentEnvironment: '',
  runnerName: 'runner 3',
};
const QUEUE = 'gh-readonly-queue/release/pr-3-hotfix';

test('all values are empty outside of a run', () => {
  expect(readRunContext({}, undefined)).toEqual({
    repository: '',
    repositoryUrl: '',
    run: undefined,
    series: { workflow: '', branch: '', isMergeQueue: false, headRepository: '' },
    sha: '',
    ref: '',
    refType: 'branch',
    pullRequestNumber: undefined,
    actor: '',
    eventName: '',
    deploymentEnvironment: '',
    runnerName: '',
  });
});

test.each([
  ['push', {}, {}],
  [
    'deployment',
    { deployment: { ref: 'release/2', sha: OTHER_SHA, environment: 'production' } },
    {
      series: { ...EXPECTED.series, branch: 'release/2' },
      sha: OTHER_SHA,
      ref: 'release/2',
      deploymentEnvironment: 'production',
    },
  ],
  [
    'merge_group',
    { merge_group: { head_ref: `refs/heads/${QUEUE}/pr-12-${SHA}`, head_sha: OTHER_SHA } },
    {
      series: { ...EXPECTED.series, branch: `${QUEUE}/`, isMergeQueue: true },
      sha: OTHER_SHA,
      ref: `${QUEUE}/pr-12-${SHA}`,
      pullRequestNumber: 12,
    },
  ],
  [
    'merge_group',
    { merge_group: { head_ref: 'odd/refs/heads/main' } },
    {
      series: { ...EXPECTED.series, branch: 'odd/refs/heads/main', isMergeQueue: true },
      ref: 'odd/refs/heads/main',
    },
  ],
  [
    'pull_request',
    {
      pull_request: { number: 12, head: { ref: 'faster', sha: OTHER_SHA, repo: { full_name: 'eve/shop' } } },
    },
    {
      series: { ...EXPECTED.series, branch: 'faster', headRepository: 'eve/shop' },
      sha: OTHER_SHA,
      ref: 'faster',
      pullRequestNumber: 12,
    },
  ],
  [
    'pull_request',
    { pull_request: { number: 12, head: { ref: 'faster', repo: null } } },
    {
      series: { ...EXPECTED.series, branch: 'faster', headRepository: '' },
      ref: 'faster',
      pullRequestNumber: 12,
    },
  ],
  [
    'pull_request_target',
    { pull_request: { number: 12 } },
    { series: { ...EXPECTED.series, branch: '' }, pullRequestNumber: 12 },
  ],
  ['workflow_run', {}, { series: { ...EXPECTED.series, workflow: '' }, runnerName: '' }],
  [
    'workflow_run',
    { workflow_run: { workflow_id: 77, event: 'schedule', head_repository: { full_name: 'eve/shop' } } },
    {
      series: { ...EXPECTED.series, workflow: '77', headRepository: 'eve/shop' },
      eventName: 'schedule',
      runnerName: '',
    },
  ],
])('reads every value of %s with %j', (name, payload, expected) => {
  const context = readRunContext({ ...ENV, GITHUB_EVENT_NAME: name }, payload);
  expect(context).toEqual({ ...EXPECTED, eventName: name, ...expected });
});

test.each([
  ['push', {}, 'tag'],
  ['pull_request', { pull_request: { number: 12 } }, 'branch'],
  ['workflow_run', { workflow_run: { id: 99 } }, 'branch'],
])('the reference type of %s in a run for a tag, with %j, is "%s"', (name, payload, expected) => {
  const env = { ...ENV, GITHUB_EVENT_NAME: name, GITHUB_REF_TYPE: 'tag' };
  expect(readRunContext(env, payload).refType).toBe(expected);
});

describe('the context of the own job', () => {
  const ownJob = { id: 5, isCancelled: false };

  test('keeps its own run and series if the event is about another run', () => {
    const payload = { workflow_run: { id: 99, workflow_id: 77, head_branch: 'faster', event: 'schedule' } };
    expect(readOwnJobContext({ ...ENV, GITHUB_EVENT_NAME: 'workflow_run' }, payload, ownJob)).toEqual({
      ...EXPECTED,
      ref: 'faster',
      eventName: 'workflow_run',
      ownJob,
    });
  });

  test('has the series of the pull request that the event is about', () => {
    const payload = { pull_request: { number: 12, head: { ref: 'faster' } } };
    expect(readOwnJobContext({ ...ENV, GITHUB_EVENT_NAME: 'pull_request' }, payload, ownJob)).toEqual({
      ...EXPECTED,
      series: { ...EXPECTED.series, branch: 'faster' },
      ref: 'faster',
      pullRequestNumber: 12,
      eventName: 'pull_request',
      ownJob,
    });
  });
});

test.each([
  [undefined, 'https://github.com/acme/shop'],
  ['https://github.example///', 'https://github.example/acme/shop'],
  ['https://github.example/base', 'https://github.example/base/acme/shop'],
])('with the server %j, the repository is at %s', (server, expected) => {
  expect(readRunContext({ ...ENV, GITHUB_SERVER_URL: server }, {}).repositoryUrl).toBe(expected);
});

test.each(['acme', 'acme/shop/more', 'https://acme/shop', 'acme/shop?x', ' acme/shop', '/acme/shop'])(
  'ignores the malformed repository "%s"',
  (name) => {
    const context = readRunContext({ ...ENV, GITHUB_REPOSITORY: name }, {});
    expect(context).toMatchObject({ repository: '', repositoryUrl: '', run: undefined });
  },
);

test.each<[unknown]>([
  ['a'.repeat(39)],
  ['a'.repeat(65)],
  [`x${OTHER_SHA}`],
  [`${OTHER_SHA}x`],
  [[OTHER_SHA]],
])('ignores the malformed commit %j', (head_sha) => {
  const env = { ...ENV, GITHUB_EVENT_NAME: 'workflow_run' };
  expect(readRunContext(env, { workflow_run: { head_sha } }).sha).toBe(SHA);
});

test.each([
  ['Deploy', '', 'Deploy'],
  ['', '7', 'Run #7'],
  ['', '', 'Run'],
])('the run of the workflow "%s" with the number "%s" is called "%s"', (workflow, number, expected) => {
  const env = { ...ENV, GITHUB_WORKFLOW: workflow, GITHUB_RUN_NUMBER: number };
  expect(readRunContext(env, {}).run?.label).toBe(expected);
});
