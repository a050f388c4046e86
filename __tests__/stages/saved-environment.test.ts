import { expect, test } from '@jest/globals';
import {
  collectProxyPasswords,
  restoreEnvironment,
  serializeEnvironment,
} from '../../src/stages/saved-environment.ts';

test('saves what decides about credentials, connections and inputs with a hyphen, and nothing else', () => {
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
    'INPUT_API-KEY': 'five',
    'input_app-key': '',
  };
  const others = {
    PATH: '/bin',
    INPUT_TITLE: 'title',
    'MY-VARIABLE': 'x',
    'MY-INPUT_': 'x',
    NODE_OPTIONS: '--inspect',
    DD_SITE_OTHER: 'x',
    HTTP_PROXY: undefined,
  };
  expect(JSON.parse(serializeEnvironment({ ...others, ...saved }))).toEqual(saved);
});

test('puts the saved variables back and drops those that were added', () => {
  const restored = restoreEnvironment({
    STATE_environment: '{"DD_SITE":"datadoghq.eu","INPUT_API-KEY":"one","PATH":"/evil","DD_API_KEY":1}',
    STATE_other: 'state',
    PATH: '/bin',
    INPUT_TITLE: 'title',
    DD_SITE: 'evil.example',
    DD_APP_KEY: 'evil',
    'INPUT_API-URL': 'https://evil.example',
    https_proxy: 'http://evil.example',
  });
  expect(restored).toEqual({
    env: {
      STATE_other: 'state',
      PATH: '/bin',
      INPUT_TITLE: 'title',
      DD_SITE: 'datadoghq.eu',
      'INPUT_API-KEY': 'one',
    },
    mustRestart: false,
  });
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
  expect(collectProxyPasswords({ https_proxy: url })).toEqual(passwords);
});

test('finds the passwords of all proxies', () => {
  const passwords = collectProxyPasswords({
    HTTP_PROXY: 'token@one.example',
    all_proxy: 'http://user:p%40ss@two.example',
  });
  expect(passwords).toEqual(['token', 'dG9rZW46', 'p%40ss', 'p@ss', 'dXNlcjpwQHNz']);
});
