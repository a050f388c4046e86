import { expect, test } from '@jest/globals';
import {
  errorCode,
  ProxyError,
  ResponseTooLargeError,
  TimeoutError,
  TransportError,
  UnexpectedResponseError,
} from '../../src/http/errors.ts';
import { createHttpError, createNetworkError } from '../support/request-errors.ts';

test.each([
  ['HttpError', createHttpError()],
  ['ResponseTooLargeError', new ResponseTooLargeError('odd')],
  ['UnexpectedResponseError', new UnexpectedResponseError('odd')],
  ['NetworkError', createNetworkError()],
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
  expect(createHttpError({ method: 'GET', path: '/a', details }).message).toBe(message);
});

test.each([
  [{ code: 'EPIPE', type: 'system' }, 'EPIPE'],
  [{ code: 5, type: 'max-size' }, 'max-size'],
  [{ code: 5 }, 'unknown error'],
  [null, 'unknown error'],
])('finds the code of %j', (error, code) => {
  expect(errorCode(error)).toBe(code);
});
