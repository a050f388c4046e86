import { beforeEach, expect, test } from '@jest/globals';
import { type RequestInit, Response } from 'node-fetch';
import { Redactor } from '../../src/base/redactor.ts';
import { Unredacted } from '../../src/base/unredacted.ts';
import { createOctokit, retryGitHub } from '../../src/github/octokit.ts';
import type { ApiClient } from '../../src/http/client.ts';
import { TestClock } from '../support/run-step.ts';

let clock: TestClock;
let requests: { url: string; init: RequestInit }[];
beforeEach(() => {
  clock = new TestClock();
  requests = [];
});

/** A client of a GitHub that responds with an empty object. */
function createClient(budgetMs: number, redactor = new Redactor()): ApiClient {
  return {
    url: 'https://github.example',
    source: { kind: 'variable', name: 'a test' },
    headers: {},
    credentials: 'token',
    session: { provenAccess: 'none' },
    fetch: async (url, init) => {
      requests.push({ url, init });
      return new Response('{}', { headers: { 'Content-Type': 'application/json' } });
    },
    clock,
    random: () => 0.5,
    redactor,
    deadlineMs: clock.time + budgetMs,
    log: () => undefined,
  };
}

test('a request redacts secrets in its body, limits the response and follows no redirect', async () => {
  const redactor = new Redactor();
  redactor.add('sandbox-secret');
  await createOctokit(createClient(3000, redactor), new Unredacted('sandbox-token')).request('POST /things', {
    text: 'with sandbox-secret inside',
  });
  expect(requests).toEqual([
    {
      url: 'https://github.example/things',
      init: expect.objectContaining({
        method: 'POST',
        body: '{"text":"with *** inside"}',
        size: 16 * 1024 * 1024,
        redirect: 'error',
      }),
    },
  ]);
});

test('a response that says that the API is deprecated prints nothing', async () => {
  const printed: unknown[] = [];
  const { warn } = console;
  console.warn = (...parts: unknown[]) => void printed.push(parts);
  try {
    const fetch: ApiClient['fetch'] = async () =>
      new Response('{}', {
        headers: { 'Content-Type': 'application/json', Deprecation: 'true', Sunset: 'tomorrow' },
      });
    await createOctokit({ ...createClient(3000), fetch }, new Unredacted('sandbox-token')).request(
      'GET /things',
    );
  } finally {
    console.warn = warn;
  }
  expect(printed).toEqual([]);
});

test('a request without a body stays without one', async () => {
  await createOctokit(createClient(3000), new Unredacted('sandbox-token')).request('GET /things');
  expect(requests[0]?.init.body).toBeUndefined();
});

test.each([
  [3000, 3000],
  [0, 1],
  [-5, 1],
])('a request with %d ms left stops after %d ms', async (budgetMs, timeoutMs) => {
  const timeouts: number[] = [];
  const { timeoutSignal } = clock;
  clock.timeoutSignal = (milliseconds) => {
    timeouts.push(milliseconds);
    return timeoutSignal(milliseconds);
  };
  await createOctokit(createClient(budgetMs), new Unredacted('sandbox-token')).request('GET /things');
  expect(timeouts).toEqual([timeoutMs]);
});

/** An error as octokit throws it. */
function failure(status: number, headers = {}, message = ''): Error {
  return Object.assign(new Error(message), { status, response: { data: { message }, headers } });
}

test.each<[string, unknown, number[]]>([
  ['a server error without a response', { status: 500 }, [750, 1500]],
  ['a server error whose response has no headers', { status: 502, response: {} }, [750, 1500]],
  ['a rate limit that is over at once', failure(403, { 'retry-after': '0' }), [0, 0]],
  ['a rate limit', failure(429), [750, 1500]],
  ['a 404 that asks for a retry', failure(404, { 'retry-after': '0' }), []],
  ['a 404 that mentions a rate limit', failure(404, {}, 'no rate limit'), []],
  ['a 403 without a rate limit', failure(403), []],
  ['an error without a status', new Error('rate limit'), []],
  ['undefined', undefined, []],
])('after %s, waits exactly as long as that calls for', async (_, error, delays) => {
  await expect(retryGitHub(createClient(60_000), () => Promise.reject(error))).rejects.toBe(error);
  expect(clock.delays).toEqual(delays);
});

test.each([
  [5000, []],
  [5001, [5000]],
])('with %d ms left, a wait of five seconds leads to these delays: %j', async (budgetMs, delays) => {
  const error = failure(429, { 'retry-after': '5' });
  await expect(retryGitHub(createClient(budgetMs), () => Promise.reject(error))).rejects.toBe(error);
  expect(clock.delays).toEqual(delays);
});
