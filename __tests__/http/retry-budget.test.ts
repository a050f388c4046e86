import { beforeEach, expect, test } from '@jest/globals';
import { HttpError, NetworkError, TimeoutError } from '../../src/http/errors.ts';
import { retry, retryAfterMs } from '../../src/http/retry.ts';
import { TestClock } from '../support/run-step.ts';

let clock: TestClock;
beforeEach(() => {
  clock = new TestClock();
});

function createHttpError(status: number, delayMs?: number): HttpError {
  const origin = { host: 'api.example', source: 'from DD_SITE', credentials: 'keys' } as const;
  const request = { request: 'GET /thing', details: [], provenAccess: 'none' } as const;
  return new HttpError({ ...origin, ...request, status, retryAfterMs: delayMs });
}

function createNetworkError(notSent: boolean): NetworkError {
  const options = { code: 'ECONNRESET', host: 'api.example', isTransient: true, isProxyFault: false };
  return new NetworkError('broken', { ...options, notSent });
}

/** Retries what always fails with the error, and returns the number of attempts and the lines that were logged. */
async function retryForever(error: Error, budgetMs: number, random = 0.5) {
  let attempts = 0;
  const lines: string[] = [];
  const deadlineMs = clock.time + budgetMs;
  const log = (line: string) => lines.push(line);
  const run = retry(
    { clock, random: () => random, deadlineMs, log },
    () => true,
    async () => {
      attempts += 1;
      throw error;
    },
  );
  await expect(run).rejects.toBe(error);
  return { attempts, lines };
}

// With 40 seconds, the delays are 0.25, 0.5, 1, 2, 4, and then 5 seconds each.
test.each([
  ['a rate limit', createHttpError(429), 12],
  ['a server error', createHttpError(503), 6],
  ['a request that was not sent', createNetworkError(true), 12],
  ['a request that may have been sent', createNetworkError(false), 6],
  ['a timeout without a connection', new TimeoutError('late', { notSent: true }), 6],
])('tries again after %s', async (_, error, expected) => {
  expect((await retryForever(error, 40_000)).attempts).toBe(expected);
});

test('says what failed and when it tries again', async () => {
  const { lines } = await retryForever(createHttpError(503, 1210), 1211, 0);
  expect(lines).toEqual(['GET /thing returned 503 (no details). Trying again in 1.3 s.']);
});

test('does not sleep until the deadline itself', async () => {
  expect(await retryForever(createHttpError(503, 1210), 1210, 0)).toEqual({ attempts: 1, lines: [] });
  expect(clock.delays).toEqual([]);
});

test.each([
  ['7', 7000],
  [' 7 ', 7000],
  ['1.25', 1250],
  ['Fri, 02 Jan 2026 03:04:08 GMT', 3000],
  ['Fri, 02 Jan 2026 03:04:08 +0000', 3000],
  ['2026-01-02T03:04:08Z', 3000],
  ['Fri, 02 Jan 2026 03:04:00 GMT', 0],
  ['soon', undefined],
  ['', undefined],
])('reads the delay %j', (value, expected) => {
  const headers = { get: (name: string) => (name === 'retry-after' ? value : null) };
  expect(retryAfterMs({ status: 503, headers }, clock.time)).toBe(expected);
});
