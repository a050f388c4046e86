import { Redactor } from '../../src/base/redactor.ts';
import { type ApiClient, sendJson } from '../../src/http/client.ts';
import type { ApiRequest } from '../../src/http/connection.ts';
import { createFetch } from '../../src/http/fetch.ts';
import { createAgentFinder } from '../../src/http/proxy.ts';
import { type FakeResponse, FakeServer, type RecordedRequest } from './fake-server.ts';
import type { TestClock } from './run-step.ts';

/** Responds with the method and the body of each request. */
export class EchoServer extends FakeServer {
  static start(): Promise<EchoServer> {
    return new EchoServer().listen();
  }

  protected override respond({ method, body }: RecordedRequest): FakeResponse {
    return { status: 200, body: { method, body } };
  }
}

/** A client of the echo server with 60 seconds in total. */
export function createEchoClient({ url }: { readonly url: string }, clock: TestClock): ApiClient {
  return {
    url,
    source: { kind: 'variable', name: 'a test' },
    credentials: 'keys',
    session: { provenAccess: 'none' },
    headers: { 'X-Own': 'yes' },
    fetch: createFetch(createAgentFinder({})),
    clock,
    random: () => 0.5,
    redactor: new Redactor(),
    deadlineMs: clock.time + 60_000,
    log: () => undefined,
  };
}

/** Sends a request, and returns the error that it is rejected with. */
export function expectRejection(client: ApiClient, request: ApiRequest): Promise<unknown> {
  return sendJson(client, request).then(
    () => {
      throw new Error(`${request.method} ${request.path} was not rejected.`);
    },
    (error: unknown) => error,
  );
}

/** A request that must not be sent twice. */
export const POST_REQUEST: ApiRequest = { method: 'POST', path: '/thing', body: { a: 1 }, idempotent: false };
/** An idempotent request. */
export const GET_REQUEST: ApiRequest = { method: 'GET', path: '/thing?q=1', idempotent: true };
