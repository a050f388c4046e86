import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type ApiClient, sendJson } from '../../src/http/client.ts';
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

test('retries 429 after the delay that the server requests, plus jitter', async () => {
  server.injectFault({
    request: 'POST',
    times: 1,
    response: { status: 429, headers: { 'X-RateLimit-Reset': '7' } },
  });
  await sendJson(client, POST_REQUEST);
  expect(clock.delays).toEqual([7250]);
});

test('prefers a date in Retry-After to X-RateLimit-Reset after 429', async () => {
  const date = new Date(clock.time + 3000).toUTCString();
  server.injectFault({
    request: 'POST',
    times: 1,
    response: {
      status: 429,
      headers: { Date: new Date(clock.time).toUTCString(), 'Retry-After': date, 'X-RateLimit-Reset': '40' },
    },
  });
  await sendJson(client, POST_REQUEST);
  expect(clock.delays).toEqual([3250]);
});

test('tries again as long as there is time when 429 requests a longer delay', async () => {
  server.injectFault({
    request: 'POST',
    times: 3,
    response: { status: 429, headers: { 'X-RateLimit-Reset': '61' } },
  });
  expect(await sendJson(client, POST_REQUEST)).toMatchObject({ method: 'POST' });
  expect(clock.delays).toEqual([250, 500, 1000]);
});

test.each([421, 425])('sends a create again after status %d, which no server processes', async (status) => {
  server.injectFault({ request: 'POST', times: 2, response: { status } });
  expect(await sendJson(client, POST_REQUEST)).toMatchObject({ method: 'POST' });
  expect(server.requestLines).toHaveLength(3);
});

test('ignores X-RateLimit-Reset after 503', async () => {
  server.injectFault({
    request: 'GET',
    times: 1,
    response: { status: 503, headers: { 'X-RateLimit-Reset': '1767323045' } },
  });
  await sendJson(client, GET_REQUEST);
  expect(clock.delays).toEqual([250]);
});

test('retries 503 after the delay in Retry-After', async () => {
  server.injectFault({
    request: 'GET',
    times: 1,
    response: { status: 503, headers: { 'Retry-After': '3' } },
  });
  await sendJson(client, GET_REQUEST);
  expect(clock.delays).toEqual([3250]);
});

test('backs off exponentially and does not sleep after the last attempt', async () => {
  server.injectFault({ request: 'GET', response: { status: 503 } });
  expect(await expectRejection(client, GET_REQUEST)).toMatchObject({ status: 503 });
  expect(clock.delays).toEqual([250, 500, 1000, 2000, 4000]);
  expect(server.requestLines).toHaveLength(6);
});

test.each([{ status: 500 }, { status: 503 }, 'drop', 'hang'] as const)(
  'does not retry a create after %j',
  async (response) => {
    server.injectFault({ request: 'POST', response });
    await expectRejection(client, POST_REQUEST);
    expect(server.requestLines).toHaveLength(1);
  },
);

test.each([{ status: 500 }, 'drop', 'hang'] as const)(
  'retries an idempotent request after %j',
  async (response) => {
    server.injectFault({ request: 'GET', times: 1, response });
    expect(await sendJson(client, GET_REQUEST)).toMatchObject({ method: 'GET' });
  },
);

test('retries a refused connection', async () => {
  // Another test could get the port of a server that was stopped. Systems don't give out this one.
  const refused = { ...client, url: 'http://127.0.0.1:1' };
  expect(await expectRejection(refused, POST_REQUEST)).toMatchObject({ code: 'ECONNREFUSED', notSent: true });
  // Nothing was sent, so it goes on until no time is left.
  expect(client.deadlineMs - clock.time).toBeLessThan(10_000);
});

test.each([400, 401, 403, 404, 409, 422])('does not retry status %d', async (status) => {
  server.injectFault({ request: 'GET', response: { status } });
  await expectRejection(client, GET_REQUEST);
  expect(server.requestLines).toHaveLength(1);
});
