import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { generate } from 'selfsigned';
import type { TransportError } from '../../src/http/errors.ts';
import { createFetch } from '../../src/http/fetch.ts';
import { HttpProxyAgent, HttpsProxyAgent, type ProxyServer } from '../../src/http/proxy-agent.ts';
import { EchoServer } from '../support/echo-server.ts';
import { FakeProxy } from '../support/fake-proxy.ts';
import { RawServer } from '../support/raw-server.ts';

const PAGE = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage';

let certificate: { readonly key: string; readonly cert: string };
let echoServer: EchoServer;
let proxy: RawServer;
let received: string[];
/** What the proxy answers to CONNECT. */
let connectResponse: string;
beforeAll(async () => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'api.example' }], {
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'api.example' }] }],
  });
  certificate = { key, cert };
});
beforeEach(async () => {
  received = [];
  connectResponse = 'HTTP/1.1 200 Connection Established\r\n\r\n';
  echoServer = await EchoServer.start();
  proxy = await RawServer.start((socket: Socket, data: Buffer) => {
    received.push(data.toString());
    socket.write(data.toString().startsWith('CONNECT') ? connectResponse : PAGE);
  });
});
afterEach(async () => {
  await proxy.stop();
  await echoServer.stop();
});

function describeProxy(options: Partial<ProxyServer> = {}): ProxyServer {
  const server = { isSecure: false, hostname: '127.0.0.1', port: proxy.port, authorization: undefined };
  return { ...server, label: 'proxy p:1 from HTTP_PROXY', ...options };
}

/** Fetches a page through the proxy, as text. */
async function fetchPage(url: string, agent: HttpProxyAgent | HttpsProxyAgent): Promise<string> {
  const response = await createFetch(() => agent)(url, {});
  return response.text();
}

/** The error of a request through the proxy. */
async function fetchError(options: Partial<ProxyServer>): Promise<TransportError> {
  const agent = new HttpsProxyAgent(describeProxy(options));
  return fetchPage('https://api.example/', agent).then(
    () => {
      throw new Error('The page was fetched.');
    },
    (error: TransportError) => error,
  );
}

test('sends every http request to the proxy over one connection, with its whole URL', async () => {
  const agent = new HttpProxyAgent(describeProxy());
  expect(await fetchPage('http://api.example/one?q=1', agent)).toBe('page');
  expect(await fetchPage('http://api.example:8080/two', agent)).toBe('page');
  expect(await fetchPage('http://[fd00::1]:8080/', agent)).toBe('page');
  agent.destroy();
  expect(received).toEqual([
    expect.stringMatching(
      /^GET http:\/\/api\.example\/one\?q=1 HTTP\/1\.1\r\n(?:.*\r\n)*Host: api\.example\r\n/i,
    ),
    expect.stringMatching(/^GET http:\/\/api\.example:8080\/two HTTP\/1\.1\r\n/),
    expect.stringMatching(/^GET http:\/\/\[fd00::1\]:8080\/ HTTP\/1\.1\r\n/),
  ]);
  expect(proxy.connectionCount).toBe(1);
});

test('sends the credentials for a proxy with each http request', async () => {
  const agent = new HttpProxyAgent(describeProxy({ authorization: 'Basic dTpw' }));
  expect(await fetchPage('http://api.example/', agent)).toBe('page');
  agent.destroy();
  expect(received).toEqual([expect.stringContaining('Proxy-Authorization: Basic dTpw\r\n')]);
});

test('sends http requests over TLS to a proxy with TLS', async () => {
  const server = createServer(certificate, (request, response) => response.end(request.url));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const rejecting = new HttpProxyAgent(describeProxy({ isSecure: true, port }));
  try {
    await expect(fetchPage('http://api.example/', rejecting)).rejects.toMatchObject({
      notSent: true,
      cause: { cause: { name: 'ProxyError', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } },
    });
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});

test('sends the credentials for CONNECT to the proxy only', async () => {
  await fetchError({ authorization: 'Basic dTpw' });
  expect(received).toEqual([
    'CONNECT api.example:443 HTTP/1.1\r\nHost: api.example:443\r\nProxy-Authorization: Basic dTpw\r\nConnection: close\r\n\r\n',
    expect.not.stringContaining('dTpw'),
  ]);
});

test('writes an IPv6 address in brackets', async () => {
  await fetchPage('https://[fd00::1]:8080/', new HttpsProxyAgent(describeProxy())).catch(() => undefined);
  expect(received[0]).toBe(
    'CONNECT [fd00::1]:8080 HTTP/1.1\r\nHost: [fd00::1]:8080\r\nConnection: close\r\n\r\n',
  );
});

test('sends every https request over one connection through the proxy', async () => {
  const tlsProxy = await FakeProxy.start({ ...certificate, target: echoServer.url });
  const port = Number(new URL(tlsProxy.url).port);
  const agent = new HttpsProxyAgent(describeProxy({ port }));
  agent.options.ca = certificate.cert;
  try {
    expect(await fetchPage('https://api.example/one', agent)).toBe('{"method":"GET"}');
    expect(await fetchPage('https://api.example/two', agent)).toBe('{"method":"GET"}');
    expect(tlsProxy.connects).toEqual(['api.example:443']);
    expect(echoServer.requestLines).toEqual(['GET /one', 'GET /two']);
  } finally {
    agent.destroy();
    await tlsProxy.stop();
  }
});

test('reads what arrives together with the response of the proxy', async () => {
  connectResponse = 'HTTP/1.1 200 OK\r\n\r\nplain text in place of a handshake';
  expect(await fetchError({})).toMatchObject({ notSent: true, code: expect.stringMatching(/SSL|EPROTO/) });
});

test.each([200, 201, 299])('uses the connection after status %d', async (status) => {
  connectResponse = `HTTP/1.1 ${status} Something\r\n\r\n`;
  await fetchError({});
  expect(received).toHaveLength(2);
});

test.each([
  [199, undefined, 'proxy p:1 from HTTP_PROXY refused to connect to api.example:443 (199)'],
  [300, undefined, 'proxy p:1 from HTTP_PROXY refused to connect to api.example:443 (300)'],
  [403, 'Basic dTpw', 'proxy p:1 from HTTP_PROXY refused to connect to api.example:443 (403)'],
  [502, undefined, 'proxy p:1 from HTTP_PROXY refused to connect to api.example:443 (502)'],
  [407, 'Basic dTpw', 'proxy p:1 from HTTP_PROXY rejected the credentials (407)'],
  [407, undefined, 'proxy p:1 from HTTP_PROXY requires credentials (407)'],
])('fails after status %d with the credentials %j', async (status, authorization, message) => {
  connectResponse = `HTTP/1.1 ${status} Something\r\n\r\n`;
  const error = await fetchError({ authorization });
  const cause = { name: 'ProxyError', message, code: `PROXY_${status}` };
  expect(error).toMatchObject({ notSent: true, proxy: 'proxy p:1 from HTTP_PROXY', cause: { cause } });
  expect(received).toHaveLength(1);
});

test.each([
  ['http', HttpProxyAgent],
  ['https', HttpsProxyAgent],
])('names the proxy that refuses connections for %s', async (protocol, Agent) => {
  // Systems don't give out this port, so no other test listens there.
  const request = fetchPage(`${protocol}://api.example/`, new Agent(describeProxy({ port: 1 })));
  const error = await request.then(
    () => undefined,
    (thrown: TransportError) => thrown,
  );
  expect(error).toMatchObject({ notSent: true });
  expect(error?.cause).toMatchObject({
    cause: {
      message: 'could not connect to proxy p:1 from HTTP_PROXY (ECONNREFUSED)',
      code: 'ECONNREFUSED',
      cause: { code: 'ECONNREFUSED' },
    },
  });
});

test.each([
  [false, 'SSH-2.0-OpenSSH\r\n', /^no valid HTTP response from proxy p:1 from HTTP_PROXY \(HPE_/],
  [true, 'plain text', /^could not set up TLS with proxy p:1 from HTTP_PROXY \((?:EPROTO|ERR_SSL_)/],
])(
  'says how a proxy answered that speaks something else (with TLS: %s)',
  async (isSecure, response, message) => {
    const other = await RawServer.start((socket: Socket) => void socket.write(response));
    try {
      const error = await fetchError({ isSecure, port: other.port });
      expect(error.cause).toMatchObject({ cause: { message: expect.stringMatching(message) } });
    } finally {
      await other.stop();
    }
  },
);

test('names itself to a proxy with TLS by the name of the proxy, and checks the certificate', async () => {
  const names: string[] = [];
  const server: Server = createServer({
    ...certificate,
    SNICallback: (name, done) => {
      names.push(name);
      done(null);
    },
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const error = await fetchError({ isSecure: true, hostname: 'localhost', port });
    expect(error.cause).toMatchObject({
      cause: { message: 'could not connect to proxy p:1 from HTTP_PROXY (DEPTH_ZERO_SELF_SIGNED_CERT)' },
    });
    expect(names).toEqual(['localhost']);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});
