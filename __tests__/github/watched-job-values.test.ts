import { expect, test } from '@jest/globals';
import { deriveDedupKey, readWatchedJob } from '../../src/github/watched-job.ts';

const ENV = {
  GITHUB_REPOSITORY: 'Acme/Shop',
  GITHUB_WORKFLOW: 'Deploy',
  GITHUB_WORKFLOW_REF: 'Acme/Shop/.github/workflows/deploy.yml@refs/heads/main',
  GITHUB_JOB: 'deploy',
  GITHUB_REF_NAME: 'main',
};
const NO_MATRIX = { matrix: 'null', workflowRef: '' };

test('all values are empty outside of a run', () => {
  expect(readWatchedJob({}, undefined, { matrix: '', workflowRef: '' })).toEqual({
    server: 'github.com',
    repository: '',
    workflowName: '',
    workflowFile: '',
    calledWorkflowFile: '',
    jobId: '',
    matrix: undefined,
    refType: 'branch',
    ref: '',
    deploymentEnvironment: '',
  });
});

test.each([
  ['null', undefined],
  ['{}', undefined],
  ['', undefined],
  ['[]', []],
  ['{"os":"linux"}', { os: 'linux' }],
  ['no JSON', 'no JSON'],
])('reads the matrix %j as %j', (matrix, expected) => {
  expect(readWatchedJob(ENV, {}, { matrix, workflowRef: '' }).matrix).toEqual(expected);
});

test.each([
  ['acme/ci/.github/workflows/build.yml@refs/tags/v2@x', 'acme/ci/.github/workflows/build.yml'],
  ['acme/ci/.github/workflows/build.YAML', 'acme/ci/.github/workflows/build.YAML'],
  ['acme/ci/.github/workflows/build.yml.txt', ''],
  ['Acme/CI/.github/workflows/Build.yml', 'acme/ci/.github/workflows/Build.yml'],
  ['Acme/Shop/.github/workflows/deploy.yml', ''],
  ['acme/shop/.github/workflows/deploy.yml@main', ''],
  ['acme/shop/.github/workflows/Deploy.yml', 'acme/shop/.github/workflows/Deploy.yml'],
])('the workflow that %s calls is in the file "%s"', (workflowRef, expected) => {
  expect(readWatchedJob(ENV, {}, { matrix: '', workflowRef }).calledWorkflowFile).toBe(expected);
});

test.each<[string, unknown]>([
  ['main', {}],
  ['faster', { workflow_run: { head_branch: 'faster' }, repository: { full_name: 'acme/shop' } }],
  ['faster', { workflow_run: { head_branch: 'faster', head_repository: { full_name: 'eve/shop' } } }],
  [
    'main',
    { workflow_run: { head_repository: { full_name: 'eve/shop' } }, repository: { full_name: 'acme/shop' } },
  ],
  [
    'faster',
    { pull_request: { head: { ref: 'faster', repo: {} }, base: { repo: { full_name: 'acme/shop' } } } },
  ],
  [
    'fork:faster',
    { pull_request: { head: { ref: 'faster', repo: null }, base: { repo: { full_name: 'acme/shop' } } } },
  ],
  ['gh-readonly-queue/main', { workflow_run: { head_branch: 'gh-readonly-queue/main/pr-12-abc' } }],
  ['gh-readonly-queue/release/1', { merge_group: { base_ref: 'refs/heads/release/1' } }],
  ['gh-readonly-queue/odd/refs/heads/1', { merge_group: { base_ref: 'odd/refs/heads/1' } }],
  ['main', { merge_group: {} }],
])('the branch is "%s" for the event %j', (expected, event) => {
  expect(readWatchedJob(ENV, event, NO_MATRIX).ref).toBe(expected);
});

test('the key lists everything that distinguishes the job, with the matrix in alphabetical order', () => {
  const job = readWatchedJob(
    { ...ENV, GITHUB_REF_TYPE: 'tag' },
    { deployment: { environment: 'production' } },
    {
      matrix: '{"os": "linux", "include": [{"y": 1, "x": null}, 2], "node": 20}',
      workflowRef: 'acme/ci/build.yml@v2',
    },
  );
  expect(deriveDedupKey(job)).toBe(
    '["watch","github.com","acme/shop","acme/shop/.github/workflows/deploy.yml","acme/ci/build.yml","deploy",' +
      '{"include":[{"x":null,"y":1},2],"node":20,"os":"linux"},"tag","main","production"]',
  );
});

test('the key of a job without a matrix contains null', () => {
  expect(deriveDedupKey(readWatchedJob(ENV, {}, NO_MATRIX))).toBe(
    '["watch","github.com","acme/shop","acme/shop/.github/workflows/deploy.yml","","deploy",null,"branch","main",""]',
  );
});
