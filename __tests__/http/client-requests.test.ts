import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type ApiClient, fetchJson, fetchPage, sendJson } from '../../src/http/client.ts';
import { UnexpectedResponseError } from '../../src/http/errors.ts';
import { createEchoClient, EchoServer, GET_REQUEST } from '../support/echo-server.ts';
import { TestClock } from '../support/run-step.ts';

let server: EchoServer;
let clock: TestClock;
let client: ApiClient;
let lines: string[];
beforeEach(async () => {
  server = await EchoServer.start();
  clock = new TestClock();
  server.onUnanswered = clock.advanceToNextTimeout;
  lines = [];
  client = { ...createEchoClient(server, clock), log: (line) => lines.push(line) };
});
afterEach(() => server.stop());

test.each([
  ['an object', fetchJson],
  ['a list', fetchPage],
])('names the request that failed to fetch %s', async (_, get) => {
  server.injectFault({ request: 'GET', response: { status: 404 } });
  await expect(get(client, '/thing?q=1')).rejects.toThrow(new Error('GET /thing returned 404 (no details)'));
});

test.each([
  ['an object', fetchJson, { data: [1] }],
  ['a list', fetchPage, { data: [1], meta: {} }],
])('fetches %s again after a server error', async (_, get, expected) => {
  server.injectFault(
    { request: 'GET', times: 1, response: { status: 503 } },
    { request: 'GET', response: { status: 200, body: { data: [1] } } },
  );
  expect(await get(client, '/thing')).toEqual(expected);
  expect(lines).toEqual(['GET /thing returned 503 (no details). Trying again in 0.3 s.']);
});

test('rejects a response that is not a list', async () => {
  server.injectFault({ request: 'GET', response: { status: 200, body: { data: {} } } });
  await expect(fetchPage(client, '/thing?q=1')).rejects.toThrow(
    new UnexpectedResponseError('GET /thing returned 200, but the response is not a list.'),
  );
  expect(server.requestLines).toHaveLength(6);
});

test.each([
  [60_000, 'GET /thing: no response after 20 s. Sending a second request in parallel.'],
  [7530, 'GET /thing: no response after 2.5 s. Sending a second request in parallel.'],
])('says after a third of %d ms that it sends a second request', async (remainingMs, line) => {
  server.injectFault({ request: 'GET', times: 1, response: 'hang' });
  client = { ...client, deadlineMs: clock.time + remainingMs };
  expect(await sendJson(client, GET_REQUEST)).toEqual({ method: 'GET' });
  expect(lines).toEqual([line]);
});
