import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Response } from 'node-fetch';
import { fetchLogTails } from '../../src/github/job-logs.ts';
import type { ApiClient } from '../../src/http/client.ts';
import { createEchoClient, EchoServer } from '../support/echo-server.ts';
import { TestClock } from '../support/run-step.ts';

const UNTIMED_STEP = { number: 2, name: 'Build', startedAtMs: Number.NaN, completedAtMs: Number.NaN };
const MAX_BYTES = 16 * 1024 * 1024;

let server: EchoServer;
let clock: TestClock;
let client: ApiClient;
let warnings: string[];
beforeEach(async () => {
  server = await EchoServer.start();
  clock = new TestClock();
  client = createEchoClient(server, clock);
  warnings = [];
});
afterEach(() => server.stop());

function fetchTails(jobCount: number, ownClient = client) {
  const jobs = Array.from({ length: jobCount }, (_, index) => ({
    id: index + 1,
    name: `job ${index + 1}`,
    isCompleted: true,
    steps: [UNTIMED_STEP],
  }));
  const warn = (text: string) => void warnings.push(text);
  return fetchLogTails(ownClient, 'acme/shop', jobs, { logLines: 100, warn });
}

function injectLog(body: string): void {
  server.injectFault({ request: 'GET .*/logs$', response: { status: 200, body } });
}

test('returns the log of each step under the names of its job and step', async () => {
  injectLog('one\ntwo');
  expect(await fetchTails(2)).toEqual([
    { jobName: 'job 1', stepName: 'Build', text: 'one\ntwo' },
    { jobName: 'job 2', stepName: 'Build', text: 'one\ntwo' },
  ]);
});

test('leaves out steps that wrote nothing', async () => {
  injectLog(' \n');
  expect(await fetchTails(2)).toEqual([]);
});

test.each([
  [5, 5, []],
  [6, 5, ['log_lines: 6 jobs failed, and only the logs of the first 5 were read.']],
])('of %i failed jobs, it reads the logs of %i', async (jobCount, expected, expectedWarnings) => {
  injectLog('text');
  expect(await fetchTails(jobCount)).toHaveLength(expected);
  expect(server.requests).toHaveLength(expected);
  expect(warnings).toEqual(expectedWarnings);
});

test('sends the credentials to GitHub, but not to where the log is stored', async () => {
  server.injectFault(
    { request: 'GET .*/logs$', response: { status: 302, headers: { Location: '/blob' } } },
    { request: 'GET /blob$', response: { status: 200, body: 'text' } },
  );
  expect(await fetchTails(1)).toHaveLength(1);
  expect(server.requests.map(({ path, headers }) => [path, headers['x-own']])).toEqual([
    ['/repos/acme/shop/actions/jobs/1/logs', 'yes'],
    ['/blob', undefined],
  ]);
});

test('stops a download that does not end in time', async () => {
  server.onUnanswered = clock.advanceToNextTimeout;
  server.injectFault(
    { request: 'GET .*/logs$', response: { status: 302, headers: { Location: '/blob' } } },
    { request: 'GET /blob$', response: 'hang' },
  );
  expect(await fetchTails(1)).toEqual([]);
  expect(warnings).toEqual([
    'log_lines: could not read the log of job "job 1". GitHub did not respond in time.',
  ]);
});

test.each([
  [60_000, 60_000],
  [0, 1],
  [-5000, 1],
])('with %i milliseconds left, a download may take %i', async (remainingMs, expected) => {
  const timeouts: number[] = [];
  clock.timeoutSignal = (milliseconds) => {
    timeouts.push(milliseconds);
    return new AbortController().signal;
  };
  injectLog('text');
  await fetchTails(1, { ...client, deadlineMs: clock.time + remainingMs });
  expect(timeouts).toEqual([expected]);
});

test.each<[string, string[], string[]]>([
  ['is just small enough', [`first\n${'x'.repeat(MAX_BYTES - 11)}\nlast`], ['first', 'last']],
  ['is one byte too large', [`first\n! next\n${'x'.repeat(MAX_BYTES - 17)}\nlast`], ['! next', 'last']],
  [
    'is too large by its first piece',
    ['first\n', `next\n${'x'.repeat(MAX_BYTES - 10)}\nlast`],
    ['next', 'last'],
  ],
])('reads the whole lines at the end of a log that %s', async (_, pieces, [first, last]) => {
  const fetch = async () => new Response(Readable.from(pieces.map((piece) => Buffer.from(piece))));
  const [tail] = await fetchTails(1, { ...client, fetch });
  const lines = tail?.text.split('\n') ?? [];
  expect(lines).toEqual([first, `${'x'.repeat(999)}…`, last]);
});

test.each([
  ['has no end', 'x'.repeat(MAX_BYTES + 1)],
  ['ends', `${'x'.repeat(MAX_BYTES)}\n`],
])('shows nothing of a last line over 16 MiB that %s', async (_, body) => {
  injectLog(body);
  expect(await fetchTails(1)).toEqual([]);
  expect(warnings).toEqual(
    body.endsWith('x')
      ? ['log_lines: could not read the log of job "job 1". Its last line is longer than 16 MiB.']
      : [],
  );
});

test('reads the logs of at most ten steps of a job', async () => {
  injectLog('text');
  const steps = Array.from({ length: 12 }, () => UNTIMED_STEP);
  const jobs = [{ id: 1, name: 'job', isCompleted: true, steps }];
  expect(await fetchLogTails(client, 'acme/shop', jobs, { logLines: 1, warn: () => undefined })).toHaveLength(
    10,
  );
});

test('a response without a body is an empty log', async () => {
  expect(await fetchTails(1, { ...client, fetch: async () => new Response(null) })).toEqual([]);
  expect(warnings).toEqual([]);
});
