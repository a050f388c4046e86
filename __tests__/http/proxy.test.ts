import { getProxyUrl } from '@actions/http-client/lib/proxy';
import { afterEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findProxy } from '../../src/http/proxy.ts';

const API = new URL('https://api.datadoghq.eu/api/v2/cases');
const PROXY_VARIABLES = ['http_proxy', 'https_proxy', 'no_proxy', 'all_proxy'].flatMap((name) => [
  name,
  name.toUpperCase(),
]);
const savedEnv = { ...process.env };
afterEach(() => {
  process.env = { ...savedEnv };
});

function decodeAuthorization(value: string | undefined): string {
  return Buffer.from(value?.replace('Basic ', '') ?? '', 'base64').toString();
}

test.each([
  ['host:3128', 'host', 3128, false],
  ['host', 'host', 80, false],
  ['10.0.0.1:8080/', '10.0.0.1', 8080, false],
  ['http://host', 'host', 80, false],
  ['HTTP://host:3128', 'host', 3128, false],
  ['https://host', 'host', 443, true],
  ['http://[::1]:3128', '::1', 3128, false],
  ['http://user:secretpass@host:3128/path', 'host', 3128, false],
  ['http://user:secretpass@host:3128//', 'host', 3128, false],
  ['http://user:secretpass@host:3128?a', 'host', 3128, false],
])('reads the proxy %s', (text, hostname, port, isSecure) => {
  expect(findProxy(API, { HTTPS_PROXY: text })).toMatchObject({ hostname, port, isSecure });
});

test.each([
  ['u:p%ss', 'u:p%ss'],
  ['u:p%25ss', 'u:p%ss'],
  ['u:%C3%A4', 'u:ä'],
  ['u:%ff', 'u:%ff'],
  ['u:a@b:c/d#e?f', 'u:a@b:c/d#e?f'],
  ['u', 'u:'],
])('reads the credentials %s', (text, credentials) => {
  const proxy = findProxy(API, { HTTPS_PROXY: `http://${text}@host:3128` });
  expect(decodeAuthorization(proxy?.authorization)).toBe(credentials);
  expect(proxy?.label).toBe('proxy host:3128 from HTTPS_PROXY');
});

test.each([
  [{ https_proxy: 'a', HTTPS_PROXY: 'b', HTTP_PROXY: 'c', ALL_PROXY: 'd' }, 'proxy a:80 from https_proxy'],
  [{ https_proxy: ' ', HTTPS_PROXY: 'b' }, 'proxy b:80 from HTTPS_PROXY'],
  [{ HTTP_PROXY: 'c', ALL_PROXY: 'd' }, 'proxy d:80 from ALL_PROXY'],
  [{ HTTP_PROXY: 'c' }, undefined],
])('chooses the variable for https of %j', (env, label) => {
  expect(findProxy(API, env)?.label).toBe(label);
});

test.each([
  ['datadoghq.eu', true],
  ['.datadoghq.eu', true],
  ['*.datadoghq.eu', true],
  ['API.DATADOGHQ.EU', true],
  ['api.datadoghq.eu:443', true],
  ['datadoghq.eu:443', true],
  ['*', true],
  ['other.example, datadoghq.eu', true],
  ['other.example datadoghq.eu', true],
  ['datadoghq.eu:8443', false],
  ['hq.eu', false],
  ['www.datadoghq.eu', false],
  [',', false],
])('NO_PROXY=%s excludes api.datadoghq.eu: %j', (text, isExcluded) => {
  expect(findProxy(API, { HTTPS_PROXY: 'host', NO_PROXY: text }) === undefined).toBe(isExcluded);
});

test('NO_PROXY excludes IP addresses', () => {
  const env = { HTTPS_PROXY: 'host', NO_PROXY: '10.0.0.1,[fd00::1]' };
  expect(findProxy(new URL('https://10.0.0.1/'), env)).toBeUndefined();
  expect(findProxy(new URL('https://[fd00::1]/'), env)).toBeUndefined();
  expect(findProxy(new URL('https://10.0.0.2/'), env)).toBeDefined();
});

test('decides like GitHub’s toolkit whether to use a proxy', () => {
  const host = fc.constantFrom(
    'a.example',
    'b.a.example',
    'xa.example',
    '10.0.0.1',
    '127.0.0.1',
    'localhost',
  );
  const entry = fc.oneof(
    host,
    host.map((name) => `.${name}`),
    host.map((name) => `${name}:8443`),
    fc.constant('*'),
  );
  const entries = fc.array(entry, { maxLength: 3 }).map((list) => list.join(', '));
  const variables = fc.record(
    {
      http_proxy: fc.constant('http://one:1'),
      HTTPS_PROXY: fc.constant('http://two:2'),
      no_proxy: entries,
      NO_PROXY: entries,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(
      host,
      fc.constantFrom('http', 'https'),
      fc.constantFrom('', ':8443'),
      variables,
      (...parts) => {
        const [name, protocol, port, env] = parts;
        const url = new URL(`${protocol}://${name}${port}/`);
        for (const variable of PROXY_VARIABLES) delete process.env[variable];
        Object.assign(process.env, env);
        const expected = getProxyUrl(url);
        const proxy = findProxy(url, env);
        expect(proxy && `${proxy.hostname}:${proxy.port}`).toBe(expected?.host);
      },
    ),
    { numRuns: 500 },
  );
});
