import { expect, test } from '@jest/globals';
import { type Env, markGiven } from '../../src/base/env.ts';
import {
  collectProxyPasswords,
  explainLostState,
  restoreEnvironment,
  serializeState,
} from '../../src/stages/saved-environment.ts';

function serialize(env: Env): [string, string][] {
  return [...serializeState(markGiven(env))].map(([name, text]) => [name, text.reveal()]);
}

function findPasswords(env: Env): string[] {
  return collectProxyPasswords(markGiven(env)).map((password) => password.reveal());
}

test('saves what decides about credentials and connections, each input, and nothing else', () => {
  const saved = {
    DD_SITE: 'datadoghq.eu',
    DATADOG_SITE: 'datadoghq.com',
    DD_API_KEY: 'one',
    DATADOG_APP_KEY: 'two',
    DD_ACCESS_TOKEN: 'three',
    HTTPS_PROXY: 'http://proxy.example',
    no_proxy: 'localhost',
    NODE_DEBUG: 'http',
    NODE_DEBUG_NATIVE: 'http2',
    NODE_EXTRA_CA_CERTS: '/a.pem',
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
    NODE_USE_ENV_PROXY: '1',
    NODE_USE_SYSTEM_CA: '1',
    OPENSSL_CONF: '/b',
    OPENSSL_MODULES: '/c',
    SSL_CERT_DIR: '/d',
    SSL_CERT_FILE: '/e',
    dd_app_key: 'four',
  };
  const inputs = { 'INPUT_API-KEY': 'five', 'input_app-key': '', INPUT_TITLE: 'a title' };
  const others = {
    PATH: '/bin',
    'MY-VARIABLE': 'x',
    'MY-INPUT_': 'x',
    NODE_OPTIONS: '--inspect',
    DD_SITE_OTHER: 'x',
    HTTP_PROXY: undefined,
  };
  const { environment, ...savedInputs } = Object.fromEntries(serialize({ ...others, ...saved, ...inputs }));
  expect(JSON.parse(environment ?? '')).toEqual(saved);
  expect(savedInputs).toEqual({ 'input_api-key': 'five', input_title: 'a title' });
});

test('puts the saved variables back and drops those that were added', () => {
  const restored = restoreEnvironment({
    STATE_environment: '{"DD_SITE":"datadoghq.eu","PATH":"/evil","DD_API_KEY":1}',
    'STATE_input_api-key': 'one',
    STATE_other: 'state',
    PATH: '/bin',
    DD_SITE: 'evil.example',
    DD_APP_KEY: 'evil',
    https_proxy: 'http://evil.example',
  });
  expect(restored).toEqual({
    env: {
      STATE_other: 'state',
      PATH: '/bin',
      DD_SITE: 'datadoghq.eu',
      'INPUT_API-KEY': 'one',
    },
    mustRestart: false,
  });
});

/** The value of an input at the end of a job. */
function restoreInput(name: string, start: string, end: string): string | undefined {
  const state = Object.fromEntries(serialize({ [`INPUT_${name.toUpperCase()}`]: start }));
  const env = Object.entries(state).map(([key, value]) => [`STATE_${key}`, value]);
  const restored = restoreEnvironment({
    ...Object.fromEntries(env),
    [`INPUT_${name.toUpperCase()}`]: end,
  });
  return restored?.env[`INPUT_${name.toUpperCase()}`];
}

const OF_START = [
  ['site', 'api_url', 'org_uuid', 'oidc_audience', 'project', 'dedup_key'],
  ['priority', 'close', 'fail_on_error', 'timeout', 'matrix', 'check_run_id', 'dry_run'],
].flat();
const OF_END_UNLESS_EMPTY = ['title', 'description', 'description_file', 'attributes', 'custom_attributes'];
const OF_END_IF_EMPTY_AT_START = ['api_key', 'app_key', 'access_token', 'github_token'];

test.each([
  ...OF_START.flatMap((name) => [
    [name, 'start', 'end', 'start'],
    [name, 'start', '', 'start'],
    [name, '', 'end', ''],
  ]),
  ...OF_END_UNLESS_EMPTY.flatMap((name) => [
    [name, 'start', 'end', 'end'],
    [name, 'start', ' ', 'start'],
    [name, '', 'end', 'end'],
  ]),
  ...OF_END_IF_EMPTY_AT_START.flatMap((name) => [
    [name, 'start', 'end', 'start'],
    [name, 'start', '', 'start'],
    [name, '', 'end', 'end'],
  ]),
  ['job_status', 'success', 'failure', 'failure'],
  ['job_status', 'success', '', ''],
])('the input %s that was %j at the start and is %j at the end is %j', (name, start, end, expected) => {
  expect(restoreInput(name, start, end)).toBe(expected);
});

test.each([
  ['missing', {}],
  ['empty', { STATE_environment: '' }],
  ['no JSON', { STATE_environment: '{' }],
  ['null', { STATE_environment: 'null' }],
])('restores nothing if the state is %s', (_, state) => {
  expect(restoreEnvironment({ DD_SITE: 'datadoghq.eu', ...state })).toBeUndefined();
});

test.each([
  ['was added', {}, { NODE_DEBUG: 'http' }, true],
  ['was removed', { SSL_CERT_FILE: '/a' }, {}, true],
  ['was changed', { OPENSSL_CONF: '/a', NODE_DEBUG: 'x' }, { OPENSSL_CONF: '/b', NODE_DEBUG: 'x' }, true],
  ['has the same name in another case', { ssl_cert_dir: '/a' }, { SSL_CERT_DIR: '/a' }, false],
  ['is as it was', { NODE_USE_SYSTEM_CA: '1' }, { NODE_USE_SYSTEM_CA: '1' }, false],
  ['matters only later', { DD_SITE: 'datadoghq.eu' }, { DD_SITE: 'datadoghq.com' }, false],
])('tells whether to start again when a variable %s', (_, saved, env, mustRestart) => {
  const restored = restoreEnvironment({ ...env, STATE_environment: JSON.stringify(saved) });
  expect(restored).toEqual({ env: saved, mustRestart });
});

test.each([
  ['http://user:p%40ss@proxy.example:8080', ['p%40ss', 'p@ss', 'dXNlcjpwQHNz']],
  ['token@proxy.example', ['token', 'dG9rZW46']],
  ['http://:word@proxy.example', ['word', 'word', 'OndvcmQ=']],
  ['a:b:c@proxy.example', ['b:c', 'b:c', 'YTpiOmM=']],
  ['http://proxy.example:8080', []],
  ['', []],
])('finds the passwords in the proxy %j', (url, passwords) => {
  expect(findPasswords({ https_proxy: url })).toEqual(passwords);
});

test('finds the passwords of all proxies', () => {
  const passwords = findPasswords({
    HTTP_PROXY: 'token@one.example',
    all_proxy: 'http://user:p%40ss@two.example',
  });
  expect(passwords).toEqual(['token', 'dG9rZW46', 'p%40ss', 'p@ss', 'dXNlcjpwQHNz']);
});

test.each([
  [{}, ''],
  [{ INPUT_API_URL: '', NO_PROXY: 'x', DD_SITE: 'datadoghq.eu' }, ''],
  [{ INPUT_API_URL: 'https://gateway.example' }, 'api_url is set, and a later step may have set it'],
  [{ https_proxy: 'http://proxy.example' }, 'HTTPS_PROXY is set, and a later step may have set it'],
  [{ NODE_EXTRA_CA_CERTS: '/a.pem' }, 'NODE_EXTRA_CA_CERTS is set, and a later step may have set it'],
])('explains why nothing may be sent without the state: %j', (env, text) => {
  expect(explainLostState(env)).toBe(text);
});
