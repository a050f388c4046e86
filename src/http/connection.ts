import type { RequestInit, Response } from 'node-fetch';
import type { Redactor } from '../base/redactor.ts';
import type { CredentialKind, ProvenAccess } from './errors.ts';

/** Time, injectable for tests. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** A signal that aborts after `ms` milliseconds and does not keep the process alive. */
  timeoutSignal(ms: number): AbortSignal;
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What is known about the credentials of a client, shared by all copies of it. */
export interface Session {
  /** What successful requests have shown. */
  provenAccess: ProvenAccess;
}

/** What one attempt to send a request needs. */
export interface Connection {
  /** Without a trailing slash. */
  readonly url: string;
  /** Where the URL comes from, for messages: `from DD_SITE` or `the default site`. */
  readonly source: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly credentials: CredentialKind;
  readonly session: Session;
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** Redacts request and response bodies. */
  readonly redactor: Redactor;
  /** When all requests must have ended, in milliseconds since 1970. */
  readonly deadlineMs: number;
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Starts with a slash and includes the query. */
  readonly path: string;
  readonly body?: unknown;
  /** Whether sending the request twice does no harm. If not, it is retried only when it certainly was not processed. */
  readonly idempotent: boolean;
}

/** The method and path of a request, without its query. */
export function describeRequest({ method, path }: ApiRequest): string {
  return `${method} ${path.split('?')[0]}`;
}
