import { describe, expect, test } from '@jest/globals';
import { subjectTitle } from '../../src/content/watched-job.ts';
import { deriveSubjectKey, readSubject } from '../../src/github/subject.ts';
import { deriveDedupKey, readWatchedJob } from '../../src/github/watched-job.ts';

const ENV = {
  GITHUB_SERVER_URL: 'https://github.example',
  GITHUB_REPOSITORY: 'Acme/Shop',
  GITHUB_WORKFLOW: 'Report',
  GITHUB_WORKFLOW_REF: 'Acme/Shop/.github/workflows/report.yml@refs/heads/main',
  GITHUB_JOB: 'report',
  GITHUB_REF_NAME: 'main',
};
const OWN = { full_name: 'Acme/Shop' };

function subjectOf(name: string, event: unknown, env: Record<string, string> = {}) {
  const all = { ...ENV, GITHUB_EVENT_NAME: name, ...env };
  return readSubject(all, event, readWatchedJob(all, event, { matrix: 'null', workflowRef: '' }));
}

/** What is read from an event: the result, the key and the title. */
function facts(name: string, event: unknown) {
  const subject = subjectOf(name, event);
  return {
    kind: subject.kind,
    result: subject.kind === 'job' ? undefined : subject.result,
    key: deriveSubjectKey(subject),
    title: subjectTitle(subject, { isCancelled: false }),
  };
}

const workflowRun = (overrides = {}, action = 'completed') => ({
  action,
  repository: OWN,
  workflow_run: {
    id: 99,
    name: 'Test',
    path: '.github/workflows/test.yml',
    workflow_id: 77,
    conclusion: 'failure',
    head_branch: 'main',
    head_repository: OWN,
    ...overrides,
  },
});
const deployment = (overrides = {}, state: unknown = 'failure') => ({
  deployment: { environment: 'production', ref: 'main', production_environment: true, ...overrides },
  deployment_status: { state },
});
const checkSuite = (overrides = {}, action = 'completed') => ({
  action,
  check_suite: { conclusion: 'failure', head_branch: 'main', app: { slug: 'lint-bot' }, ...overrides },
});
const checkRun = (overrides = {}, action = 'completed') => ({
  action,
  check_run: {
    name: 'lint',
    conclusion: 'failure',
    app: { slug: 'lint-bot' },
    check_suite: { head_branch: 'main' },
    ...overrides,
  },
});

describe.each(['push', 'pull_request', 'schedule', 'workflow_dispatch', 'merge_group', 'deployment', ''])(
  'the event "%s"',
  (name) => {
    test.each([[undefined], [workflowRun()], [deployment()], [checkRun()]])(
      'with %j is about this job',
      (event) => {
        const job = readWatchedJob(ENV, event, { matrix: 'null', workflowRef: '' });
        const subject = subjectOf(name, event);
        expect(subject).toEqual({ kind: 'job', job });
        expect(deriveSubjectKey(subject)).toBe(deriveDedupKey(job));
        expect(subjectTitle(subject, { isCancelled: false })).toMatch(/^Report \/ report failed on main/);
      },
    );
  },
);

test.each<[name: string, event: unknown, result: string | undefined, key: unknown[], title: string]>([
  ['workflow_run', workflowRun(), 'failure', ['.github/workflows/test.yml', 'main'], 'Test failed on main'],
  [
    'workflow_run',
    workflowRun({ conclusion: null }, 'requested'),
    undefined,
    ['.github/workflows/test.yml', 'main'],
    'Test failed on main',
  ],
  [
    'workflow_run',
    workflowRun({ path: '.github/workflows/test.yaml@refs/heads/a@b', conclusion: 'success' }),
    'success',
    ['.github/workflows/test.yaml', 'main'],
    'Test failed on main',
  ],
  [
    'workflow_run',
    workflowRun({
      path: 'dynamic/pages/pages-build-deployment',
      head_branch: 'gh-readonly-queue/main/pr-1-a',
    }),
    'failure',
    ['dynamic/pages/pages-build-deployment', 'gh-readonly-queue/main'],
    'Test failed on gh-readonly-queue/main',
  ],
  [
    'workflow_run',
    workflowRun({ path: '', name: '', head_repository: { full_name: 'eve/shop' } }),
    'failure',
    ['77', 'eve/shop:main'],
    '77 failed on eve/shop:main',
  ],
  ['workflow_run', undefined, undefined, ['', ''], 'Workflow failed'],
  ['deployment_status', deployment(), 'failure', ['production', null], 'Deployment to production failed'],
  [
    'deployment_status',
    deployment({ environment: 'preview', ref: 'faster', production_environment: false }, 'in_progress'),
    'in_progress',
    ['preview', 'faster'],
    'Deployment to preview failed on faster',
  ],
  [
    'deployment_status',
    deployment({ production_environment: 'true' }, 'error'),
    'error',
    ['production', 'main'],
    'Deployment to production failed on main',
  ],
  ['deployment_status', { deployment_status: { state: 7 } }, '', ['', ''], 'Deployment failed'],
  ['check_run', checkRun(), 'failure', ['lint-bot', 'lint', 'main'], 'lint failed on main'],
  ['check_run', checkRun({}, 'created'), undefined, ['lint-bot', 'lint', 'main'], 'lint failed on main'],
  [
    'check_run',
    checkRun({ app: null, check_suite: { head_branch: 'v1', app: { slug: 'ci' } }, conclusion: 'timed_out' }),
    'timed_out',
    ['ci', 'lint', 'v1'],
    'lint failed on v1',
  ],
  ['check_run', checkRun({ check_suite: {} }), undefined, ['lint-bot', 'lint', ''], 'lint failed'],
  ['check_suite', checkSuite(), 'failure', ['lint-bot', 'main'], 'lint-bot failed on main'],
  ['check_suite', checkSuite({}, 'rerequested'), undefined, ['lint-bot', 'main'], 'lint-bot failed on main'],
  ['check_suite', checkSuite({ head_branch: null }), undefined, ['lint-bot', ''], 'lint-bot failed'],
  ['check_suite', undefined, undefined, ['', ''], 'Check failed'],
])('%s with %j has the result %s', (name, event, result, key, title) => {
  expect(facts(name, event)).toEqual({
    kind: name,
    result,
    key: JSON.stringify([name, 'github.example', 'acme/shop', ...key]),
    title,
  });
});

test('the title of what was cancelled says so', () => {
  const subject = subjectOf('workflow_run', workflowRun({ conclusion: 'cancelled' }));
  expect(subjectTitle(subject, { isCancelled: true })).toBe('Test was cancelled on main');
});

test('shortens other people’s names in titles', () => {
  const subject = subjectOf(
    'check_run',
    checkRun({ name: 'x'.repeat(2000), check_suite: { head_branch: 'y'.repeat(200) } }),
  );
  expect(subjectTitle(subject, { isCancelled: false })).toBe(
    `${'x'.repeat(99)}… failed on ${'y'.repeat(99)}…`,
  );
});
