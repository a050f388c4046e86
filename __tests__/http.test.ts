import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import nodeFetch from 'node-fetch';
import { AnswerError, type HttpError, NetworkError, TimeoutError } from '../src/errors.ts';
import { type Call, type Service, send } from '../src/http.ts';
import { type Answer, type Received, StandIn } from './support/server.ts';
import { TestClock } from './support/step.ts';

class Echo extends StandIn {
  static start(): Promise<Echo> {
    return new Echo().listen();
  }
  protected override answer({ method, body }: Received): Answer {
    return { status: 200, body: { method, body } };
  }
}

let server: Echo;
let clock: TestClock;
let service: Service;
const post: Call = { method: 'POST', path: '/thing', body: { a: 1 }, repeat: 'untaken' };
const get: Call = { method: 'GET', path: '/thing?q=1', repeat: 'freely' };

beforeEach(async () => {
  server = await Echo.start();
  clock = new TestClock();
  server.onHang = clock.expire;
  service = {
    url: server.url,
    headers: { 'X-Own': 'yes' },
    fetch: nodeFetch,
    clock,
    deadline: clock.time + 60_000,
    patience: 20_000,
    log: () => undefined,
  };
});
afterEach(() => server.stop());

/** What a call throws. */
const thrown = (call: Call) =>
  send(service, call).then(
    () => undefined,
    (error: unknown) => error,
  );

test('sends JSON with its own headers and gives the answer', async () => {
  expect(await send(service, post)).toEqual({ method: 'POST', body: { a: 1 } });
  expect(server.requests[0]?.headers).toMatchObject({ 'content-type': 'application/json', 'x-own': 'yes' });
});

test('an empty answer is no error, one that is no JSON is', async () => {
  server.fail(
    { on: 'POST', times: 1, answer: { status: 204 } },
    { on: 'GET', answer: { status: 200, body: '<html>hi' } },
  );
  expect(await send(service, post)).toBeUndefined();
  expect(await thrown(get)).toBeInstanceOf(AnswerError);
});

describe('repeats', () => {
  test('429 after the pause that the server asks for, and jitter', async () => {
    server.fail({ on: 'POST', times: 1, answer: { status: 429, headers: { 'X-RateLimit-Reset': '7' } } });
    await send(service, post);
    expect(clock.pauses).toEqual([7250]);
  });

  test('429 with a date in Retry-After, which is the server’s word before the rate limit’s', async () => {
    const date = new Date(clock.time + 3000).toUTCString();
    server.fail({
      on: 'POST',
      times: 1,
      answer: { status: 429, headers: { 'Retry-After': date, 'X-RateLimit-Reset': '40' } },
    });
    await send(service, post);
    expect(clock.pauses).toEqual([3250]);
  });

  test('429 that asks for more time than is left fails at once', async () => {
    server.fail({ on: 'POST', answer: { status: 429, headers: { 'X-RateLimit-Reset': '61' } } });
    expect(await thrown(post)).toMatchObject({ status: 429, wait: 61_000 });
    expect(clock.pauses).toEqual([]);
  });

  test('a fault of the server without waiting for a rate limit that has nothing to do with it', async () => {
    server.fail({
      on: 'GET',
      times: 1,
      answer: { status: 503, headers: { 'X-RateLimit-Reset': '1767323045' } },
    });
    await send(service, get);
    expect(clock.pauses).toEqual([250]);
  });

  test('503 after the pause that Retry-After asks for', async () => {
    server.fail({ on: 'GET', times: 1, answer: { status: 503, headers: { 'Retry-After': '3' } } });
    await send(service, get);
    expect(clock.pauses).toEqual([3250]);
  });

  test('backs off longer each time, and gives up without a last pause', async () => {
    server.fail({ on: 'GET', answer: { status: 503 } });
    expect(await thrown(get)).toMatchObject({ status: 503 });
    expect(clock.pauses).toEqual([250, 500, 1000, 2000, 4000]);
    expect(server.calls).toHaveLength(6);
  });

  test.each([{ status: 500 }, { status: 503 }, 'drop', 'hang'] as const)(
    'no create after %j, whose fate is unknown',
    async (answer) => {
      server.fail({ on: 'POST', answer });
      await thrown(post);
      expect(server.calls).toHaveLength(1);
    },
  );

  test.each([{ status: 500 }, 'drop', 'hang'] as const)('what may be done twice after %j', async (answer) => {
    server.fail({ on: 'GET', times: 1, answer });
    expect(await send(service, get)).toMatchObject({ method: 'GET' });
  });

  test('a connection that is refused, create or not', async () => {
    await server.stop();
    expect(await thrown(post)).toMatchObject({ code: 'ECONNREFUSED', untaken: true });
    expect(clock.pauses).toHaveLength(5);
    server = await Echo.start();
  });

  test.each([400, 401, 403, 404, 409, 422])('never %d', async (status) => {
    server.fail({ on: 'GET', answer: { status } });
    await thrown(get);
    expect(server.calls).toHaveLength(1);
  });
});

describe('time', () => {
  test('an attempt ends at its own deadline', async () => {
    server.fail({ on: 'POST', answer: 'hang' });
    const error = await thrown(post);
    expect(error).toBeInstanceOf(TimeoutError);
    expect(String(error)).toContain('within 20 s');
  });

  test('all attempts end at the common deadline', async () => {
    server.fail({ on: 'GET', answer: 'hang' });
    expect(await thrown(get)).toBeInstanceOf(TimeoutError);
    expect(clock.time).toBeLessThanOrEqual(service.deadline);
    expect(server.calls.length).toBeGreaterThanOrEqual(3);
  });

  test('nothing is sent once the time is up', async () => {
    clock.time = service.deadline;
    expect(await thrown(post)).toBeInstanceOf(TimeoutError);
    expect(server.calls).toEqual([]);
  });
});

describe('failures', () => {
  test('redirects are not followed', async () => {
    server.fail({ on: 'POST', answer: { status: 307, headers: { Location: `${server.url}/elsewhere` } } });
    expect(await thrown(post)).toMatchObject({ status: 307 });
    expect(server.calls).toHaveLength(1);
  });

  test('a broken connection may have been taken', async () => {
    server.fail({ on: 'POST', answer: 'drop' });
    const error = await thrown(post);
    expect(error).toBeInstanceOf(NetworkError);
    expect(error).toMatchObject({ untaken: false, cause: expect.any(Error) });
  });

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
    ['<!DOCTYPE html><h1>Bad gateway</h1>', [expect.stringContaining('web page')]],
    ['', []],
  ])('%s is put into words', async (body, words) => {
    server.fail({ on: 'POST', answer: { status: 400, body } });
    const error = (await thrown(post)) as HttpError;
    expect(error.complaints.map(({ text }) => text)).toEqual(words);
    expect(error.message).not.toContain('[object');
  });

  test('the attribute that a complaint is about is kept', async () => {
    const complaint = { title: 'custom attribute configuration not found', meta: { key: 'region' } };
    server.fail({ on: 'POST', answer: { status: 404, body: { errors: [complaint] } } });
    expect(await thrown(post)).toMatchObject({ complaints: [{ key: 'region' }] });
  });
});
