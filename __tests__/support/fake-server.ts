import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

/** A request as it arrived. */
export interface RecordedRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

export interface FakeResponse {
  readonly status: number;
  /** Text is sent as it is, `undefined` as nothing, everything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A certificate and its private key, in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Something that goes wrong with a request. */
export interface Fault {
  /** Which requests: a method and a pattern for the path, such as `POST /api/v2/cases$`. */
  readonly request: string;
  /** A pattern for the query, decoded. Default: any. */
  readonly query?: string;
  /** How many of them succeed first. Default: none. */
  readonly skip?: number;
  /** How many of them are hit. Default: all. */
  readonly times?: number;
  /** `before`: the server does not process the request. `after`: it does, and the response goes wrong. Default: before. */
  readonly phase?: 'before' | 'after';
  /** The response to send; `drop` breaks the connection, `hang` never responds, `stall` never ends its response. */
  readonly response: FakeResponse | 'drop' | 'hang' | 'stall';
}

/** A small HTTP server that records its requests and fails where a test injects a fault. */
export abstract class FakeServer {
  readonly requests: RecordedRequest[] = [];
  readonly #server: Server;
  readonly #protocol: 'http' | 'https';
  readonly #faults: { readonly fault: Fault; matches: number }[] = [];
  /** Called when a request arrives that will never be answered, with a function that says whether the client still waits. */
  onUnanswered: (isWaiting: () => boolean) => Promise<void> | void = () => undefined;
  /** Awaited before each response. */
  beforeResponse: (request: RecordedRequest) => Promise<void> | void = () => undefined;

  /** With a certificate, the server uses TLS. */
  protected constructor(certificate?: Certificate) {
    const serve = (request: IncomingMessage, response: ServerResponse) => void this.#serve(request, response);
    this.#server = certificate ? createSecureServer(certificate, serve) : createServer(serve);
    this.#protocol = certificate ? 'https' : 'http';
  }

  /** Processes a request and returns the response. */
  protected abstract respond(request: RecordedRequest): FakeResponse;
  /** The content type of all responses. */
  protected readonly contentType: string = 'application/json';

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    return `${this.#protocol}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  injectFault(...faults: Fault[]): this {
    this.#faults.push(...faults.map((fault) => ({ fault, matches: 0 })));
    return this;
  }

  /** Requests so far as `METHOD /path`, in the order in which they arrived. */
  get requestLines(): string[] {
    return this.requests.map(({ method, path }) => `${method} ${path}`);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const request = await recordRequest(incoming).catch(() => undefined);
    if (!request) return;
    this.requests.push(request);
    await this.beforeResponse(request);
    const fault = this.#matchFault(request);
    const response = fault && fault.phase !== 'after' ? fault.response : this.respond(request);
    const sent = fault?.response ?? response;
    if (sent === 'drop') incoming.socket.destroy();
    else if (sent === 'hang') await this.#leaveUnanswered(incoming.socket);
    else if (sent === 'stall') {
      outgoing.writeHead(200, { 'Content-Type': this.contentType });
      outgoing.write('{"data":');
      await this.#leaveUnanswered(incoming.socket);
    } else this.#send(outgoing, sent);
  }

  /** Never answers, except that a client that would wait forever loses its connection, so that its test ends. */
  async #leaveUnanswered(socket: Socket): Promise<void> {
    try {
      await this.onUnanswered(() => !(socket.destroyed || socket.readableEnded));
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }

  #matchFault({ method, path, query }: RecordedRequest): Fault | undefined {
    for (const entry of this.#faults) {
      const { request, skip = 0, times = Number.POSITIVE_INFINITY } = entry.fault;
      if (!new RegExp(`^${request}`).test(`${method} ${path}`)) continue;
      if (!new RegExp(entry.fault.query ?? '').test([...query.values()].join('\n'))) continue;
      entry.matches += 1;
      if (entry.matches > skip && entry.matches <= skip + times) return entry.fault;
    }
    return undefined;
  }

  #send(outgoing: ServerResponse, { status, body, headers }: FakeResponse): void {
    const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
    outgoing.writeHead(status, { 'Content-Type': this.contentType, ...headers });
    outgoing.end(text);
  }
}

async function recordRequest(incoming: IncomingMessage): Promise<RecordedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const url = new URL(incoming.url ?? '/', 'http://fake-server');
  return {
    method: incoming.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    body: parseBody(Buffer.concat(chunks).toString('utf8')),
  };
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text || undefined;
  }
}
