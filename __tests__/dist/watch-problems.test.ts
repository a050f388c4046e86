import { expect, test } from '@jest/globals';
import { shownLog } from '../support/run-action.ts';
import { type WatchedJobRun, watchJob } from '../support/run-watched-job.ts';
import { useFakesInRealTime } from '../support/use-fakes.ts';

const { datadog, github } = useFakesInRealTime();

function watch(overrides?: Partial<WatchedJobRun>) {
  return watchJob(datadog, github, overrides);
}

test('a missing project is a warning at the start by default, and an error with fail_on_error: true or config', async () => {
  const tolerated = await watch({ status: 'success', inputs: { project: '' } });
  expect(tolerated.start.exitCode).toBe(0);
  expect(tolerated.start.log).toMatch(
    /^::warning .*No case will be opened if this job fails.*project is required/m,
  );
  expect(tolerated.end.exitCode).toBe(0);
  for (const policy of ['true', 'config']) {
    const strict = await watch({ inputs: { project: '', fail_on_error: policy } });
    expect(strict.start.exitCode).toBe(1);
    // The start of the job has failed it already, and said why.
    expect(strict.end.exitCode).toBe(0);
    expect(strict.end.log).toContain('No case was opened');
  }
  expect(datadog.requestLines).toEqual([]);
});

test.each([
  [
    'Datadog is down',
    () => datadog.injectFault({ request: '.', response: 'drop' }),
    /unknown whether the case was opened/,
  ],
  [
    'GitHub is down',
    () => github.injectFault({ request: '.', response: 'drop' }),
    /Could not list failed jobs/,
  ],
])('both stages pass and say what happened when %s', async (_, breakServer, message) => {
  breakServer();
  const { start, end } = await watch({ inputs: { timeout: '2' } });
  expect([start.exitCode, end.exitCode]).toEqual([0, 0]);
  expect(end.log).toMatch(message);
});

test.each([['failure' as const], ['success' as const]])(
  'both stages pass and say that the keys are wrong when the job ends with %s',
  async (status) => {
    const { start, end } = await watch({ status, inputs: { app_key: 'not-the-right-application-key' } });
    expect([start.exitCode, end.exitCode]).toEqual([0, 0]);
    expect(end.log).toMatch(/^::warning .*No case was (opened|closed).*403/m);
    expect(shownLog(end)).not.toContain('not-the-right-application-key');
  },
);

test('both stages of a pull request from a fork pass and say that there are no secrets', async () => {
  const run = {
    inputs: { api_key: '', app_key: '' },
    env: { GITHUB_EVENT_NAME: 'pull_request' },
    event: {
      pull_request: {
        number: 12,
        head: { ref: 'patch-1', repo: { full_name: 'eve/shop' } },
        base: { repo: { full_name: 'acme/shop' } },
      },
    },
  };
  const failed = await watch(run);
  expect(shownLog(failed.start)).toMatch(/^GitHub gives no secrets .* so this job isn't watched\.\n$/);
  expect(failed.end.log).toMatch(/^::notice .*GitHub gives no secrets/m);
  const succeeded = await watch({ ...run, status: 'success' });
  expect(shownLog(succeeded.end)).toMatch(/GitHub gives no secrets/);
  expect(succeeded.end.summary).toBe('');
  for (const { exitCode } of [failed.start, failed.end, succeeded.end]) expect(exitCode).toBe(0);
});
