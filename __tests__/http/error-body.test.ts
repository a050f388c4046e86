import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { ApiClient } from '../../src/http/client.ts';
import type { HttpError } from '../../src/http/errors.ts';
import { createEchoClient, EchoServer, expectRejection, POST_REQUEST } from '../support/echo-server.ts';
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

test.each([
  ['{"errors":["Forbidden"]}', ['Forbidden']],
  ['{"errors":[{"status":"400","title":"Bad Request"}]}', ['Bad Request']],
  ['{"errors":[{"status":"400","title":"Bad Request","detail":"got type"}]}', ['got type']],
  ['{"errors":[{"title":"Generic Error","detail":"invalid priority P12."}]}', ['invalid priority P12.']],
  ['{"errors":[{"code":"x","title":"project not found"},"and more"]}', ['project not found', 'and more']],
  ['{"errors":[{"code":"odd"}]}', ['{"code":"odd"}']],
  ['{"errors":[]}', []],
  ['{"errors":[null, 3]}', ['3']],
  ['{"error":"plain"}', ['plain']],
  ['{"message":"words"}', ['words']],
  ['["list"]', ['["list"]']],
  ['plain text', ['plain text']],
  ['<!DOCTYPE html><h1>Bad gateway</h1>', [expect.stringContaining('HTML page')]],
  ['', []],
])('extracts messages from %s', async (body, message) => {
  server.injectFault({ request: 'POST', response: { status: 400, body } });
  const error = (await expectRejection(client, POST_REQUEST)) as HttpError;
  expect(error.details.map(({ text }) => text)).toEqual(message);
  expect(error.message).not.toContain('[object');
});

test('keeps the key of the attribute that an error is about', async () => {
  const error = { title: 'custom attribute configuration not found', meta: { key: 'region' } };
  server.injectFault({ request: 'POST', response: { status: 404, body: { errors: [error] } } });
  expect(await expectRejection(client, POST_REQUEST)).toMatchObject({ details: [{ key: 'region' }] });
});
