import { expect, test } from '@jest/globals';
import type { AddressSource } from '../../src/base/address.ts';
import { explain } from '../../src/content/explain.ts';
import { createNetworkError } from '../support/request-errors.ts';

const HOST = 'api.datadoghq.eu';
const BYPASS = 'If api.datadoghq.eu can be reached without the proxy, add it to NO_PROXY.';
const ASK = 'Ask its administrator to allow connections to api.datadoghq.eu.';

function failed(code: string, overrides: Parameters<typeof createNetworkError>[0] = {}) {
  return explain(createNetworkError({ code, host: HOST, notSent: true, ...overrides }));
}

const UNTRUSTED =
  'It failed. The certificate is not trusted. If a proxy or gateway intercepts TLS, set NODE_EXTRA_CA_CERTS on the runner to the file with its CA certificate.';

test.each([
  [
    'CERT_HAS_EXPIRED',
    "It failed. The certificate of api.datadoghq.eu has expired, or the runner's clock is wrong.",
  ],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'It failed. The certificate belongs to another host. Check DD_SITE.'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', UNTRUSTED],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', UNTRUSTED],
])('says what to do about a certificate: %s', (code, text) => {
  expect(failed(code, { isTransient: false, isCertificateFault: true })).toEqual({
    text,
    helpTopic: 'network',
    isActionable: true,
  });
});

test.each([
  ['PROXY_ADDRESS', false, `It failed. ${BYPASS}`, true],
  ['PROXY_407', false, 'It failed. Check the user and password in its URL.', true],
  ['PROXY_403', false, `It failed. ${ASK} ${BYPASS}`, true],
  ['PROXY_502', true, `It failed. ${ASK} ${BYPASS}`, false],
  ['ECONNREFUSED', true, `It failed. Check its host and port. ${BYPASS}`, false],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', false, `It failed. Check its host and port. ${BYPASS}`, true],
])('says what to do about a proxy: %s', (code, isTransient, text, isActionable) => {
  expect(failed(code, { isProxyFault: true, isTransient })).toEqual({
    text,
    helpTopic: 'network',
    isActionable,
  });
});

const CHECK_NETWORK = "Check the runner's network, and HTTPS_PROXY if it needs a proxy.";
const CHECK_API_URL = "Check api_url, the runner's network, and HTTPS_PROXY if it needs a proxy.";
const CHECK_LISTENER = 'Check that something listens there.';

test.each([
  [HOST, CHECK_NETWORK],
  ['api.datadoghq.eu:8443', CHECK_NETWORK],
  ['localhost', CHECK_LISTENER],
  ['127.0.0.1:9', CHECK_LISTENER],
  ['[::1]:8080', CHECK_LISTENER],
])('says what to check if %s was not reached', (host, advice) => {
  expect(failed('ECONNREFUSED', { host, isTransient: true })).toEqual({
    text: `It failed. Nothing was sent. ${advice}`,
    helpTopic: 'outage',
    isActionable: false,
  });
});

test.each(['EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER'])('says to check TLS after %s, on any host', (code) => {
  for (const host of [HOST, '127.0.0.1:9'])
    expect(failed(code, { host, source: { kind: 'input', name: 'api_url' } }).text).toBe(
      'It failed. Nothing was sent. Check api_url, and that no proxy or firewall interferes with TLS.',
    );
});

test('says no more than what is known if the connection broke', () => {
  expect(failed('ECONNRESET', { notSent: false, isTransient: true })).toEqual({
    text: 'It failed.',
    helpTopic: 'outage',
    isActionable: false,
  });
});

test.each<[string, string, AddressSource, string]>([
  [
    'ENOTFOUND',
    'api.us4.datadoghq.com',
    { kind: 'input', name: 'site' },
    'us4.datadoghq.com is not a known Datadog site. Check `site`, then the network.',
  ],
  [
    'EAI_AGAIN',
    'api.us4.datadoghq.com',
    { kind: 'variable', name: 'DD_SITE' },
    'us4.datadoghq.com is not a known Datadog site. Check `DD_SITE`, then the network.',
  ],
  ['ECONNREFUSED', 'api.us4.datadoghq.com', { kind: 'input', name: 'site' }, CHECK_NETWORK],
  ['ENOTFOUND', 'api.us5.datadoghq.com', { kind: 'input', name: 'site' }, CHECK_NETWORK],
  ['ENOTFOUND', 'api.us4.datadoghq.com', { kind: 'input', name: 'api_url' }, CHECK_API_URL],
  ['ENOTFOUND', 'gateway.example', { kind: 'input', name: 'api_url' }, CHECK_API_URL],
])('after %s for %s (%j), says what to check', (code, host, source, advice) => {
  expect(failed(code, { host, source }).text).toBe(`It failed. Nothing was sent. ${advice}`);
});

test('says how often and for how long the connection was tried', () => {
  const error = createNetworkError({ code: 'ECONNREFUSED', host: 'localhost', notSent: true });
  error.tries = { count: 7, durationMs: 23_400 };
  expect(explain(error).text).toBe(
    'It failed. Tried 7 times in 24 s. Nothing was sent. Check that something listens there.',
  );
});
