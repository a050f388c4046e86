import { expect, test } from '@jest/globals';
import { TestClock, TestCore } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';
import { startWatching } from '../support/watch-step.ts';

const { datadog, github } = useFakes();

function start(inputs: Record<string, string> = {}, env: Record<string, string> = {}, core = new TestCore()) {
  return startWatching({ datadog, github, clock: new TestClock(), core, inputs, env });
}

test.each([
  [{}, 'If it succeeds, the case is closed. A cancellation changes nothing.'],
  [{ close: 'false' }, 'If it succeeds, nothing happens.'],
  [{ on_cancelled: 'open' }, 'A cancellation counts as a failure.'],
  [{ title: 'Backup' }, '"Backup"'],
  [{ project: 'OPS' }, 'in project OPS'],
  [{ after_failures: '3' }, 'If it fails and the job has failed 3 times in a row, a case is opened in'],
  [{ reopen_within: '24' }, 'a case is opened, or reopened if it was closed recently, in'],
  [{ dry_run: 'true' }, 'This is a dry run: at the end of the job, it only says what it would do.'],
])('logs in one line what will happen: %j', async (inputs, text) => {
  const core = await start(inputs);
  expect(core.allMessages).toEqual([{ kind: 'info', text: expect.stringContaining(text) }]);
  expect(core.summary).toBe('');
  expect([...datadog.requestLines, ...github.requestLines]).toEqual([]);
});

test('reports all invalid inputs at once', async () => {
  const core = await start({ priority: 'P9', on_cancelled: 'maybe', close: 'perhaps', project: '' });
  expect(core.hasFailed).toBe(false);
  for (const input of ['priority', 'on_cancelled', 'close', 'project'])
    expect(core.messages('warning')).toMatch(new RegExp(`^${input}\\b`, 'm'));
  expect(core.summary).toContain('### No case will be opened if this job fails\n');
});

const NO_KEYS = { api_key: '', app_key: '', access_token: '' };

test.each(['true', 'false', 'config'])(
  'missing keys are a warning, because a later step may provide them (fail_on_error: %s)',
  async (fail_on_error) => {
    const core = await start({ ...NO_KEYS, fail_on_error });
    expect(core.messages('warning')).toMatch(
      /^api_key and app_key are still empty, and so is access_token\. Unless a later step provides the keys or the token, no case can be opened\. If no step does, check that the secrets exist under the name/,
    );
    expect(core.messages('info')).toMatch(
      /^Watching this job, if a later step provides the missing credentials\. If it fails, a case is opened/,
    );
    expect(core.messages('warning') + core.summary).not.toContain('No case will be opened');
    expect(core.hasFailed).toBe(false);
    expect(core.state).not.toHaveProperty('STATE_reported_problem');
  },
);

test('one missing key is a warning too', async () => {
  const core = await start({ app_key: '', fail_on_error: 'true', dry_run: 'true' });
  expect(core.messages('warning')).toMatch(
    /^app_key is still empty\. Unless a later step provides it, no case can be opened\. If no step does, check that the secret exists/,
  );
  expect(core.hasFailed).toBe(false);
});

test.each([
  [{ project: '' }, 'project is required'],
  [{ api_key: '"0123456789abcdef"' }, 'api_key begins and ends with a quotation mark'],
])('beside a missing key, what else is wrong is an error as usual: %j', async (inputs, text) => {
  const core = await start({ app_key: '', ...inputs, fail_on_error: 'true' });
  expect(core.messages('error')).toMatch(/^No case will be opened if this job fails\./);
  expect(core.messages('error')).toContain(text);
  expect(core.messages('error')).toContain('app_key is still empty. Unless a later step provides it');
  expect(core.hasFailed).toBe(true);
});

test.each(['log_lines', 'mode'])('warns that only the main action has the input %s', async (name) => {
  const core = await start({ [name]: '5' });
  expect(core.messages('warning')).toContain(`"${name}" is an input of the main action only`);
});

test('warns about an unknown input', async () => {
  const core = await start({ statusname: '5' });
  expect(core.messages('warning')).toContain(
    '"statusname" is not an input of this action and is ignored. Did you mean status_name?',
  );
});

test('warns at the start if the job may not request an identity token', async () => {
  const keyless = { api_key: '', app_key: '', org_uuid: '0f9b1a62-1111-4222-8333-0123456789ab' };
  const env = { ACTIONS_ID_TOKEN_REQUEST_URL: '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' };
  const core = await start(keyless, env);
  expect(core.messages('warning')).toContain('permissions:\n  id-token: write');
});

test('never suggests an internal input', async () => {
  const core = await start({ job_state: 'x', matrx: 'y' });
  for (const name of ['job_state', 'matrx'])
    expect(core.messages('warning')).toContain(`"${name}" is not an input of this action and is ignored.`);
  expect(core.messages('warning')).not.toMatch(/Did you mean (job_status|matrix)/);
});

test('warns that a long timeout is lowered', async () => {
  expect((await start({ timeout: '300' })).messages('warning')).toContain('timeout: 300 is lowered to 120');
  expect((await start({ timeout: '120' })).messages('warning')).toBe('');
});

test('masks secrets before it saves them', async () => {
  const core = new TestCore();
  let maskedBeforeSave: string[] = [];
  Object.defineProperty(core.state, 'STATE_environment', {
    set: () => {
      maskedBeforeSave = [...core.masked];
    },
  });
  await start(
    { api_key: '', app_key: '' },
    { DD_API_KEY: 'key-of-the-environment', DD_APP_KEY: 'b', https_proxy: 'http://u:proxy-password@host' },
    core,
  );
  expect(maskedBeforeSave).toEqual(expect.arrayContaining(['key-of-the-environment', 'proxy-password']));
});

test('saves the state even if the inputs are invalid', async () => {
  const core = await start({ project: '', fail_on_error: 'true' });
  expect(core.hasFailed).toBe(true);
  expect(core.state.STATE_environment).toBe('{}');
});

test('saves the variables that decide where requests go, and no others', async () => {
  const core = await start({}, { DD_SITE: 'datadoghq.eu', NO_PROXY: 'x', HOME: '/root' });
  expect(JSON.parse(core.state.STATE_environment ?? '')).toEqual({ DD_SITE: 'datadoghq.eu', NO_PROXY: 'x' });
});
