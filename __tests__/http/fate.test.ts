import { expect, test } from '@jest/globals';
import { ResponseTooLargeError, TimeoutError, UnexpectedResponseError } from '../../src/http/errors.ts';
import { isContentRejection, mayTryAgain, requestFate } from '../../src/http/fate.ts';
import { createHttpError, createNetworkError } from '../support/request-errors.ts';

const never = { once: false, idempotent: false };
const ifIdempotent = { once: false, idempotent: true };
const always = { once: true, idempotent: true };

test.each([
  ['status 500', createHttpError({ status: 500 }), 'unknown', ifIdempotent],
  ['status 503', createHttpError({ status: 503 }), 'unknown', ifIdempotent],
  ['status 408', createHttpError({ status: 408 }), 'unknown', ifIdempotent],
  ['status 499', createHttpError({ status: 499 }), 'refused', never],
  ['status 302', createHttpError({ status: 302 }), 'refused', never],
  ['status 403', createHttpError({ status: 403 }), 'refused', never],
  ['status 421', createHttpError({ status: 421 }), 'refused', always],
  ['status 425', createHttpError({ status: 425 }), 'refused', always],
  ['status 429', createHttpError({ status: 429 }), 'refused', always],
  ['a broken connection', createNetworkError(), 'unknown', ifIdempotent],
  ['a broken TLS record', createNetworkError({ code: 'EPROTO' }), 'unknown', ifIdempotent],
  ['no connection', createNetworkError({ notSent: true }), 'unsent', always],
  ['a rejected certificate', createNetworkError({ notSent: true, isTransient: false }), 'unsent', never],
  ['a timeout', new TimeoutError('late', { notSent: false }), 'unknown', ifIdempotent],
  ['a timeout without a connection', new TimeoutError('late', { notSent: true }), 'unsent', ifIdempotent],
  ['an odd response', new UnexpectedResponseError('odd'), 'unknown', ifIdempotent],
  ['a huge response', new ResponseTooLargeError('huge'), 'unknown', never],
  ['another error', new Error('odd'), 'unknown', never],
])(
  'knows after %s whether the request was processed, and whether to try again',
  (_, error, fate, retried) => {
    expect(requestFate(error)).toBe(fate);
    expect(mayTryAgain(error, { idempotent: false })).toBe(retried.once);
    expect(mayTryAgain(error, { idempotent: true })).toBe(retried.idempotent);
  },
);

test.each([
  [createHttpError({ status: 400 }), true],
  [createHttpError({ status: 404 }), true],
  [createHttpError({ status: 409 }), true],
  [createHttpError({ status: 413 }), true],
  [createHttpError({ status: 422 }), true],
  [createHttpError({ status: 403 }), false],
  [createHttpError({ status: 429 }), false],
  [createHttpError({ status: 500 }), false],
  [new Error('odd'), false],
])('tells whether the content was rejected %#', (error, expected) => {
  expect(isContentRejection(error)).toBe(expected);
});
