import { expect, test } from '@jest/globals';
import { ProxyError, TransportError } from '../../src/http/errors.ts';
import { toNetworkError, toTimeoutError } from '../../src/http/failures.ts';

const REQUEST = { request: 'GET /thing', host: 'api.example', source: 'from DD_SITE' };
const PROXY = 'proxy p:1 from HTTPS_PROXY';

function errorWithCode(code: string): Error {
  return Object.assign(new Error('broken'), { code });
}

function transportError(code: string, notSent: boolean, proxy?: string): TransportError {
  return new TransportError(errorWithCode(code), { notSent, proxy });
}

/** An error of the proxy as `fetch` throws it. */
function proxyError(message: string, code: string): TransportError {
  const cause = new Error('request failed', { cause: new ProxyError(message, { code }) });
  return new TransportError(cause, { notSent: false, proxy: PROXY });
}

test.each([
  [
    errorWithCode('ECONNREFUSED'),
    'could not connect to api.example (ECONNREFUSED, from DD_SITE)',
    true,
    true,
  ],
  [errorWithCode('ECONNRESET'), 'lost the connection to api.example (ECONNRESET)', false, true],
  ['text', 'lost the connection to api.example (unknown error)', false, true],
  [
    errorWithCode('CERT_HAS_EXPIRED'),
    'could not connect to api.example (CERT_HAS_EXPIRED, from DD_SITE)',
    true,
    false,
  ],
  [
    transportError('ECONNRESET', true),
    'could not connect to api.example (ECONNRESET, from DD_SITE)',
    true,
    true,
  ],
  [
    transportError('ECONNRESET', true, PROXY),
    'could not connect to api.example through proxy p:1 from HTTPS_PROXY (ECONNRESET, from DD_SITE)',
    true,
    true,
  ],
  [
    transportError('ECONNRESET', false, PROXY),
    'lost the connection to api.example through proxy p:1 from HTTPS_PROXY (ECONNRESET)',
    false,
    true,
  ],
  [transportError('ECONNREFUSED', false), 'lost the connection to api.example (ECONNREFUSED)', false, true],
])('describes the failure %#', (cause, problem, notSent, isTransient) => {
  const error = toNetworkError({ ...REQUEST, cause });
  expect(error.message).toBe(`GET /thing failed: ${problem}.`);
  expect(error).toMatchObject({ host: 'api.example', notSent, isTransient, isProxyFault: false });
  expect(error.cause).toBe(cause);
});

test.each([
  ['ECONNRESET', true],
  ['PROXY_502', true],
  ['PROXY_407', false],
  ['PROXY_ADDRESS', false],
])('blames the proxy for %s, and sent nothing', (code, isTransient) => {
  const error = toNetworkError({ ...REQUEST, cause: proxyError('proxy p:1 is broken', code) });
  expect(error.message).toBe('GET /thing failed: proxy p:1 is broken.');
  expect(error).toMatchObject({ code, notSent: true, isTransient, isProxyFault: true });
});

test.each([
  [errorWithCode('ECONNREFUSED'), 1540, 'GET /thing timed out after 1.5 s.', false],
  [transportError('ECONNRESET', false, PROXY), 60_000, 'GET /thing timed out after 60 s.', false],
  [transportError('x', true), 20, 'GET /thing timed out after 0.1 s: no connection to api.example.', true],
  [
    transportError('x', true, PROXY),
    2000,
    'GET /thing timed out after 2 s: no connection to api.example through proxy p:1 from HTTPS_PROXY.',
    true,
  ],
])('describes the timeout %#', (cause, elapsedMs, message, notSent) => {
  const error = toTimeoutError({ ...REQUEST, cause }, elapsedMs);
  expect(error.message).toBe(message);
  expect(error.notSent).toBe(notSent);
  expect(error.cause).toBe(cause);
});
