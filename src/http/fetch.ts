import type { Agent, ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import nodeFetch from 'node-fetch';
import type { Env } from '../base/env.ts';
import type { Fetch } from './connection.ts';
import { createDirectAgents, isEstablished } from './direct-agent.ts';
import { errorCode, TransportError } from './errors.ts';

/** An agent, as Node calls it for each request (https://github.com/nodejs/node/blob/main/lib/_http_client.js). */
interface RequestAgent extends Agent {
  addRequest(request: ClientRequest, options: unknown): void;
  /** Whether connections are kept for later requests. */
  keepAlive: boolean;
  /** Set if the agent connects through a proxy. */
  readonly proxy?: { readonly label: string };
  /** Set if the agent connects directly. Opens a connection for the first request. */
  readonly preconnect?: (url: URL) => void;
}

/** `fetch` that keeps connections open between requests, and uses a proxy if the environment names one. */
export async function loadFetch(env: Env): Promise<Fetch> {
  const hasProxy = ['http_proxy', 'https_proxy', 'all_proxy'].some(
    (name) => env[name] || env[name.toUpperCase()],
  );
  if (!hasProxy) return createFetch(createDirectAgents());
  const { createAgentFinder } = await import(/* webpackChunkName: "proxy" */ './proxy.ts');
  return createFetch(createAgentFinder(env));
}

/**
 * `fetch` with the agent that `findAgent` chooses for each URL. Settles as soon as its signal aborts, or the server
 * switches protocols, and rejects with a TransportError that says whether a connection was established.
 */
export function createFetch(findAgent: (url: URL) => Agent): Fetch {
  const preconnect = (url: string) => {
    try {
      (findAgent(new URL(url)) as RequestAgent).preconnect?.(new URL(url));
    } catch {
      // The first request fails in the same way, and says so.
    }
  };
  return Object.assign(createSend(findAgent), { preconnect });
}

function createSend(findAgent: (url: URL) => Agent): Fetch {
  return async (url, init) => {
    let cause: unknown;
    let isConnected = false;
    let agent: RequestAgent | undefined;
    try {
      // node-fetch would destroy the body with an error that nobody can catch, which ends the process.
      if (init.signal?.aborted) throw new Error('The request was aborted before it was sent.');
      agent = findAgent(new URL(url)) as RequestAgent;
      const watched = watchRequest(agent, {
        onConnected: () => {
          isConnected = true;
        },
        onError: (error) => {
          cause = error;
        },
      });
      return await nodeFetch(url, { ...init, agent: watched });
    } catch (error) {
      // node-fetch drops the original error, such as that of the proxy.
      if (error instanceof Error && cause && !error.cause) error.cause = cause;
      throw new TransportError(error, { notSent: !isConnected, proxy: agent?.proxy?.label });
    }
  };
}

interface RequestEvents {
  readonly onConnected: () => void;
  readonly onError: (error: Error) => void;
}

/** The agent, for one request that is watched. node-fetch gives no access to the request itself. */
function watchRequest(agent: RequestAgent, { onConnected, onError }: RequestEvents): RequestAgent {
  const addRequest = (request: ClientRequest, options: unknown) => {
    request.once('error', (error) => {
      onError(error);
      if (request.reusedSocket && errorCode(error) === 'ECONNRESET') closeIdleConnections(agent);
    });
    request.once('socket', (socket: Socket) => watchConnection(request, socket, onConnected));
    // Without this, Node closes the connection without an event, and the request never ends.
    request.once('upgrade', ({ statusCode }, socket: Socket) => {
      socket.destroy();
      const error = new Error('The server switched protocols.');
      request.emit('error', Object.assign(error, { code: `HTTP_${statusCode}` }));
    });
    agent.addRequest(request, options);
  };
  return Object.create(agent, { addRequest: { value: addRequest } }) as RequestAgent;
}

/**
 * Uses a connection only once from now on: the server closes them without saying so, and whether it has processed what
 * is sent meanwhile is unknown.
 */
function closeIdleConnections(agent: RequestAgent): void {
  agent.keepAlive = false;
  for (const socket of Object.values(agent.freeSockets).flat()) socket?.destroy();
}

function watchConnection(request: ClientRequest, socket: Socket, onConnected: () => void): void {
  const isSecure = 'encrypted' in socket;
  const isReady = request.reusedSocket || isEstablished(socket) || (!isSecure && !socket.connecting);
  if (isReady) onConnected();
  else socket.once(isSecure ? 'secureConnect' : 'connect', onConnected);
}
