import { expect, test } from '@jest/globals';
import { readRunContext } from '../../src/github/run-context.ts';

const MERGE = 'e'.repeat(40);
const HEAD = 'a'.repeat(40);
const ENV = {
  GITHUB_SERVER_URL: 'https://github.example',
  GITHUB_REPOSITORY: 'acme/shop',
  GITHUB_RUN_ID: '42',
  GITHUB_RUN_ATTEMPT: '2',
  GITHUB_RUN_NUMBER: '7',
  GITHUB_WORKFLOW: 'Report',
  GITHUB_SHA: MERGE,
  GITHUB_REF: 'refs/heads/main',
  GITHUB_REF_NAME: 'main',
  GITHUB_REF_TYPE: 'branch',
  GITHUB_ACTOR: 'octocat',
};
const repository = { id: 1, full_name: 'acme/shop', owner: { login: 'acme' }, default_branch: 'main' };
const sender = { login: 'octocat', type: 'User' };
const PULL_REQUEST = {
  number: 12,
  title: 'Faster checkout',
  user: sender,
  head: { ref: 'faster', sha: HEAD, repo: { full_name: 'acme/shop' } },
  base: { ref: 'main', sha: 'b'.repeat(40), repo: { full_name: 'acme/shop' } },
  merge_commit_sha: MERGE,
};
const PULL_REQUEST_REF = { GITHUB_REF: 'refs/pull/12/merge', GITHUB_REF_NAME: '12/merge' };
const RUN = {
  id: 42,
  attempt: 2,
  label: 'Report #7',
  url: 'https://github.example/acme/shop/actions/runs/42/attempts/2',
};

test.each([
  [
    'push',
    {},
    { ref: 'refs/heads/main', after: MERGE, head_commit: { id: MERGE, message: 'x' }, repository, sender },
    { sha: MERGE, ref: 'main', pullRequestNumber: undefined },
  ],
  ['schedule', {}, { schedule: '23 2 * * *' }, { sha: MERGE, ref: 'main', pullRequestNumber: undefined }],
  [
    'workflow_dispatch',
    {},
    { inputs: { pull_request: 'no object' }, ref: 'refs/heads/main', repository, sender },
    { sha: MERGE, ref: 'main', pullRequestNumber: undefined },
  ],
  [
    'pull_request',
    PULL_REQUEST_REF,
    { action: 'opened', number: 12, pull_request: PULL_REQUEST, repository, sender },
    { sha: HEAD, ref: 'faster', pullRequestNumber: 12 },
  ],
  [
    'pull_request_target',
    {},
    { action: 'opened', number: 12, pull_request: PULL_REQUEST, repository, sender },
    { sha: HEAD, ref: 'faster', pullRequestNumber: 12 },
  ],
  [
    'pull_request_review',
    PULL_REQUEST_REF,
    { action: 'submitted', review: { id: 1 }, pull_request: PULL_REQUEST, repository, sender },
    { sha: HEAD, pullRequestNumber: 12 },
  ],
  [
    'issue_comment',
    {},
    {
      action: 'created',
      issue: { number: 12, title: 't', pull_request: { url: 'https://api' } },
      comment: { id: 5 },
      repository,
      sender,
    },
    { sha: MERGE, pullRequestNumber: 12 },
  ],
  [
    'issue_comment',
    {},
    { action: 'created', issue: { number: 13, title: 't' }, comment: { id: 5 }, repository, sender },
    { pullRequestNumber: undefined },
  ],
  [
    'merge_group',
    { GITHUB_REF_NAME: 'gh-readonly-queue/main/pr-12-abc' },
    {
      action: 'checks_requested',
      merge_group: {
        head_sha: HEAD,
        head_ref: `refs/heads/gh-readonly-queue/main/pr-12-${MERGE}`,
        base_ref: 'refs/heads/main',
      },
      repository,
      sender,
    },
    { sha: HEAD, pullRequestNumber: 12 },
  ],
  [
    'merge_group',
    {},
    {
      merge_group: {
        head_sha: HEAD,
        head_ref: `refs/heads/gh-readonly-queue/release/pr-3-hotfix/pr-12-${MERGE}`,
      },
    },
    { ref: `gh-readonly-queue/release/pr-3-hotfix/pr-12-${MERGE}`, pullRequestNumber: 12 },
  ],
  [
    'merge_group',
    { GITHUB_REF_NAME: `gh-readonly-queue/pr-3-hotfix/pr-12-${MERGE}` },
    {},
    { pullRequestNumber: 12 },
  ],
  [
    'release',
    { GITHUB_REF: 'refs/tags/v1', GITHUB_REF_NAME: 'v1', GITHUB_REF_TYPE: 'tag' },
    { action: 'published', release: { tag_name: 'v1' }, repository, sender },
    { sha: MERGE, ref: 'v1', refType: 'tag' },
  ],
  [
    'deployment_status',
    {},
    {
      action: 'created',
      deployment: { id: 3, sha: HEAD, ref: 'release/2', environment: 'production' },
      deployment_status: { state: 'failure' },
      repository,
      sender,
    },
    { sha: HEAD, ref: 'release/2', deploymentEnvironment: 'production' },
  ],
  [
    'deployment_status',
    {},
    { deployment: { sha: HEAD, ref: HEAD, environment: 'staging' } },
    { sha: HEAD, ref: '', deploymentEnvironment: 'staging' },
  ],
  ['workflow_call', {}, { ref: 'refs/heads/main', repository, sender }, { sha: MERGE, ref: 'main' }],
] as const)('reads the run context of %s', (name, overrides, payload, expected) => {
  const context = readRunContext({ ...ENV, ...overrides, GITHUB_EVENT_NAME: name }, payload);
  expect(context).toMatchObject({
    repository: 'acme/shop',
    run: RUN,
    actor: 'octocat',
    eventName: name,
    ...expected,
  });
});

test('workflow_run: describes the run that ended, not the one that reports it', () => {
  const workflow_run = {
    id: 99,
    name: 'Deploy',
    run_number: 31,
    run_attempt: 3,
    event: 'push',
    conclusion: 'failure',
    head_sha: HEAD,
    head_branch: 'faster',
    actor: { login: 'ada' },
    pull_requests: [{ number: 12, head: { ref: 'faster', sha: HEAD } }],
    html_url: 'https://elsewhere.example/99',
  };
  const payload = { action: 'completed', workflow: { name: 'Deploy' }, workflow_run, repository, sender };
  expect(readRunContext({ ...ENV, GITHUB_EVENT_NAME: 'workflow_run' }, payload)).toMatchObject({
    run: {
      id: 99,
      attempt: 3,
      label: 'Deploy #31',
      url: 'https://github.example/acme/shop/actions/runs/99/attempts/3',
    },
    sha: HEAD,
    ref: 'faster',
    pullRequestNumber: 12,
    actor: 'ada',
    eventName: 'push',
  });
  // A fork's run names no pull request.
  expect(
    readRunContext(
      { ...ENV, GITHUB_EVENT_NAME: 'workflow_run' },
      { workflow_run: { ...workflow_run, pull_requests: [] } },
    ).pullRequestNumber,
  ).toBeUndefined();
});
