import type { RequestInit, Response } from 'node-fetch';
import { isRecord } from '../base/json.ts';
import type { Redactor } from '../base/redactor.ts';
import { parseErrorBody, summarizeBody } from './error-body.ts';
import { HttpError, NetworkError, TimeoutError, UnexpectedResponseError } from './errors.ts';
import { retry, retryAfterMs } from './retry.ts';

/** Time, injectable for tests. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** A signal that aborts after so many milliseconds and does not keep the process alive. */
  timeoutSignal(ms: number): AbortSignal;
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** A JSON API and its time budget. */
export interface ApiClient {
  /** Without a trailing slash. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** A random number from 0 up to, but not including, 1. */
  readonly random: () => number;
  /** Redacts request and response bodies. */
  readonly redactor: Redactor;
  /** When all requests must have ended, in milliseconds since 1970. */
  readonly deadlineMs: number;
  /** How long one attempt may take. */
  readonly attemptTimeoutMs: number;
  /** Receives a line before each retry. */
  readonly log: (line: string) => void;
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Starts with a slash and includes the query. */
  readonly path: string;
  readonly body?: unknown;
  /** Whether sending the request twice does no harm. If not, it is retried only when it certainly was not processed. */
  readonly idempotent: boolean;
}

const MAX_RESPONSE_BYTES = 64 * 1024 * 1024;

/** Node's codes for connections that failed before the request was sent, and may work later. */
const UNREACHABLE_CODES = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH']);
/** Codes for a rejected certificate or proxy: nothing was sent, and a retry would fail too. */
const REJECTED_BEFORE_SENDING = /^(?:CERT_|ERR_TLS_|ERR_SSL_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|PROXY_)/;

/**
 * Sends a request and returns the JSON of the response, redacted; `undefined` if the response is empty.
 * Retries until the client's deadline, after the delay that the server asks for, or else with backoff.
 * Throws the last HttpError, UnexpectedResponseError, NetworkError or TimeoutError.
 */
export async function sendJson(client: ApiClient, request: ApiRequest): Promise<unknown> {
  const { json } = await retry(client, isRetryable(request), () => sendOnce(client, request));
  return json;
}

/** Fetches the JSON at a path. Throws what `sendJson` throws. */
export function getJson(client: ApiClient, path: string): Promise<unknown> {
  return sendJson(client, { method: 'GET', path, idempotent: true });
}

/** Fetches a list: the `data` of the response. Throws what `sendJson` throws; retries a response without a list. */
export function getList(client: ApiClient, path: string): Promise<unknown[]> {
  const request: ApiRequest = { method: 'GET', path, idempotent: true };
  return retry(client, isRetryable(request), async () => {
    const { status, json } = await sendOnce(client, request);
    if (isRecord(json) && Array.isArray(json.data)) return json.data;
    throw new UnexpectedResponseError(
      `${describeRequest(request)} was answered with ${status}, but not with a list.`,
    );
  });
}

/** The path with a query string, names and values escaped. */
export function withQuery(path: string, query: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(query).map((pair) => pair.map(encodeURIComponent).join('='));
  return `${path}?${pairs.join('&')}`;
}

/** The client, limited to a share (0 to 1) of the remaining time. */
export function limitTo<C extends ApiClient>(client: C, share: number): C {
  const nowMs = client.clock.now();
  const remainingMs = Math.max(0, client.deadlineMs - nowMs) * share;
  return {
    ...client,
    deadlineMs: nowMs + remainingMs,
    attemptTimeoutMs: Math.min(client.attemptTimeoutMs, remainingMs / 3),
  };
}

/** The client with an earlier deadline, so that `ms` milliseconds remain for what comes after. */
export function reserveTime<C extends ApiClient>(client: C, ms: number): C {
  return { ...client, deadlineMs: Math.max(client.clock.now(), client.deadlineMs - ms) };
}

/** Whether the server may have processed the request despite the error. */
export function mayHaveSucceeded(error: unknown): boolean {
  if (error instanceof HttpError) return error.status >= 500 || error.status === 408;
  if (error instanceof NetworkError) return !error.notSent;
  return error instanceof TimeoutError || error instanceof UnexpectedResponseError;
}

/** Which errors of the request may be followed by another attempt. */
function isRetryable({ idempotent }: ApiRequest): (error: unknown) => boolean {
  return (error) => {
    if (error instanceof HttpError && error.status === 429) return true;
    if (error instanceof NetworkError && UNREACHABLE_CODES.has(error.code)) return true;
    return idempotent && mayHaveSucceeded(error);
  };
}

interface JsonResponse {
  readonly status: number;
  readonly json: unknown;
}

async function sendOnce(client: ApiClient, request: ApiRequest): Promise<JsonResponse> {
  const { clock, redactor } = client;
  const description = describeRequest(request);
  const timeoutMs = Math.min(client.attemptTimeoutMs, client.deadlineMs - clock.now());
  if (timeoutMs <= 0) throw new TimeoutError(`No time was left for ${description}.`);
  const signal = clock.timeoutSignal(timeoutMs);
  let response: Response;
  let body: string;
  try {
    response = await client.fetch(client.url + request.path, { ...toRequestInit(client, request), signal });
    body = await response.text();
  } catch (cause) {
    if (!signal.aborted) throw toNetworkError(description, new URL(client.url).host, cause);
    const seconds = Math.round(timeoutMs / 100) / 10;
    throw new TimeoutError(`${description} had no answer within ${seconds} s.`, { cause });
  }
  const { ok, status } = response;
  if (ok) return { status, json: parseBody(body, `${description} was answered with ${status}`, redactor) };
  const details = parseErrorBody(body, redactor);
  throw new HttpError(description, status, details, retryAfterMs(response, clock.now()));
}

function toRequestInit({ headers, redactor }: ApiClient, { method, body }: ApiRequest): RequestInit {
  const hasBody = body !== undefined;
  return {
    method,
    headers: {
      ...headers,
      Accept: 'application/json',
      ...(hasBody && { 'Content-Type': 'application/json' }),
    },
    ...(hasBody && { body: JSON.stringify(redactor.redactJson(body)) }),
    redirect: 'manual', // Following a redirect would send the credentials to another host.
    size: MAX_RESPONSE_BYTES,
  };
}

/** The method and path of a request, without its query. */
function describeRequest({ method, path }: ApiRequest): string {
  return `${method} ${path.split('?')[0]}`;
}

function parseBody(body: string, subject: string, redactor: Redactor): unknown {
  if (!body.trim()) return undefined;
  try {
    return redactor.redactJson(JSON.parse(body));
  } catch {
    // Without the cause: a SyntaxError quotes a piece of the body, which may cut a secret in half.
    throw new UnexpectedResponseError(
      `${subject}, but not with JSON: ${summarizeBody(redactor.redact(body))}`,
    );
  }
}

function toNetworkError(description: string, host: string, cause: unknown): NetworkError {
  // hpagent reports a refused CONNECT only in its message (https://github.com/delvedor/hpagent/blob/main/index.js).
  const proxy = cause instanceof Error && /Bad response: (\d+)/.exec(cause.message);
  const code = proxy ? `PROXY_${proxy[1]}` : errorCode(cause);
  const notSent = UNREACHABLE_CODES.has(code) || REJECTED_BEFORE_SENDING.test(code);
  const message = `${description} failed: the connection to ${host} ended with ${code}.`;
  return new NetworkError(message, { code, notSent, cause });
}

/** The `code` that Node gives an error, or the `type` that node-fetch does, such as `max-size`. */
function errorCode(error: unknown): string {
  const { code, type } = (error ?? {}) as { code?: unknown; type?: unknown };
  return [code, type].find((value) => typeof value === 'string') ?? 'an unknown error';
}
