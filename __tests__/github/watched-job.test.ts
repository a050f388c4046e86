import { expect, test } from '@jest/globals';
import { watchedJobTitle } from '../../src/content/watched-job.ts';
import { deriveDedupKey, readWatchedJob } from '../../src/github/watched-job.ts';

const ENV = {
  GITHUB_REPOSITORY: 'acme/shop',
  GITHUB_WORKFLOW: 'Deploy',
  GITHUB_WORKFLOW_REF: 'acme/shop/.github/workflows/deploy.yml@refs/heads/main',
  GITHUB_JOB: 'deploy',
  GITHUB_REF_NAME: 'main',
  GITHUB_REF_TYPE: 'branch',
};

interface JobOptions {
  readonly env?: Record<string, string>;
  readonly event?: unknown;
  readonly matrix?: string;
  readonly workflowRef?: string;
}

function readJob({ env, event, matrix = 'null', workflowRef = '' }: JobOptions = {}) {
  return readWatchedJob({ ...ENV, ...env }, event, { matrix, workflowRef });
}

function keyOf(options: JobOptions = {}): string {
  return deriveDedupKey(readJob(options));
}

function titleOf(options: JobOptions = {}): string {
  return watchedJobTitle(readJob(options), { isCancelled: false });
}

function pullRequest(head: Record<string, unknown>, base = 'acme/shop') {
  return { pull_request: { head, base: { ref: 'main', repo: { full_name: base } } } };
}

test.each<[string, JobOptions]>([
  ['GitHub server', { env: { GITHUB_SERVER_URL: 'https://github.acme.example' } }],
  ['repository', { env: { GITHUB_REPOSITORY: 'acme/web' } }],
  ['workflow file', { env: { GITHUB_WORKFLOW_REF: 'acme/shop/.github/workflows/test.yml@refs/heads/main' } }],
  [
    'letter case of the workflow file',
    { env: { GITHUB_WORKFLOW_REF: 'acme/shop/.github/workflows/Deploy.yml@refs/heads/main' } },
  ],
  ['job', { env: { GITHUB_JOB: 'test' } }],
  ['matrix', { matrix: '{"os": "linux"}' }],
  ['branch', { env: { GITHUB_REF_NAME: 'release/1' } }],
  ['tag of the same name', { env: { GITHUB_REF_TYPE: 'tag' } }],
  ['pull request', { event: pullRequest({ ref: 'faster', repo: { full_name: 'acme/shop' } }) }],
  ['deployment environment', { event: { deployment: { environment: 'production' } } }],
  ['reusable workflow', { workflowRef: 'acme/ci/.github/workflows/build.yml@v2' }],
])('a different %s has a different key', (_, options) => {
  expect(keyOf(options)).not.toBe(keyOf());
});

test.each<[string, JobOptions, JobOptions]>([
  ['run', { env: { GITHUB_RUN_ID: '1', GITHUB_RUN_ATTEMPT: '2', GITHUB_SHA: 'a' } }, {}],
  ['ref of the workflow file', { env: { GITHUB_WORKFLOW_REF: `${ENV.GITHUB_WORKFLOW_REF}@x` } }, {}],
  ['form of the server', { env: { GITHUB_SERVER_URL: 'https://GitHub.com/' } }, {}],
  ['form of an empty matrix', { matrix: '{}' }, {}],
  [
    'order of matrix keys',
    { matrix: '{"a": {"x": 1, "y": 2}, "b": 1}' },
    { matrix: '{"b":1,"a":{"y":2,"x":1}}' },
  ],
  [
    'version of a reusable workflow',
    { workflowRef: 'acme/ci/b.yml@v2' },
    { workflowRef: 'acme/ci/b.yml@v3' },
  ],
  [
    'letter case of the repository',
    {
      env: {
        GITHUB_REPOSITORY: 'Acme/Shop',
        GITHUB_WORKFLOW_REF: 'Acme/Shop/.github/workflows/deploy.yml@refs/heads/main',
      },
    },
    {},
  ],
  [
    'letter case of the repository of a reusable workflow',
    { workflowRef: 'Acme/CI/.github/workflows/b.yml@v2' },
    { workflowRef: 'acme/ci/.github/workflows/b.yml@v2' },
  ],
  ['runner that knows the workflow file of the job', { workflowRef: ENV.GITHUB_WORKFLOW_REF }, {}],
  [
    'event of the same branch',
    {
      event: pullRequest({ ref: 'faster', repo: { full_name: 'acme/shop' } }),
      env: { GITHUB_REF_NAME: '12/merge' },
    },
    { env: { GITHUB_REF_NAME: 'faster' } },
  ],
  [
    'entry of the merge queue',
    {
      event: {
        merge_group: { base_ref: 'refs/heads/main', head_ref: 'refs/heads/gh-readonly-queue/main/pr-1-a' },
      },
    },
    {
      event: {
        merge_group: { base_ref: 'refs/heads/main', head_ref: 'refs/heads/gh-readonly-queue/main/pr-2-b' },
      },
    },
  ],
])('a different %s has the same key', (_, left, right) => {
  expect(keyOf(left)).toBe(keyOf(right));
});

test('branches of the same name in different forks have different keys', () => {
  const heads = [{ full_name: 'acme/shop' }, { full_name: 'eve/shop' }, { full_name: 'bob/shop' }, null];
  const keys = heads.map((repo) => keyOf({ event: pullRequest({ ref: 'patch-1', repo }) }));
  expect(new Set(keys).size).toBe(4);
});

test('a job that another run triggers is about the branch of that run', () => {
  const event = (fullName: string) => ({
    repository: { full_name: 'acme/shop' },
    workflow_run: { head_branch: 'faster', head_repository: { full_name: fullName } },
  });
  expect(readJob({ event: event('acme/shop') }).ref).toBe('faster');
  expect(readJob({ event: event('eve/shop') }).ref).toBe('eve/shop:faster');
});

test.each<[JobOptions, string]>([
  [{}, 'Deploy / deploy failed on main'],
  [
    { matrix: '{"region": "eu", "node": {"version": 20, "lts": true}}' },
    'Deploy / deploy (eu, 20, true) failed on main',
  ],
  [{ matrix: 'no JSON' }, 'Deploy / deploy (no JSON) failed on main'],
  [{ env: { GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: 'v1' } }, 'Deploy / deploy failed on tag v1'],
  [
    { event: pullRequest({ ref: 'p', repo: { full_name: 'eve/shop' } }) },
    'Deploy / deploy failed on eve/shop:p',
  ],
  [{ event: { deployment: { environment: 'prod' } } }, 'Deploy / deploy failed on main (prod)'],
  [{ env: { GITHUB_WORKFLOW: '', GITHUB_JOB: '', GITHUB_REF_NAME: '' } }, 'Job failed'],
])('the title of %j is "%s"', (options, title) => {
  expect(titleOf(options)).toBe(title);
});

test('shortens a long matrix in the title, but not in the key', () => {
  const [one, other] = ['x', 'y'].map((end) => ({ matrix: JSON.stringify({ text: 'a'.repeat(200) + end }) }));
  expect(titleOf(one).length).toBeLessThan(150);
  expect(keyOf(one)).not.toBe(keyOf(other));
});

test('the title of a cancelled job says so', () => {
  expect(watchedJobTitle(readJob(), { isCancelled: true })).toBe('Deploy / deploy was cancelled on main');
});
