import { spawnSync } from 'node:child_process';
import https from 'node:https';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { generate } from 'selfsigned';
import { type ApiClient, sendJson } from '../../src/http/client.ts';
import { requestFate } from '../../src/http/fate.ts';
import { createFetch, loadFetch } from '../../src/http/fetch.ts';
import { createEchoClient, expectRejection, GET_REQUEST, POST_REQUEST } from '../support/echo-server.ts';
import { RawServer } from '../support/raw-server.ts';
import { TestClock } from '../support/run-step.ts';

const RESPONSE = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}';
const MIB = 1024 * 1024;

let server: RawServer;
let received: string[];
/** What the server does with a request. */
let respond: (socket: Socket, text: string) => void;
let clock: TestClock;
let client: ApiClient;
beforeEach(async () => {
  received = [];
  respond = (socket) => socket.write(RESPONSE);
  server = await RawServer.start((socket, data) => {
    received.push(data.toString());
    respond(socket, data.toString());
  });
  clock = new TestClock();
  const url = `http://127.0.0.1:${server.port}`;
  client = { ...createEchoClient({ url }, clock), fetch: await loadFetch({}) };
});
afterEach(() => server.stop());

test('uses each connection once after the server has closed one without saying so', async () => {
  const requestCounts = new Map<Socket, number>();
  respond = (socket) => {
    const count = (requestCounts.get(socket) ?? 0) + 1;
    requestCounts.set(socket, count);
    if (count === 1) socket.write(RESPONSE);
    else socket.destroy();
  };
  expect(await sendJson(client, GET_REQUEST)).toEqual({});
  const error = await expectRejection(client, POST_REQUEST);
  expect(requestFate(error)).toBe('unknown');
  for (let round = 0; round < 3; round += 1) expect(await sendJson(client, POST_REQUEST)).toEqual({});
  expect([...requestCounts.values()]).toEqual([2, 1, 1, 1]);
});

test.each([
  ['the length of the original', 'Content-Encoding: gzip\r\nContent-Length: 9000', gzipSync('{}')],
  ['an encoding that it does not have', 'Content-Encoding: gzip\r\nContent-Length: 2', Buffer.from('{}')],
])('asks for a response without compression after one with %s', async (_, headers, body) => {
  respond = (socket, text) => {
    if (/^accept-encoding: identity\r$/im.test(text)) return socket.write(RESPONSE);
    socket.write(`HTTP/1.1 200 OK\r\n${headers}\r\n\r\n`);
    return socket.end(body);
  };
  expect(await sendJson(client, GET_REQUEST)).toEqual({});
  expect(received).toHaveLength(2);
});

test.each([
  ['informational responses', `HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n${RESPONSE}`],
  ['HTTP/1.0', 'HTTP/1.0 200 OK\r\n\r\n{}'],
  [
    'a trailer',
    'HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nA: b\r\n\r\n',
  ],
])('understands %s', async (_, response) => {
  respond = (socket) => socket.end(response);
  expect(await sendJson(client, POST_REQUEST)).toEqual({});
});

test.each([
  ['declared', (socket: Socket) => socket.write(`Content-Length: ${60 * MIB}\r\n\r\n`)],
  ['not declared', (socket: Socket) => socket.write('Connection: close\r\n\r\n')],
])('reads no more than 16 MiB, once, if the length is %s', async (_, writeLength) => {
  const piece = Buffer.alloc(MIB, ' ');
  const fill = (socket: Socket) => {
    while (!socket.destroyed && socket.write(piece));
    socket.once('drain', () => fill(socket));
  };
  respond = (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    writeLength(socket);
    fill(socket);
  };
  const error = await expectRejection(client, GET_REQUEST);
  expect(error).toMatchObject({
    name: 'ResponseTooLargeError',
    message: 'The response to GET /thing?q=1 is larger than 16 MiB.'.replace('?q=1', ''),
  });
  expect(requestFate(error)).toBe('unknown');
  expect(received).toHaveLength(1);
  expect(clock.delays).toEqual([]);
});

test('does not know whether a create was processed if the TLS record of its response is broken', async () => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  let requestCount = 0;
  let mustBreak = false;
  const target = https.createServer({ key, cert }, (_, response) => {
    requestCount += 1;
    mustBreak = true;
    response.end('{}');
  });
  await listen(target);
  const middle = createServer((near) => {
    const far = connect((target.address() as AddressInfo).port, '127.0.0.1');
    near.pipe(far);
    far.on('data', (data) => {
      // Behind the header of the record, which has five bytes.
      if (mustBreak) data.writeUInt8(data.readUInt8(9) ^ 0xff, 9);
      near.write(data);
    });
    for (const end of [near, far]) end.on('error', () => end.destroy());
    far.on('close', () => near.destroy());
  });
  await listen(middle);
  const agent = new https.Agent({ ca: cert });
  try {
    const url = `https://127.0.0.1:${(middle.address() as AddressInfo).port}`;
    const broken = { ...client, url, fetch: createFetch(() => agent) };
    const error = await expectRejection(broken, POST_REQUEST);
    expect(error).toMatchObject({ code: expect.stringMatching(/^(?:EPROTO|ERR_SSL_)/), notSent: false });
    expect(requestFate(error)).toBe('unknown');
    expect(requestCount).toBe(1);
  } finally {
    agent.destroy();
    target.closeAllConnections();
    await Promise.all([target, middle].map((one) => new Promise((resolve) => one.close(resolve))));
  }
});

test.each(['plain text\r\n', '\x15\x03\x03\x00\x02\x02\x28'])(
  'tries again if %j comes in place of a TLS handshake',
  async (text) => {
    respond = (socket) => socket.end(Buffer.from(text, 'latin1'));
    const secure = { ...client, url: client.url.replace('http:', 'https:') };
    const error = await expectRejection(secure, POST_REQUEST);
    expect(error).toMatchObject({ notSent: true, isTransient: true });
    expect(clock.time).toBeGreaterThan(client.deadlineMs - 2000);
  },
);

test("Node's own proxy variables change nothing", async () => {
  const program = `
    const { loadFetch } = await import(${JSON.stringify(fileURLToPath(new URL('../../src/http/fetch.ts', import.meta.url)))});
    const { createServer } = await import('node:http');
    const server = createServer((_, response) => response.end('direct')).listen(0, '127.0.0.1', async () => {
      const fetch = await loadFetch({});
      const response = await fetch('http://127.0.0.1:' + server.address().port, {});
      console.log(await response.text());
      process.exit();
    });
  `;
  const proxy = 'http://127.0.0.1:1';
  const env = {
    ...process.env,
    NODE_USE_ENV_PROXY: '1',
    HTTP_PROXY: proxy,
    http_proxy: proxy,
    NO_PROXY: '',
    no_proxy: '',
  };
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    env,
  });
  expect(stdout).toBe('direct\n');
});

function listen(tcpServer: Server): Promise<void> {
  return new Promise((resolve) => tcpServer.listen(0, '127.0.0.1', resolve));
}
