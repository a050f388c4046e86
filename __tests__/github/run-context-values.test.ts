import { describe, expect, test } from '@jest/globals';
import { limitEvent } from '../../src/github/event.ts';
import { parseOwnJob, readOwnJobContext, readRunContext } from '../../src/github/run-context.ts';

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
  series: {
    workflow: 'deploy.yml',
    isWorkflowElsewhere: false,
    branch: 'main',
    isTag: false,
    isMergeQueue: false,
    headRepository: 'acme/shop',
  },
  sha: SHA,
  commitSubject: '',
  ref: 'main',
  refType: 'branch',
  pullRequestNumber: undefined,
  pullRequestTitle: '',
  actor: 'octocat',
  eventName: 'push',
  deploymentEnvironment: '',
  runnerName: 'runner 3',
  ownJob: { id: undefined, status: '' },
  isOnlyOwnJob: false,
  isInCompositeAction: false,
};
const QUEUE = 'gh-readonly-queue/release/pr-3-hotfix';

test('all values are empty outside of a run', () => {
  expect(readRunContext({}, undefined)).toEqual({
    repository: '',
    repositoryUrl: '',
    run: undefined,
    series: {
      workflow: '',
      isWorkflowElsewhere: false,
      branch: '',
      isTag: false,
      isMergeQueue: false,
      headRepository: '',
    },
    sha: '',
    commitSubject: '',
    ref: '',
    refType: 'branch',
    pullRequestNumber: undefined,
    pullRequestTitle: '',
    actor: '',
    eventName: '',
    deploymentEnvironment: '',
    runnerName: '',
    ownJob: { id: undefined, status: '' },
    isOnlyOwnJob: false,
    isInCompositeAction: false,
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
      refType: '',
      deploymentEnvironment: 'production',
    },
  ],
  [
    'merge_group',
    { merge_group: { head_ref: `refs/heads/${QUEUE}/pr-12-${SHA}`, head_sha: OTHER_SHA } },
    {
      series: { ...EXPECTED.series, branch: QUEUE, isMergeQueue: true },
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
  [
    'workflow_run',
    {},
    { series: { ...EXPECTED.series, workflow: '' }, refType: '', runnerName: '', ownJob: undefined },
  ],
  [
    'workflow_run',
    { workflow_run: { workflow_id: 77, event: 'schedule', head_repository: { full_name: 'eve/shop' } } },
    {
      series: { ...EXPECTED.series, workflow: '77', headRepository: 'eve/shop' },
      eventName: 'schedule',
      runnerName: '',
      ownJob: undefined,
    },
  ],
])('reads every value of %s with %j', (name, payload, expected) => {
  const context = readRunContext({ ...ENV, GITHUB_EVENT_NAME: name }, payload);
  expect(context).toEqual({ ...EXPECTED, eventName: name, ...expected });
});

test.each([
  ['push', {}, 'tag', true],
  ['release', {}, 'tag', true],
  ['pull_request', { pull_request: { number: 12 } }, 'branch', false],
  ['merge_group', { merge_group: {} }, 'tag', false],
  ['workflow_run', { workflow_run: { id: 99 } }, '', false],
  ['workflow_run', { workflow_run: { id: 99, event: 'push', head_branch: 'v1' } }, '', false],
  ['workflow_run', { workflow_run: { id: 99, event: 'release', head_branch: 'v1' } }, 'tag', true],
  ['workflow_run', { workflow_run: { id: 99, event: 'merge_group' } }, 'branch', false],
  ['deployment_status', { deployment: { ref: 'v1' } }, '', false],
  ['deployment_status', { deployment: { ref: 'main' } }, 'tag', true],
  ['check_suite', { check_suite: { head_branch: 'faster' } }, '', true],
  ['check_run', { check_run: {} }, 'tag', true],
])(
  'in a run for a tag, %s with %j has a ref of type "%s", and it is %s that its series is that of a tag',
  (...row) => {
    const [name, payload, refType, isTag] = row;
    const env = { ...ENV, GITHUB_EVENT_NAME: name, GITHUB_REF_TYPE: 'tag' };
    expect(readRunContext(env, payload)).toMatchObject({ refType, series: { isTag } });
  },
);

test.each([
  ['push', { head_commit: { message: ' Fix the cart\n\nIt was empty.' } }, 'Fix the cart', ''],
  ['push', { head_commit: null }, '', ''],
  ['push', { head_commit: { message: 'One\rTwo' } }, 'One', ''],
  ['workflow_run', { workflow_run: { head_commit: { message: 'Fix\r\n' } } }, 'Fix', ''],
  ['merge_group', { merge_group: { head_commit: { message: 'Fix' } } }, 'Fix', ''],
  ['pull_request', { pull_request: { number: 12, title: 'Fix it' } }, '', 'Fix it'],
  ['issue_comment', { issue: { number: 12, title: 'Fix it', pull_request: {} } }, '', 'Fix it'],
  ['issue_comment', { issue: { number: 12, title: 'Fix it' } }, '', ''],
])('%s with %j is about the commit "%s" and the pull request "%s"', (name, payload, commit, pullRequest) => {
  const context = readRunContext({ ...ENV, GITHUB_EVENT_NAME: name }, payload);
  expect(context.commitSubject).toBe(commit);
  expect(context.pullRequestTitle).toBe(pullRequest);
});

test.each([
  [
    'check_run',
    { head_sha: OTHER_SHA, check_suite: { head_branch: 'faster' }, pull_requests: [{ number: 3 }] },
  ],
  ['check_suite', { head_sha: OTHER_SHA, head_branch: 'faster', pull_requests: [{ number: 3 }] }],
])('%s is about the commit that was checked', (name, check) => {
  const context = readRunContext({ ...ENV, GITHUB_EVENT_NAME: name }, { [name]: check });
  expect(context).toEqual({
    ...EXPECTED,
    sha: OTHER_SHA,
    ref: 'faster',
    refType: '',
    pullRequestNumber: 3,
    eventName: name,
  });
});

test.each([
  [[{ number: 3 }], 3],
  [[{ number: 3, base: { repo: { id: 1 } } }], 3],
  [[{ number: 900, base: { repo: { id: 2 } } }], undefined],
  [
    [
      { number: 900, base: { repo: { id: 2 } } },
      { number: 3, base: { repo: { id: 1 } } },
    ],
    3,
  ],
])('of the pull requests %j of a run, number %s is in this repository', (pull_requests, expected) => {
  for (const name of ['workflow_run', 'check_run', 'check_suite']) {
    const payload = limitEvent({ repository: { id: 1 }, [name]: { pull_requests } });
    const env = { ...ENV, GITHUB_EVENT_NAME: name };
    expect(readRunContext(env, payload).pullRequestNumber).toBe(expected);
  }
});

test('a run of the merge queue belongs to the queue and to its pull request', () => {
  const payload = { workflow_run: { event: 'merge_group', head_branch: `${QUEUE}/pr-12-${SHA}` } };
  const context = readRunContext({ ...ENV, GITHUB_EVENT_NAME: 'workflow_run' }, payload);
  expect(context).toMatchObject({ pullRequestNumber: 12, series: { branch: QUEUE, isMergeQueue: true } });
});

test.each([
  ['70', 70],
  [' 70 ', 70],
  ['', undefined],
  ['x', undefined],
  ['-70', undefined],
  ['70.5', undefined],
  ['7e1', undefined],
  ['0x46', undefined],
  ['1234567890123456789', undefined],
])('the job ID "%s" is read as %s', (text, id) => {
  expect(parseOwnJob(text, ' Failure ')).toEqual({ id, status: 'failure' });
});

test.each([
  ['acme/shop/.github/workflows/deploy.yml@refs/heads/main', false],
  ['Acme/Shop/.github/workflows/deploy.yml@refs/heads/main', false],
  ['acme/policies/.github/workflows/deploy.yml@refs/heads/main', true],
  ['acme/shop2/.github/workflows/deploy.yml@refs/heads/main', true],
  ['', false],
])('of the workflow %s, it is %s that it is in another repository', (ref, expected) => {
  const { series } = readRunContext({ ...ENV, GITHUB_WORKFLOW_REF: ref }, {});
  expect(series.isWorkflowElsewhere).toBe(expected);
});

describe('the context of the own job', () => {
  const ownJob = { id: 5, status: 'failure' };

  test('keeps its own run and series if the event is about another run', () => {
    const payload = { workflow_run: { id: 99, workflow_id: 77, head_branch: 'faster', event: 'schedule' } };
    expect(readOwnJobContext({ ...ENV, GITHUB_EVENT_NAME: 'workflow_run' }, payload, ownJob)).toEqual({
      ...EXPECTED,
      ref: 'faster',
      refType: 'branch',
      eventName: 'workflow_run',
      ownJob,
      isOnlyOwnJob: true,
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
      isOnlyOwnJob: true,
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
