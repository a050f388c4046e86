import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type ApiClient, sendJson } from '../../src/http/client.ts';
import { TimeoutError } from '../../src/http/errors.ts';
import { createEchoClient, EchoServer, expectRejection, GET_REQUEST } from '../support/echo-server.ts';
import { TestClock } from '../support/run-step.ts';

let server: EchoServer;
let clock: TestClock;
let client: ApiClient;
let startedAt: number;
beforeEach(async () => {
  server = await EchoServer.start();
  clock = new TestClock();
  startedAt = clock.time;
  server.onUnanswered = clock.advanceToNextTimeout;
  client = createEchoClient(server, clock);
});
afterEach(() => server.stop());

test('sends a request again if it hangs, and takes the second response', async () => {
  server.injectFault({ request: 'GET', times: 1, response: 'hang' });
  expect(await sendJson(client, GET_REQUEST)).toEqual({ method: 'GET' });
  expect(clock.time - startedAt).toBe(20_000);
  expect(server.requestLines).toHaveLength(2);
});

test('waits at least 2.5 s before it sends a request again', async () => {
  server.injectFault({ request: 'GET', times: 1, response: 'hang' });
  await sendJson({ ...client, deadlineMs: clock.time + 6000 }, GET_REQUEST);
  expect(clock.time - startedAt).toBe(2500);
});

test('takes a slow response to the first attempt while the second one hangs', async () => {
  const { promise: slow, resolve: respondToFirst } = Promise.withResolvers<void>();
  server.beforeResponse = () => (server.requests.length === 1 ? slow : undefined);
  server.injectFault({ request: 'GET', times: 1, response: 'hang' });
  server.onUnanswered = () => respondToFirst();
  const response = sendJson(client, GET_REQUEST);
  while (!server.requests.length) await new Promise((resolve) => setImmediate(resolve));
  void clock.advanceToNextTimeout(() => server.requests.length < 2);
  expect(await response).toEqual({ method: 'GET' });
  expect(server.requestLines).toHaveLength(2);
});

test('retries alongside a hanging attempt', async () => {
  server.injectFault(
    { request: 'GET', times: 1, response: 'hang' },
    { request: 'GET', times: 2, response: { status: 503 } },
  );
  expect(await sendJson(client, GET_REQUEST)).toEqual({ method: 'GET' });
  expect(clock.delays).toEqual([250, 500]);
  expect(server.requestLines).toHaveLength(4);
});

test('a definite error ends both attempts', async () => {
  server.injectFault(
    { request: 'GET', times: 1, response: 'hang' },
    { request: 'GET', response: { status: 403 } },
  );
  await expect(sendJson(client, GET_REQUEST)).rejects.toMatchObject({ status: 403 });
  expect(clock.time - startedAt).toBe(20_000);
});

test('reports the time of the longest attempt if all of them hang', async () => {
  server.injectFault({ request: 'GET', response: 'hang' });
  const error = await expectRejection(client, GET_REQUEST);
  expect(error).toBeInstanceOf(TimeoutError);
  expect(error).toMatchObject({ message: 'GET /thing timed out after 60 s.' });
  expect(clock.time).toBe(client.deadlineMs);
  expect(server.requestLines).toHaveLength(2);
});
