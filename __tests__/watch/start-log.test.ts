import { expect, test } from '@jest/globals';
import { TestClock } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';
import { startWatching } from '../support/watch-step.ts';

const { datadog, github } = useFakes();

const KEYLESS = { api_key: '', app_key: '', org_uuid: '0f9b1a62-1111-4222-8333-0123456789ab' };

function start(inputs: Record<string, string> = {}) {
  return startWatching({ datadog, github, clock: new TestClock(), inputs: { project: 'OPS', ...inputs } });
}

test.each<[Record<string, string>, string]>([
  [
    {},
    'If it fails, a case is opened in project OPS: "Deploy / deploy failed on main". If it succeeds, the case is closed. A cancellation changes nothing.',
  ],
  [
    { after_failures: '1' },
    'If it fails, a case is opened in project OPS: "Deploy / deploy failed on main". If it succeeds, the case is closed. A cancellation changes nothing.',
  ],
  [
    { after_failures: '2' },
    'If it fails and the job has failed 2 times in a row, a case is opened in project OPS: "Deploy / deploy failed on main". If it succeeds, the case is closed. A cancellation changes nothing.',
  ],
  [
    { reopen_within: '24' },
    'If it fails, a case is opened, or reopened if it was closed recently, in project OPS: "Deploy / deploy failed on main". If it succeeds, the case is closed. A cancellation changes nothing.',
  ],
  [
    { close: 'false', on_cancelled: 'open', dry_run: 'true' },
    'If it fails, a case is opened in project OPS: "Deploy / deploy failed on main". If it succeeds, nothing happens. A cancellation counts as a failure. This is a dry run: at the end of the job, it only says what it would do.',
  ],
])('logs the whole plan: %j', async (inputs, text) => {
  expect((await start(inputs)).allMessages).toEqual([{ kind: 'info', text: `Watching this job. ${text}` }]);
});

test.each<[string, Record<string, string>, string]>([
  [
    'a timeout that is too long',
    { timeout: '300' },
    'timeout: 300 is lowered to 120, because the runner limits the time for cleanup after a job.',
  ],
  [
    'a missing permission',
    KEYLESS,
    "org_uuid: this job can't request an identity token from GitHub. Add this permission to those that the job already has:\npermissions:\n  id-token: write",
  ],
  [
    'an input that does not exist',
    { nonsense: 'x' },
    '"nonsense" is not an input of this action and is ignored.',
  ],
  [
    'keys that it ignores',
    { access_token: 'token' },
    'access_token is set, so api_key and app_key are ignored.',
  ],
])('warns at the start about %s', async (_, inputs, text) => {
  expect((await start(inputs)).messages('warning')).toBe(text);
});

test('does not warn if the job may request an identity token', async () => {
  github.permissions.add('id-token: write');
  expect((await start(KEYLESS)).messages('warning')).toBe('');
});
