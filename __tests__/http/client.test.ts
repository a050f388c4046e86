import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type ApiClient, type ApiRequest, sendJson } from '../../src/http/client.ts';
import { NetworkError, TimeoutError, UnexpectedResponseError } from '../../src/http/errors.ts';
import { EchoServer, echoClient, GET_REQUEST, POST_REQUEST } from '../support/echo-server.ts';
import { TestClock } from '../support/run-step.ts';

let server: EchoServer;
let clock: TestClock;
let client: ApiClient;
beforeEach(async () => {
  server = await EchoServer.start();
  clock = new TestClock();
  server.onUnanswered = clock.advanceToNextTimeout;
  client = echoClient(server, clock);
});
afterEach(() => server.stop());

/** The error that a request is rejected with. */
function rejection(request: ApiRequest): Promise<unknown> {
  return sendJson(client, request).then(
    () => undefined,
    (error: unknown) => error,
  );
}

test('sends JSON with the client’s headers and returns the response', async () => {
  expect(await sendJson(client, POST_REQUEST)).toEqual({ method: 'POST', body: { a: 1 } });
  expect(server.requests[0]?.headers).toMatchObject({ 'content-type': 'application/json', 'x-own': 'yes' });
});

test('accepts an empty response and rejects one that is not JSON', async () => {
  server.injectFault(
    { request: 'POST', times: 1, response: { status: 204 } },
    { request: 'GET', response: { status: 200, body: '<html>hi' } },
  );
  expect(await sendJson(client, POST_REQUEST)).toBeUndefined();
  expect(await rejection(GET_REQUEST)).toBeInstanceOf(UnexpectedResponseError);
});

test('an attempt times out after its own limit', async () => {
  server.injectFault({ request: 'POST', response: 'hang' });
  const error = await rejection(POST_REQUEST);
  expect(error).toBeInstanceOf(TimeoutError);
  expect(String(error)).toContain('within 20 s');
});

test('all attempts together time out at the deadline', async () => {
  server.injectFault({ request: 'GET', response: 'hang' });
  expect(await rejection(GET_REQUEST)).toBeInstanceOf(TimeoutError);
  expect(clock.time).toBeLessThanOrEqual(client.deadlineMs);
  expect(server.requestLines.length).toBeGreaterThanOrEqual(3);
});

test('sends nothing after the deadline', async () => {
  clock.time = client.deadlineMs;
  expect(await rejection(POST_REQUEST)).toBeInstanceOf(TimeoutError);
  expect(server.requestLines).toEqual([]);
});

test('does not follow redirects', async () => {
  server.injectFault({
    request: 'POST',
    response: { status: 307, headers: { Location: `${server.url}/elsewhere` } },
  });
  expect(await rejection(POST_REQUEST)).toMatchObject({ status: 307 });
  expect(server.requestLines).toHaveLength(1);
});

test('treats a broken connection as possibly sent', async () => {
  server.injectFault({ request: 'POST', response: 'drop' });
  const error = await rejection(POST_REQUEST);
  expect(error).toBeInstanceOf(NetworkError);
  expect(error).toMatchObject({ notSent: false, cause: expect.any(Error) });
});
