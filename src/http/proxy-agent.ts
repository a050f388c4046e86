import http, { type ClientRequest } from 'node:http';
import https from 'node:https';
import { connect, isIP, isIPv6 } from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { markEstablished } from './direct-agent.ts';
import { errorCode, ProxyError } from './errors.ts';
import { describeFailure } from './failures.ts';

/** A proxy, which connects to other hosts (CONNECT), and forwards http requests. */
export interface ProxyServer {
  /** Whether the connection to the proxy itself uses TLS. */
  readonly isSecure: boolean;
  readonly hostname: string;
  readonly port: number;
  /** The value of the header `Proxy-Authorization`. */
  readonly authorization: string | undefined;
  /** For messages, without credentials: `proxy 10.0.0.1:3128 from HTTPS_PROXY`. */
  readonly label: string;
}

type OnConnected = (error: Error | null, socket: Duplex) => void;

/** Sends https requests through a proxy, and keeps connections open. */
export class HttpsProxyAgent extends https.Agent {
  readonly proxy: ProxyServer;

  constructor(proxy: ProxyServer) {
    super({ keepAlive: true });
    this.proxy = proxy;
  }

  override createConnection(options: https.RequestOptions, callback?: OnConnected): undefined {
    openTunnel(this.proxy, toTarget(options), (error, tunnel) => {
      if (error) return callback?.(error, tunnel);
      const socket = super.createConnection({ ...options, socket: tunnel } as https.RequestOptions);
      callback?.(null, socket as Duplex);
    });
  }
}

/** Sends http requests to a proxy, which forwards them, and keeps connections open. */
export class HttpProxyAgent extends http.Agent {
  readonly proxy: ProxyServer;

  constructor(proxy: ProxyServer) {
    super({ keepAlive: true });
    this.proxy = proxy;
  }

  /** Names the server in the request line (https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2). */
  addRequest(request: ClientRequest, options: http.ClientRequestArgs): void {
    const { hostname: host, port, authorization } = this.proxy;
    request.path = `http://${request.getHeader('host')}${request.path}`;
    if (authorization) request.setHeader('Proxy-Authorization', authorization);
    (http.Agent.prototype as unknown as HttpProxyAgent).addRequest.call(this, request, {
      ...options,
      host,
      port,
    });
  }

  override createConnection(_: http.ClientRequestArgs, callback?: OnConnected): undefined {
    const { isSecure, hostname: host, port } = this.proxy;
    const socket = isSecure ? tls.connect({ host, port, servername: serverName(host) }) : connect(port, host);
    const fail = (cause: Error) => callback?.(toConnectionError(this.proxy, cause), socket);
    socket.once('error', fail).once(isSecure ? 'secureConnect' : 'connect', () => {
      socket.off('error', fail);
      markEstablished(socket);
      callback?.(null, socket);
    });
  }
}

function toTarget({ host, port }: http.ClientRequestArgs): string {
  return `${isIPv6(host ?? '') ? `[${host}]` : host}:${port}`;
}

/** Asks the proxy for a connection to `target`. Fails with a ProxyError. */
function openTunnel(proxy: ProxyServer, target: string, callback: OnConnected): void {
  const request = sendConnect(proxy, target);
  const fail = (error: ProxyError, socket?: Duplex) => {
    socket?.destroy();
    callback(error, socket as Duplex);
  };
  request.once('connect', ({ statusCode = 0 }, socket, head) => {
    if (statusCode < 200 || statusCode > 299) return fail(toRefusal(proxy, target, statusCode), socket);
    if (head.length) socket.unshift(head);
    callback(null, socket);
  });
  request.once('error', (cause) => fail(toConnectionError(proxy, cause)));
  request.end();
}

function sendConnect(
  { isSecure, hostname, port, authorization }: ProxyServer,
  target: string,
): ClientRequest {
  return (isSecure ? https : http).request({
    method: 'CONNECT',
    host: hostname,
    port,
    path: target,
    agent: false,
    setHost: false,
    headers: { Host: target, ...(authorization && { 'Proxy-Authorization': authorization }) },
    // Without it, Node would expect a certificate for the host in the Host header.
    ...(isSecure && { servername: serverName(hostname) }),
  });
}

/** The name to ask for in TLS. No IP address may be sent as a name. */
function serverName(hostname: string): string {
  return isIP(hostname) ? '' : hostname;
}

function toConnectionError({ label }: ProxyServer, cause: Error): ProxyError {
  const code = errorCode(cause);
  return new ProxyError(`${describeFailure(code, true, label)} (${code})`, { code, cause });
}

function toRefusal({ label, authorization }: ProxyServer, target: string, status: number): ProxyError {
  const code = `PROXY_${status}`;
  if (status !== 407) return new ProxyError(`${label} refused to connect to ${target} (${status})`, { code });
  const problem = authorization ? 'rejected the credentials' : 'requires credentials';
  return new ProxyError(`${label} ${problem} (407)`, { code });
}
