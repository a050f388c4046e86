import { spawnSync } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type ApiClient, sendJson } from '../../src/http/client.ts';
import type { Fetch } from '../../src/http/connection.ts';
import { loadFetch } from '../../src/http/fetch.ts';
import { createEchoClient, expectRejection, POST_REQUEST } from '../support/echo-server.ts';
import { RawServer } from '../support/raw-server.ts';
import { TestClock } from '../support/run-step.ts';

const RESPONSE = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}';
const FETCH_MODULE = fileURLToPath(new URL('../../src/http/fetch.ts', import.meta.url));

let server: RawServer;
let sockets: Socket[];
let received: string[];
let clock: TestClock;
let fetch: Fetch;
let client: ApiClient;
beforeEach(async () => {
  sockets = [];
  received = [];
  server = await RawServer.start(
    (socket, data) => {
      received.push(data.toString());
      socket.write(RESPONSE);
    },
    (socket) => sockets.push(socket),
  );
  clock = new TestClock();
  fetch = await loadFetch({});
  client = { ...createEchoClient({ url: `http://127.0.0.1:${server.port}` }, clock), fetch };
});
afterEach(() => server.stop());

/** Opens the connection early, and waits until the server has it. */
async function preconnect(): Promise<Socket> {
  fetch.preconnect?.(client.url);
  while (!sockets.length) await new Promise((resolve) => setImmediate(resolve));
  return sockets[0] as Socket;
}

test('sends the first request over the connection that was opened early', async () => {
  await preconnect();
  expect(received).toEqual([]);
  expect(await sendJson(client, POST_REQUEST)).toEqual({});
  expect(await sendJson(client, POST_REQUEST)).toEqual({});
  expect(server.connectionCount).toBe(1);
});

test('uses the connection while it is being opened', async () => {
  fetch.preconnect?.(client.url);
  expect(await sendJson(client, POST_REQUEST)).toEqual({});
  expect(server.connectionCount).toBe(1);
});

test.each([
  ['closed', (socket: Socket) => socket.end()],
  ['reset', (socket: Socket) => socket.resetAndDestroy()],
  ['answered, and closed', (socket: Socket) => socket.end('HTTP/1.1 408 Request Timeout\r\n\r\n')],
])('opens another connection if the server %s the early one', async (_, close) => {
  const socket = await preconnect();
  const closed = new Promise((resolve) => socket.once('close', resolve));
  close(socket);
  await Promise.race([closed, waitForTurns()]);
  await waitForTurns();
  expect(await sendJson(client, POST_REQUEST)).toEqual({});
  expect(server.connectionCount).toBe(2);
  expect(clock.delays).toEqual([]);
});

test('changes nothing about a connection that is refused', async () => {
  // Systems don't give out this port, so no other test listens there.
  const refused = { ...client, url: 'http://127.0.0.1:1' };
  const withoutPreconnect = await expectRejection(refused, POST_REQUEST);
  const { delays } = clock;
  clock = new TestClock();
  fetch.preconnect?.(refused.url);
  const again = { ...refused, clock, deadlineMs: clock.time + 60_000 };
  expect(await expectRejection(again, POST_REQUEST)).toEqual(withoutPreconnect);
  expect(clock.delays).toEqual(delays);
});

test('sends requests to other hosts over their own connections', async () => {
  await preconnect();
  const url = `http://localhost:${server.port}`;
  expect(await sendJson({ ...client, url }, POST_REQUEST)).toEqual({});
  expect(server.connectionCount).toBe(2);
});

test.each(['not a URL', 'http://127.0.0.1:1'])('never fails: %s', async (url) => {
  expect(fetch.preconnect?.(url)).toBeUndefined();
  const proxied = await loadFetch({ HTTP_PROXY: 'socks5://one:1' });
  expect(proxied.preconnect?.('http://api.example')).toBeUndefined();
  await waitForTurns();
});

test('connects to no proxy early', async () => {
  const proxied = await loadFetch({ HTTP_PROXY: `http://127.0.0.1:${server.port}` });
  proxied.preconnect?.('http://api.example');
  await waitForTurns();
  expect(server.connectionCount).toBe(0);
});

test('does not keep a process alive that never uses the connection', async () => {
  const program = `
    const net = await import('node:net');
    const { loadFetch } = await import(${JSON.stringify(FETCH_MODULE)});
    const server = net.createServer(() => server.unref()).listen(0, '127.0.0.1', async () => {
      const fetch = await loadFetch({});
      fetch.preconnect('http://127.0.0.1:' + server.address().port);
    });
    server.on('connection', (socket) => { socket.unref(); console.log('connected'); });
    process.on('exit', () => console.log('exit'));
  `;
  const { stdout, status } = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', program],
    { encoding: 'utf8' },
  );
  expect({ stdout, status }).toEqual({ stdout: 'connected\nexit\n', status: 0 });
});

/** Long enough for events of local sockets to arrive. */
async function waitForTurns(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
