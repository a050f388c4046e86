import type { RequestInit, Response } from 'node-fetch';
import type { AddressSource } from '../base/address.ts';
import type { Redactor } from '../base/redactor.ts';
import type { CredentialKind, ProvenAccess, RequestSubject } from './errors.ts';

/** Time, injectable for tests. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** A signal that aborts after `ms` milliseconds and does not keep the process alive. */
  timeoutSignal(ms: number): AbortSignal;
}

/** Sends one request. Rejects with a TransportError. */
export interface Fetch {
  (url: string, init: RequestInit): Promise<Response>;
  /**
   * Opens a connection for the first request to this URL's host, without sending anything. Does nothing if a proxy is
   * used. Never fails: without the connection, that request opens its own.
   */
  readonly preconnect?: (url: string) => void;
  /** Aborts when nothing is sent any more. */
  readonly interruption?: AbortSignal;
}

/** What is known about the credentials of a client, shared by all copies of it. */
interface Session {
  /** What successful requests have shown. */
  provenAccess: ProvenAccess;
}

/** What one attempt to send a request needs. */
export interface Connection {
  /** Without a trailing slash. */
  readonly url: string;
  /** Where the URL comes from. */
  readonly source: AddressSource;
  readonly headers: Readonly<Record<string, string>>;
  readonly credentials: CredentialKind;
  readonly session: Session;
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** Redacts request and response bodies. */
  readonly redactor: Redactor;
  /** When all requests must have ended, in milliseconds since 1970. */
  readonly deadlineMs: number;
  /** Aborts when nobody waits for the responses any more. */
  readonly cancelSignal?: AbortSignal;
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Starts with a slash and includes the query. */
  readonly path: string;
  readonly body?: unknown;
  /** Whether sending the request twice does no harm. If not, it is retried only when it certainly was not processed. */
  readonly idempotent: boolean;
  /** What the request is about, for whoever explains its error. */
  readonly about?: RequestSubject;
}

/** The path of a request, without its query. */
export function pathOf({ path }: ApiRequest): string {
  return path.split('?')[0] ?? '';
}

/** The method and path of a request, without its query. */
export function describeRequest(request: ApiRequest): string {
  return `${request.method} ${pathOf(request)}`;
}
