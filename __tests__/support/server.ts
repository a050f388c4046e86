import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it arrived. */
export interface Received {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
  /** Bytes of the body. */
  readonly size: number;
}

export interface Answer {
  readonly status: number;
  /** Sent as JSON, or as it is where it is text. Nothing is sent for `undefined`. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Something that goes wrong with a request. */
export interface Fault {
  /** Which requests: a method and a pattern for the path, such as `POST /api/v2/cases$`. */
  readonly on: string;
  /** How many of them are let through first. Default: none. */
  readonly skip?: number;
  /** How many of them it happens to. Default: all. */
  readonly times?: number;
  /** `before`: the server never does what was asked. `after`: it does, and the answer goes wrong. Default: before. */
  readonly when?: 'before' | 'after';
  /** The answer to give; `drop` breaks the connection, `hang` never answers. */
  readonly answer: Answer | 'drop' | 'hang';
}

/** A small HTTP server for stand-ins: it records what arrives, and goes wrong where it is told to. */
export abstract class StandIn {
  readonly requests: Received[] = [];
  readonly #server: Server;
  readonly #faults: { fault: Fault; seen: number }[] = [];
  /** Called when a request arrives that will never be answered. */
  onHang: () => void = () => undefined;
  /** Awaited before each answer. */
  gate: (request: Received) => Promise<void> | void = () => undefined;

  protected constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  /** Answers a request, having done what it asks for. */
  protected abstract answer(request: Received): Answer;
  /** The type that answers are sent as. */
  protected readonly contentType: string = 'application/json';

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  fail(...faults: Fault[]): this {
    this.#faults.push(...faults.map((fault) => ({ fault, seen: 0 })));
    return this;
  }

  /** Requests so far as `METHOD /path`, in the order they came. */
  get calls(): string[] {
    return this.requests.map(({ method, path }) => `${method} ${path}`);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const received = await receive(request).catch(() => undefined);
    if (!received) return;
    this.requests.push(received);
    await this.gate(received);
    const fault = this.#due(`${received.method} ${received.path}`);
    const answer = fault && fault.when !== 'after' ? fault.answer : this.answer(received);
    const sent = fault?.answer ?? answer;
    if (sent === 'drop') request.socket.destroy();
    else if (sent === 'hang') this.onHang();
    else this.#send(response, sent);
  }

  #due(call: string): Fault | undefined {
    for (const entry of this.#faults) {
      const { on, skip = 0, times = Number.POSITIVE_INFINITY } = entry.fault;
      if (!new RegExp(`^${on}`).test(call)) continue;
      entry.seen += 1;
      if (entry.seen > skip && entry.seen <= skip + times) return entry.fault;
    }
    return undefined;
  }

  #send(response: ServerResponse, { status, body, headers }: Answer): void {
    const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
    response.writeHead(status, { 'Content-Type': this.contentType, ...headers });
    response.end(text);
  }
}

async function receive(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const address = new URL(request.url ?? '/', 'http://stand-in');
  let body: unknown;
  try {
    body = JSON.parse(bytes.toString('utf8'));
  } catch {
    body = bytes.length ? bytes.toString('utf8') : undefined;
  }
  return {
    method: request.method ?? '',
    path: address.pathname,
    query: address.searchParams,
    headers: request.headers,
    body,
    size: bytes.length,
  };
}
