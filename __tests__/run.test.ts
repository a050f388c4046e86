import { expect, test } from '@jest/globals';
import type { TestCore } from './support/run-step.ts';
import { useFakes } from './support/use-fakes.ts';
import { endWatchedJob, startWatching } from './support/watch-step.ts';

const { datadog, github, clock, openCase } = useFakes();

const WITHOUT_KEYS = { api_key: '', app_key: '' };
const OWN = { full_name: 'acme/shop' };
const FORK = { full_name: 'eve/shop' };
/** A pull request from a fork gets no secrets. */
const WITHHELD = {
  env: { GITHUB_EVENT_NAME: 'pull_request' },
  event: { repository: OWN, pull_request: { number: 12, head: { repo: FORK }, base: { repo: OWN } } },
};
/** The run has secrets but reports on a fork. */
const FOREIGN = {
  env: { GITHUB_EVENT_NAME: 'workflow_run' },
  event: { repository: OWN, workflow_run: { id: 99, head_branch: 'main', head_repository: FORK } },
};
const WITHHELD_REASON =
  'GitHub gives no secrets to pull requests from forks or Dependabot, so this run cannot open a case. The step passes.';
const FOREIGN_REASON =
  'This run may report on a fork. Anyone can create a fork with a branch of the same name, so runs for forks do not open, update or close cases. The step passes. More: docs/forks.md';

function expectOnlyLog(core: TestCore, text: string): void {
  expect(core.allMessages).toEqual([{ kind: 'info', text }]);
  expect(core.summary).toBe('');
  expect(core.hasFailed).toBe(false);
  expect([...datadog.requestLines, ...github.requestLines]).toEqual([]);
}

test.each([
  [
    'a pull request from a fork without secrets',
    WITHHELD,
    WITHOUT_KEYS,
    "GitHub gives no secrets to pull requests from forks or Dependabot, so this job isn't watched.",
  ],
  ['a run that reports on a fork', FOREIGN, {}, "This run may report on a fork, so this job isn't watched."],
])('does not watch a job of %s, whatever else is wrong', async (_, run, inputs, text) => {
  const core = await startWatching({
    datadog,
    github,
    clock,
    ...run,
    inputs: { ...inputs, priority: 'P9', unknown: 'x' },
  });
  expectOnlyLog(core, text);
});

test.each([
  ['a pull request from a fork without secrets', WITHHELD, WITHOUT_KEYS, WITHHELD_REASON],
  ['a run that reports on a fork', FOREIGN, {}, FOREIGN_REASON],
])('does nothing at the end of a job of %s', async (_, run, inputs, text) => {
  const end = (job_status: string) =>
    endWatchedJob({ datadog, github, clock, ...run, inputs: { ...inputs, job_status, priority: 'P9' } });
  expectOnlyLog(await end('success'), `Skipped. ${text}`);
  const core = await end('failure');
  expect(core.allMessages).toEqual([{ kind: 'notice', text: `Skipped. ${text}` }]);
  expect(core.summary).toBe(`### No Datadog case: skipped\n\n${text}\n`);
  expect([...datadog.requestLines, ...github.requestLines]).toEqual([]);
});

test.each([
  ['a pull request from a fork without secrets', WITHHELD, WITHOUT_KEYS, WITHHELD_REASON],
  ['a run that reports on a fork', FOREIGN, {}, FOREIGN_REASON],
])('the main action skips %s with a notice', async (_, run, inputs, text) => {
  const core = await openCase(inputs, run);
  expect(core.allMessages).toEqual([{ kind: 'notice', text: `Skipped. ${text}` }]);
  expect(core.outputs).toEqual({ outcome: 'skipped' });
  expect(core.summary).toBe(`### No Datadog case: skipped\n\n${text}\n`);
});

test('a job that succeeds without an open case only says so in the log', async () => {
  const core = await endWatchedJob({ datadog, github, clock, inputs: { job_status: 'success' } });
  expect(core.allMessages).toEqual([
    { kind: 'info', text: 'Nothing to close: the result is a success, and no case is open for it.' },
  ]);
  expect(core.summary).toBe('');
});

test('warns about inputs that are valid but probably mean something else', async () => {
  const core = await openCase({ access_token: 'token-0123456789' }, FOREIGN);
  expect(core.messages('warning')).toBe('access_token is set, so api_key and app_key are ignored.');
});
