import { expect, test } from '@jest/globals';
import type { StoredJob } from '../support/fake-github/stored-job.ts';
import { failedJob, PULL_REQUEST_EVENT } from '../support/pull-request-run.ts';
import type { StepOptions } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, github, clock, openCase } = useFakes();

const RUNNING = { status: 'in_progress', conclusion: null, runner_name: 'runner 3' };
/** A job in which GitHub still shows a step as running that started long ago. */
const WITHOUT_FAILED_STEP: StoredJob = {
  id: 70,
  name: 'build (eu)',
  ...RUNNING,
  steps: [{ number: 2, name: 'Build', status: 'in_progress', started_at: '2026-01-02T03:00:00Z' }],
};
const OTHER_LEGS = Array.from({ length: 30 }, (_, index) => failedJob(index + 1, `leg ${index}`));

/** Opens a case in the failing job with the ID 70. */
function fail(inputs: Record<string, string> = {}, options: Partial<StepOptions> = {}) {
  return openCase({ job_status: 'failure', check_run_id: '70', ...inputs }, options);
}

test.each([
  ['its ID', { check_run_id: '70' }, {}],
  ['its runner', { check_run_id: '' }, { RUNNER_NAME: 'runner 3' }],
])('names the job of the step first, among other failed jobs, found by %s', async (_, inputs, env) => {
  github.jobs = [...OTHER_LEGS, failedJob(70, 'build (eu)', RUNNING)];
  await fail(inputs, { env });
  const failed = datadog.lastDescription.split('\n').filter((line) => line.startsWith('- Failed:'));
  expect(failed[0]).toMatch(/^- Failed: \[`build \(eu\)`\].*\/job\/70\), at \[`Run tests`\]/);
  expect(failed).toHaveLength(20);
  expect(datadog.lastDescription).toContain('- and 11 more failed jobs');
});

test('names the step of its own job in the comments on the case and the pull request', async () => {
  github.jobs = [...OTHER_LEGS, failedJob(70, 'build (eu)', RUNNING)];
  const inputs = { dedup_key: 'k', pr_comment: 'true' };
  await fail(inputs, { event: PULL_REQUEST_EVENT });
  await fail(inputs, { event: PULL_REQUEST_EVENT });
  expect(datadog.cases[0]?.comments[0]?.split('\n')[2]).toContain('/job/70');
  expect(github.comments[0]?.body).toContain('/job/70#step:4:1)');
});

test('fetches its own job by its ID if the list does not reach it', async () => {
  const others = Array.from({ length: 1005 }, (_, index) => failedJob(1000 + index, `leg ${index}`));
  github.jobs = [...others, failedJob(70, 'build (eu)', RUNNING)];
  await fail();
  expect(datadog.lastDescription).toMatch(/^- Failed: \[`build \(eu\)`\]/);
  expect(github.requestLines).toContain('GET /repos/acme/shop/actions/jobs/70');
});

test('links its own job at once inside a composite action, of which GitHub shows a single step', async () => {
  github.jobs = [failedJob(5, 'lint'), WITHOUT_FAILED_STEP];
  await fail({}, { env: { GITHUB_ACTION_PATH: '/work/_actions/acme/deploy/v1' } });
  expect(clock.delays).toEqual([]);
  expect(datadog.lastDescription).toMatch(
    /^- Failed: \[`build \(eu\)`\]\([^)]*\/job\/70\)\n- Failed: \[`lint`\]/,
  );
});

test('links its own job if GitHub never learns of a failed step', async () => {
  github.jobs = [WITHOUT_FAILED_STEP];
  await fail();
  expect(clock.delays).toEqual([500, 1000, 1500]);
  expect(datadog.lastDescription).toMatch(/^- Failed: \[`build \(eu\)`\]\([^)]*\/job\/70\)\n/);
});

test.each([
  ['has not failed', { job_status: 'success' }],
  ['has an unknown status', { job_status: '' }],
])('does not name its own job if that %s', async (_, inputs) => {
  github.jobs = [WITHOUT_FAILED_STEP, failedJob(5, 'test')];
  await fail(inputs);
  expect(datadog.lastDescription).toMatch(/^- Failed: \[`test`\]/);
  expect(datadog.lastDescription).not.toContain('build');
});

test('does not wait for a failed step of its own job if that has not failed', async () => {
  github.jobs = [WITHOUT_FAILED_STEP, failedJob(5, 'test')];
  await fail({ job_status: 'success' });
  expect(clock.delays).toEqual([]);
});

test('an ID that is none is ignored', async () => {
  github.jobs = [
    failedJob(70, 'build (eu)', RUNNING),
    failedJob(5, 'test', { ...RUNNING, runner_name: 'b' }),
  ];
  await fail({ check_run_id: '0x46' }, { env: { RUNNER_NAME: 'b' } });
  expect(datadog.lastDescription).toMatch(/^- Failed: \[`test`\]/);
});

test('does not put this job before those of the run that workflow_run is about', async () => {
  github.jobs = [failedJob(5, 'test'), failedJob(70, 'report', RUNNING)];
  const event = { workflow_run: { id: 42, run_attempt: 1 } };
  await fail({}, { event, env: { GITHUB_EVENT_NAME: 'workflow_run', RUNNER_NAME: 'runner 3' } });
  expect(datadog.lastDescription).toMatch(/^- Failed: \[`test`\]/);
});
