import { expect, test } from '@jest/globals';
import { explain } from '../../src/content/explain.ts';
import { HttpError, NetworkError, type ProvenAccess } from '../../src/http/errors.ts';

const HOST = 'api.datadoghq.eu';

function denied(overrides: Partial<ConstructorParameters<typeof HttpError>[0]> = {}): HttpError {
  return new HttpError({
    request: 'GET /api/v2/cases',
    status: 403,
    details: [{ text: 'Forbidden' }],
    retryAfterMs: undefined,
    host: HOST,
    source: 'from the input site',
    credentials: 'keys',
    provenAccess: 'none',
    ...overrides,
  });
}

function explainDenied(overrides: Parameters<typeof denied>[0]): string {
  return explain(denied(overrides)).text;
}

test('lists what can be wrong if nothing is known about the credentials', () => {
  expect(explainDenied({})).toBe(
    'GET /api/v2/cases returned 403: Forbidden. Host: api.datadoghq.eu (from the input site). Check that (1) site is where you sign in, (2) api_key and app_key are valid and not swapped, (3) the application key has the permission cases_read.',
  );
});

test.each([
  ['from DD_SITE', '(1) DD_SITE is where you sign in,'],
  ['the default site', '(1) site is where you sign in,'],
  ['from the input api_url', '(1) api_url is a Datadog API,'],
])('names where the host comes from: %s', (source, text) => {
  expect(explainDenied({ source })).toContain(text);
});

test.each([
  ['token', '(2) access_token is valid, (3) the token has'],
  ['identity', '(2) the service account is active, (3) the service account has'],
] as const)('names what the step signed in with: %s', (credentials, text) => {
  expect(explainDenied({ credentials })).toContain(text);
});

test('leaves out the credentials if they worked for another request', () => {
  const text = explainDenied({ provenAccess: 'read' });
  expect(text).toContain('The application key is probably missing the permission cases_read.');
  expect(text).not.toContain('swapped');
});

test.each([
  ['write', 'Ask a Datadog administrator which permission this one needs.'],
  ['read', 'is probably missing the permission cases_write.'],
] as const)('a rejected change after a successful %s says so', (provenAccess: ProvenAccess, text) => {
  expect(explainDenied({ request: 'POST /api/v2/cases/1/attributes', provenAccess })).toContain(text);
});

test('suspects a gateway if the response is a page', () => {
  const details = [{ text: 'an HTML page (probably from a gateway or proxy)' }];
  expect(explainDenied({ details })).toMatch(/A gateway or proxy .* may have blocked the request\.$/);
});

function failed(code: string, overrides: Partial<ConstructorParameters<typeof NetworkError>[1]> = {}) {
  const options = { code, host: HOST, notSent: true, isTransient: false, isProxyFault: false };
  return explain(new NetworkError('It failed.', { ...options, ...overrides }));
}

test.each([
  ['CERT_HAS_EXPIRED', 'The certificate of api.datadoghq.eu has expired'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'The certificate belongs to another host.'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'NODE_EXTRA_CA_CERTS'],
])('says what to do about a certificate: %s', (code, text) => {
  expect(failed(code)).toMatchObject({
    text: expect.stringContaining(text),
    helpTopic: 'network',
    isActionable: true,
  });
});

test.each([
  ['PROXY_ADDRESS', false, 'It failed. If api.datadoghq.eu can be reached without the proxy', true],
  ['PROXY_407', false, 'It failed. Check the user and password in its URL.', true],
  ['PROXY_403', false, 'Ask its administrator to allow connections to api.datadoghq.eu.', true],
  ['PROXY_502', true, 'Ask its administrator to allow connections to api.datadoghq.eu.', false],
  ['ECONNREFUSED', true, 'Check its host and port.', false],
])('says what to do about a proxy: %s', (code, isTransient, text, isActionable) => {
  expect(failed(code, { isProxyFault: true, isTransient })).toMatchObject({
    text: expect.stringContaining(text),
    helpTopic: 'network',
    isActionable,
  });
});

test.each([
  [HOST, 'HTTPS_PROXY if it needs a proxy.'],
  ['127.0.0.1:9', 'Check that something listens there.'],
])('says what to check if %s was not reached', (host, text) => {
  expect(failed('ECONNREFUSED', { host, isTransient: true }).text).toContain(`Nothing was sent. `);
  expect(failed('ECONNREFUSED', { host, isTransient: true }).text).toContain(text);
});

test('says no more than what is known if the connection broke', () => {
  expect(failed('ECONNRESET', { notSent: false, isTransient: true }).text).toBe('It failed.');
});
