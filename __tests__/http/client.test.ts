import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type ApiClient, sendJson } from '../../src/http/client.ts';
import { NetworkError, TimeoutError, UnexpectedResponseError } from '../../src/http/errors.ts';
import {
  createEchoClient,
  EchoServer,
  expectRejection,
  GET_REQUEST,
  POST_REQUEST,
} from '../support/echo-server.ts';
import { TestClock } from '../support/run-step.ts';

let server: EchoServer;
let clock: TestClock;
let client: ApiClient;
beforeEach(async () => {
  server = await EchoServer.start();
  clock = new TestClock();
  server.onUnanswered = clock.advanceToNextTimeout;
  client = createEchoClient(server, clock);
});
afterEach(() => server.stop());

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
  expect(await expectRejection(client, GET_REQUEST)).toBeInstanceOf(UnexpectedResponseError);
});

test('a request that is not idempotent has all the time until the deadline', async () => {
  server.injectFault({ request: 'POST', response: 'hang' });
  const error = await expectRejection(client, POST_REQUEST);
  expect(error).toBeInstanceOf(TimeoutError);
  expect(error).toMatchObject({ notSent: false, message: 'POST /thing timed out after 60 s.' });
});

test('sends nothing after the deadline', async () => {
  clock.time = client.deadlineMs;
  const error = await expectRejection(client, POST_REQUEST);
  expect(error).toBeInstanceOf(TimeoutError);
  expect(error).toMatchObject({ notSent: true, message: expect.stringContaining('was not sent') });
  expect(server.requestLines).toEqual([]);
});

test('names the host and remembers whether the credentials worked', async () => {
  server.injectFault({ request: 'GET', skip: 1, response: { status: 403 } });
  const { host } = new URL(server.url);
  await sendJson(client, GET_REQUEST);
  expect(await expectRejection(client, GET_REQUEST)).toMatchObject({ host, provenAccess: 'read' });
  client = createEchoClient(server, clock);
  expect(await expectRejection(client, GET_REQUEST)).toMatchObject({ host, provenAccess: 'none' });
});

test('does not follow redirects', async () => {
  server.injectFault({
    request: 'POST',
    response: { status: 307, headers: { Location: `${server.url}/elsewhere` } },
  });
  expect(await expectRejection(client, POST_REQUEST)).toMatchObject({ status: 307 });
  expect(server.requestLines).toHaveLength(1);
});

test('treats a broken connection as possibly sent', async () => {
  server.injectFault({ request: 'POST', response: 'drop' });
  const error = await expectRejection(client, POST_REQUEST);
  expect(error).toBeInstanceOf(NetworkError);
  expect(error).toMatchObject({ notSent: false, cause: expect.any(Error) });
});
