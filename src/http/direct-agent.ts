import http, { type AgentOptions } from 'node:http';
import https from 'node:https';
import { isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** An unused connection is closed after this time, before a server would close it: Node's own agent does the same. */
const MAX_IDLE_MS = 5000;
const OPTIONS: AgentOptions = { keepAlive: true, scheduling: 'lifo', timeout: MAX_IDLE_MS };

type OnCreated = (error: Error | null, socket: Duplex) => void;

/** Sockets whose connection, with TLS if there is any, was established before an agent handed them out. */
const established = new WeakSet<Socket>();

/** Records that nothing is left to wait for before a request can be sent over the socket. */
export function markEstablished(socket: Socket): void {
  established.add(socket);
}

/** Whether `markEstablished` was called for this socket. */
export function isEstablished(socket: Socket): boolean {
  return established.has(socket);
}

/** Agents for http and https that connect without a proxy, whatever Node's own variables say, and keep connections. */
export function createDirectAgents(): (url: URL) => DirectHttpAgent | DirectHttpsAgent {
  const agents = { http: new DirectHttpAgent(), https: new DirectHttpsAgent() };
  return ({ protocol }) => (protocol === 'https:' ? agents.https : agents.http);
}

/** Sends http requests. */
class DirectHttpAgent extends http.Agent {
  readonly #early = new EarlySockets('connect');

  constructor() {
    super(OPTIONS);
  }

  /** Opens a connection for one of the first requests to this URL's host. Never fails. */
  preconnect(url: URL): void {
    const target = toTarget(url, 80);
    this.#early.add(target, super.createConnection({ ...OPTIONS, ...target }) as Socket);
  }

  override createConnection(options: http.ClientRequestArgs, callback?: OnCreated) {
    return this.#early.take(options) ?? super.createConnection(options, callback);
  }
}

/** Sends https requests. */
class DirectHttpsAgent extends https.Agent {
  readonly #early = new EarlySockets('secureConnect');

  constructor() {
    super(OPTIONS);
  }

  /** Opens a connection for one of the first requests to this URL's host. Never fails. */
  preconnect(url: URL): void {
    const target = toTarget(url, 443);
    const servername = isIP(target.host) ? '' : target.host;
    this.#early.add(target, super.createConnection({ ...OPTIONS, ...target, servername }) as Socket);
  }

  override createConnection(options: https.RequestOptions, callback?: OnCreated) {
    return this.#early.take(options) ?? super.createConnection(options, callback);
  }
}

interface Target {
  readonly host: string;
  readonly port: number;
}

function toTarget({ hostname, port }: URL, defaultPort: number): Target {
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || defaultPort };
}

/** Connections that were opened before they are needed. None keeps the process alive. */
class EarlySockets {
  readonly #connectedEvent: 'connect' | 'secureConnect';
  readonly #sockets = new Map<string, Socket[]>();

  constructor(connectedEvent: 'connect' | 'secureConnect') {
    this.#connectedEvent = connectedEvent;
  }

  add({ host, port }: Target, socket: Socket): void {
    const key = `${host}:${port}`;
    this.#sockets.set(key, [...(this.#sockets.get(key) ?? []), socket]);
    socket.once(this.#connectedEvent, () => markEstablished(socket));
    // A connection that fails early is not missed: the first request opens its own.
    socket.on('error', discard).on('timeout', discard).unref();
  }

  /** A connection to this host that still may be used. Each is handed out once. */
  take({ host, port }: { readonly host?: unknown; readonly port?: unknown }): Socket | undefined {
    const waiting = this.#sockets.get(`${host}:${port}`) ?? [];
    for (let socket = waiting.shift(); socket; socket = waiting.shift()) {
      // What a server says before it was asked can only be that it closes the connection.
      const isUsable = socket.writable && !socket.readableLength && !socket.readableEnded;
      if (isUsable) return socket.off('error', discard).off('timeout', discard).ref();
      socket.destroy();
    }
    return undefined;
  }
}

function discard(this: Socket): void {
  this.destroy();
}
