import { expect, test } from '@jest/globals';
import {
  type ApiError,
  errorCode,
  HttpError,
  NetworkError,
  ProxyError,
  TimeoutError,
  TransportError,
  UnexpectedResponseError,
} from '../../src/http/errors.ts';

function createHttpError(request: string, source: string, details: ApiError[] = []): HttpError {
  const access = { credentials: 'keys', provenAccess: 'none' } as const;
  const host = 'api.example';
  return new HttpError({ request, status: 400, details, retryAfterMs: undefined, host, source, ...access });
}

const NETWORK_OPTIONS = { host: 'api.example', notSent: true, isTransient: true, isProxyFault: false };

test.each([
  ['HttpError', createHttpError('GET /a', 'from DD_SITE')],
  ['UnexpectedResponseError', new UnexpectedResponseError('odd')],
  ['NetworkError', new NetworkError('odd', { code: 'EPIPE', ...NETWORK_OPTIONS })],
  ['TimeoutError', new TimeoutError('odd', { notSent: false })],
  ['TransportError', new TransportError('odd', { notSent: false, proxy: undefined })],
  ['ProxyError', new ProxyError('odd', { code: 'PROXY_502' })],
])('names an error %s', (name, error) => {
  expect(error.name).toBe(name);
  expect(String(error)).toBe(`${name}: ${error.message}`);
});

test.each([
  [[], 'GET /a returned 400 (no details)'],
  [['one'], 'GET /a returned 400: one'],
  [['one', 'two'], 'GET /a returned 400: one; two'],
])('lists the details %j', (texts, message) => {
  const details = texts.map((text) => ({ text }));
  expect(createHttpError('GET /a', 'from DD_SITE', details).message).toBe(message);
});

test('tells reading from writing, and api_url from a site', () => {
  expect(createHttpError('GET /a', 'from DD_SITE')).toMatchObject({ isWrite: false, isApiUrl: false });
  expect(createHttpError('POST /a', 'from api_url')).toMatchObject({ isWrite: true, isApiUrl: true });
});

test.each([
  [{ code: 'EPIPE', type: 'system' }, 'EPIPE'],
  [{ code: 5, type: 'max-size' }, 'max-size'],
  [{ code: 5 }, 'unknown error'],
  [null, 'unknown error'],
])('finds the code of %j', (error, code) => {
  expect(errorCode(error)).toBe(code);
});
