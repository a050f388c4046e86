import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { generate } from 'selfsigned';
import type { Fetch } from '../../src/http/connection.ts';
import type { TransportError } from '../../src/http/errors.ts';
import { createFetch, loadFetch } from '../../src/http/fetch.ts';
import { HttpProxyAgent } from '../../src/http/proxy-agent.ts';
import { RawServer } from '../support/raw-server.ts';

const PAGE = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage';

let certificate: { readonly key: string; readonly cert: string };
let server: RawServer;
/** What the server does with each piece of data. */
let onData: (socket: Socket, text: string) => void;
let tlsServer: https.Server;
let tlsUrl: string;
let agent: http.Agent;
beforeAll(async () => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'api.example' }], {
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  certificate = { key, cert };
});
beforeEach(async () => {
  onData = (socket) => socket.write(PAGE);
  server = await RawServer.start((socket, data) => onData(socket, data.toString()));
  // Breaks the connection as soon as a request arrives.
  tlsServer = https.createServer(certificate, (request) => request.socket.destroy());
  await new Promise<void>((resolve) => tlsServer.listen(0, '127.0.0.1', resolve));
  tlsUrl = `https://127.0.0.1:${(tlsServer.address() as AddressInfo).port}/`;
  agent = new http.Agent({ keepAlive: true });
});
afterEach(async () => {
  agent.destroy();
  tlsServer.closeAllConnections();
  await new Promise((resolve) => tlsServer.close(resolve));
  await server.stop();
});

function serverUrl(): string {
  return `http://127.0.0.1:${server.port}/`;
}

async function fetchError(fetch: Fetch, url: string): Promise<TransportError> {
  return fetch(url, {}).then(
    () => {
      throw new Error(`${url} was fetched.`);
    },
    (error: TransportError) => error,
  );
}

test.each([
  ['http_proxy', 'http://api.invalid/'],
  ['HTTP_PROXY', 'http://api.invalid/'],
  ['https_proxy', 'https://api.invalid/'],
  ['HTTPS_PROXY', 'https://api.invalid/'],
  ['all_proxy', 'https://api.invalid/'],
  ['ALL_PROXY', 'http://api.invalid/'],
])('uses the proxy that %s names', async (name, url) => {
  const error = await fetchError(await loadFetch({ [name]: 'socks5://127.0.0.1:1' }), url);
  expect(error).toMatchObject({
    message: `${name} has the scheme socks5, but only http and https proxies are supported`,
    code: 'PROXY_ADDRESS',
    notSent: true,
    proxy: undefined,
  });
});

test('fetches from http and https servers without a proxy', async () => {
  const fetch = await loadFetch({ HTTPS_PROXY: '' });
  expect(await (await fetch(serverUrl(), {})).text()).toBe('page');
  expect(await fetchError(fetch, tlsUrl)).toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  http.globalAgent.destroy();
});

test('passes on what was thrown instead of an error', async () => {
  const fetch = createFetch(() => {
    throw 'no agent';
  });
  const error = await fetchError(fetch, serverUrl());
  expect(error).toMatchObject({
    name: 'TransportError',
    message: 'no agent',
    notSent: true,
    proxy: undefined,
  });
  expect(error.cause).toBe('no agent');
});

test('adds no cause to an error before the request', async () => {
  const fetch = createFetch(() => {
    throw new Error('no agent');
  });
  const error = await fetchError(fetch, serverUrl());
  expect(error.cause).toEqual(new Error('no agent'));
  expect(error.cause).not.toHaveProperty('cause');
});

test('keeps the original error when the connection is refused', async () => {
  // Systems don't give out this port, so no other test listens there.
  const error = await fetchError(
    createFetch(() => agent),
    'http://127.0.0.1:1/',
  );
  expect(error).toMatchObject({
    code: 'ECONNREFUSED',
    notSent: true,
    cause: { name: 'FetchError', cause: { code: 'ECONNREFUSED', syscall: 'connect' } },
  });
});

test('rejects and disconnects when the server switches protocols', async () => {
  const closed = new Promise((resolve) => {
    onData = (socket) => {
      socket.once('close', resolve);
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n');
    };
  });
  const error = await fetchError(
    createFetch(() => agent),
    serverUrl(),
  );
  expect(error).toMatchObject({
    message: `request to ${serverUrl()} failed, reason: The server switched protocols.`,
    code: 'HTTP_101',
    notSent: false,
  });
  await closed;
});

test('may have sent a request over a new connection that broke', async () => {
  onData = (socket) => socket.destroy();
  const error = await fetchError(
    createFetch(() => agent),
    serverUrl(),
  );
  expect(error).toMatchObject({ code: 'ECONNRESET', notSent: false });
});

test('may have sent a request over an open connection that broke', async () => {
  onData = (socket, text) => (text.startsWith('GET /second') ? socket.destroy() : socket.write(PAGE));
  const fetch = createFetch(() => agent);
  expect(await (await fetch(serverUrl(), {})).text()).toBe('page');
  const error = await fetchError(fetch, `${serverUrl()}second`);
  expect(error).toMatchObject({ code: 'ECONNRESET', notSent: false });
  expect(server.connectionCount).toBe(1);
});

test('may have sent a request through a proxy that connected', async () => {
  onData = (socket, text) =>
    text.startsWith('CONNECT') ? socket.write('HTTP/1.1 200 OK\r\n\r\n') : socket.destroy();
  const proxy = { isSecure: false, hostname: '127.0.0.1', port: server.port, authorization: undefined };
  const fetch = createFetch(() => new HttpProxyAgent({ ...proxy, label: 'proxy p:1 from HTTP_PROXY' }));
  expect(await fetchError(fetch, 'http://api.example/')).toMatchObject({
    code: 'ECONNRESET',
    notSent: false,
    proxy: 'proxy p:1 from HTTP_PROXY',
  });
});

test('has sent nothing to a server whose certificate is rejected', async () => {
  const error = await fetchError(
    createFetch(() => new https.Agent()),
    tlsUrl,
  );
  expect(error).toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT', notSent: true });
});

test('may have sent a request to a server whose certificate was accepted', async () => {
  const error = await fetchError(
    createFetch(() => new https.Agent({ ca: certificate.cert })),
    tlsUrl,
  );
  expect(error).toMatchObject({ code: 'ECONNRESET', notSent: false });
});

test('a request with a body that is aborted before it is sent only rejects, and does not end the process', async () => {
  const fetch = createFetch(() => agent);
  const uncaught: unknown[] = [];
  const record = (error: unknown) => void uncaught.push(error);
  process.on('uncaughtException', record);
  const error = await fetch(serverUrl(), { method: 'POST', body: '{}', signal: AbortSignal.abort() }).catch(
    (thrown: unknown) => thrown,
  );
  await new Promise((resolve) => setImmediate(resolve));
  process.off('uncaughtException', record);
  expect(error).toMatchObject({ name: 'TransportError', notSent: true });
  expect(uncaught).toEqual([]);
});
