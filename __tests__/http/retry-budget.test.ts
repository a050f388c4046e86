import { beforeEach, expect, test } from '@jest/globals';
import { TimeoutError } from '../../src/http/errors.ts';
import { retry, retryAfterMs } from '../../src/http/retry.ts';
import { createHttpError, createNetworkError } from '../support/request-errors.ts';
import { TestClock } from '../support/run-step.ts';

let clock: TestClock;
beforeEach(() => {
  clock = new TestClock();
});

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

// With 40 seconds, the delays are 0.25, 0.5, 1, 2, 4, and then 5 seconds each; the last one is shortened to 1.25.
test.each([
  ['a rate limit', createHttpError({ status: 429 }), 13],
  ['a misdirected request', createHttpError({ status: 421 }), 13],
  ['a request that came too early', createHttpError({ status: 425 }), 13],
  ['a server error', createHttpError({ status: 503 }), 6],
  ['a request that was not sent', createNetworkError({ notSent: true }), 13],
  ['a request that may have been sent', createNetworkError(), 6],
])('tries again after %s', async (_, error, expected) => {
  expect((await retryForever(error, 40_000)).attempts).toBe(expected);
});

test('says what failed and when it tries again', async () => {
  const { lines } = await retryForever(createHttpError({ status: 503, retryAfterMs: 1210 }), 2420, 0);
  expect(lines[0]).toBe('POST /thing returned 503 (no details). Trying again in 1.3 s.');
});

test('shortens the last pause instead of giving up', async () => {
  // After 19 seconds of waiting, the server asks for another 10.5 of the 11 that are left.
  let attempts = 0;
  const attempt = async () => {
    attempts += 1;
    if (attempts === 1) throw createHttpError({ status: 429, retryAfterMs: 18_750 });
    if (attempts === 2) throw createHttpError({ status: 429, retryAfterMs: 9750 });
    return 'done';
  };
  const budget = { clock, random: () => 0.5, deadlineMs: clock.time + 30_000, log: () => undefined };
  expect(await retry(budget, () => true, attempt)).toBe('done');
  expect(clock.delays).toEqual([19_000, 10_000]);
});

test('tries only once more after a pause that had to be shortened', async () => {
  const { attempts } = await retryForever(createHttpError({ status: 429, retryAfterMs: 500 }), 1000);
  expect(attempts).toBe(2);
  expect(clock.delays).toEqual([500]);
});

test('does not wait as long as a server asks if no time is left for that', async () => {
  const { attempts, lines } = await retryForever(
    createHttpError({ status: 429, retryAfterMs: 3_600_000 }),
    10_000,
  );
  expect(attempts).toBe(7);
  expect(clock.delays).toEqual([250, 500, 1000, 2000, 4000, 1250]);
  expect(lines[0]).toBe(
    'POST /thing returned 429 (no details). Trying again in 0.3 s. The server asks to wait 3600 s, but only 10 s are left.',
  );
});

test('says in the error how often and for how long it tried', async () => {
  const limited = createHttpError({ status: 429 });
  await retryForever(limited, 10_000);
  expect(limited.tries).toEqual({ count: 7, durationMs: 9000 });
  const late = new TimeoutError('late', { notSent: false });
  await retryForever(late, 0);
  expect(late.tries).toBeUndefined();
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
  ['7, 7', 7000],
  // Seconds and milliseconds since 1970.
  ['1767323048', 3000],
  ['1767323048000', 3000],
  ['1767323040', 0],
])('reads the delay %j', (value, expected) => {
  const headers = { get: (name: string) => (name === 'retry-after' ? value : null) };
  expect(retryAfterMs({ status: 503, headers }, clock.time)).toBe(expected);
});

test.each([
  ['retry-after', 'Fri, 02 Jan 2026 04:00:10 GMT', 10_000],
  ['x-ratelimit-reset', '1767326410', 10_000],
  ['x-ratelimit-reset', '10', 10_000],
])('compares %s: %s with the clock of the server, which is an hour ahead', (header, value, expected) => {
  const values: Record<string, string> = { date: 'Fri, 02 Jan 2026 04:00:00 GMT', [header]: value };
  const headers = { get: (name: string) => values[name] ?? null };
  expect(retryAfterMs({ status: 429, headers }, clock.time)).toBe(expected);
});
