import { expect, test } from '@jest/globals';
import { ProxyError, TransportError } from '../../src/http/errors.ts';
import { toNetworkError, toTimeoutError } from '../../src/http/failures.ts';

const REQUEST = {
  request: 'GET /thing',
  host: 'api.example',
  source: { kind: 'variable', name: 'DD_SITE' },
} as const;
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
    transportError('ECONNREFUSED', true),
    'could not connect to api.example (ECONNREFUSED, from DD_SITE)',
    true,
    true,
  ],
  [errorWithCode('ECONNRESET'), 'lost the connection to api.example (ECONNRESET)', false, true],
  ['text', 'lost the connection to api.example (unknown error)', false, true],
  [
    transportError('CERT_HAS_EXPIRED', true),
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
  // TLS can fail during the handshake, and with the response.
  [
    transportError('EPROTO', true),
    'could not set up TLS with api.example (EPROTO, from DD_SITE)',
    true,
    true,
  ],
  [transportError('EPROTO', false), 'lost the connection to api.example (EPROTO)', false, true],
  [
    transportError('ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', false),
    'lost the connection to api.example (ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC)',
    false,
    true,
  ],
  [transportError('ECONNREFUSED', false), 'lost the connection to api.example (ECONNREFUSED)', false, true],
  [
    transportError('HPE_INVALID_CONSTANT', false),
    'no valid HTTP response from api.example (HPE_INVALID_CONSTANT)',
    false,
    true,
  ],
  [
    transportError('Z_DATA_ERROR', false),
    'could not decompress the response of api.example (Z_DATA_ERROR)',
    false,
    true,
  ],
])('describes the failure %#', (cause, problem, notSent, isTransient) => {
  const error = toNetworkError({ ...REQUEST, cause });
  expect(error.message).toBe(`GET /thing failed: ${problem}.`);
  expect(error).toMatchObject({ host: 'api.example', notSent, isTransient, isProxyFault: false });
  expect(error.cause).toBe(cause);
});

test.each([
  ['ECONNRESET', true],
  ['PROXY_502', true],
  ['PROXY_408', true],
  ['PROXY_425', true],
  ['PROXY_429', true],
  ['PROXY_403', false],
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

test.each([
  'CERT_HAS_EXPIRED',
  'CERT_REVOKED',
  'CRL_HAS_EXPIRED',
  'ERROR_IN_CERT_NOT_BEFORE_FIELD',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'HOSTNAME_MISMATCH',
])('does not try again after the certificate error %s', (code) => {
  const fault = { isCertificateFault: true, isTransient: false };
  expect(toNetworkError({ ...REQUEST, cause: transportError(code, true) })).toMatchObject(fault);
  expect(toNetworkError({ ...REQUEST, cause: proxyError('proxy p:1 is broken', code) })).toMatchObject(fault);
});
