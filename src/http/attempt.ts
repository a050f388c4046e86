import { setImmediate } from 'node:timers/promises';
import type { RequestInit, Response } from 'node-fetch';
import type { Redactor } from '../base/redactor.ts';
import { Unredacted } from '../base/unredacted.ts';
import { runUntilAborted } from './abort.ts';
import { type ApiRequest, type Connection, describeRequest, pathOf } from './connection.ts';
import { parseErrorBody, summarizeBody } from './error-body.ts';
import {
  errorCode,
  HttpError,
  InterruptedError,
  RequestError,
  ResponseTooLargeError,
  TimeoutError,
  UnexpectedResponseError,
} from './errors.ts';
import { toNetworkError, toTimeoutError } from './failures.ts';
import { retryAfterMs } from './retry.ts';

/**
 * The largest response that is read. A page of 100 cases has a megabyte or two, and up to 16 if each description is as
 * long as 160 KiB. To parse and redact that much takes less than a second.
 */
export const MAX_RESPONSE_BYTES = 16 * 1024 * 1024;

/** A successful response. */
export interface JsonResponse {
  readonly status: number;
  /** Redacted; `undefined` if the response is empty. */
  readonly json: unknown;
}

/** The code of node-fetch's error for a response that is larger than `size`. */
const TOO_LARGE = 'max-size';

interface AttemptOptions {
  /** When the first attempt started, in milliseconds since 1970. A timeout error gives the time since then. */
  readonly startedAtMs: number;
  /** Whether there was another attempt before. */
  readonly isRetry: boolean;
  /** Cancels the attempt. */
  readonly cancelSignal?: AbortSignal | undefined;
}

/**
 * Sends a request once, with all the time until the deadline.
 * Throws HttpError, UnexpectedResponseError (ResponseTooLargeError is one), NetworkError or TimeoutError.
 */
export async function sendOnce(
  connection: Connection,
  request: ApiRequest,
  { startedAtMs, isRetry, cancelSignal }: AttemptOptions,
): Promise<JsonResponse> {
  const { clock, deadlineMs, fetch, url } = connection;
  const description = describeRequest(request);
  const remainingMs = deadlineMs - clock.now();
  if (!(remainingMs > 0))
    throw new TimeoutError(`${description} was not sent because no time was left.`, { notSent: true });
  const deadline = clock.timeoutSignal(remainingMs);
  const signals = [deadline, cancelSignal, connection.cancelSignal].filter((signal) => signal !== undefined);
  try {
    const { response, body } = await runUntilAborted(signals, async (signal) => {
      // If the server has closed the connection after its last response, this leaves time to notice.
      if (!request.idempotent) await setImmediate();
      const received = await fetch(url + request.path, {
        ...toRequestInit(connection, request, isRetry),
        signal,
      });
      return { response: received, body: new Unredacted(await received.text()) };
    });
    return parseResponse(connection, request, response, body);
  } catch (cause) {
    if (cause instanceof RequestError || cause instanceof InterruptedError) throw cause;
    if (errorCode(cause) === TOO_LARGE) throw toTooLargeError(description);
    const failed = { request: description, host: new URL(url).host, source: connection.source, cause };
    if (deadline.aborted) throw toTimeoutError(failed, deadlineMs - startedAtMs);
    throw toNetworkError(failed);
  }
}

function toRequestInit(
  { headers, redactor }: Connection,
  { method, body }: ApiRequest,
  isRetry: boolean,
): RequestInit {
  const hasBody = body !== undefined;
  return {
    method,
    headers: {
      ...headers,
      Accept: 'application/json',
      // Some proxies break compressed responses.
      ...(isRetry && { 'Accept-Encoding': 'identity' }),
      ...(hasBody && { 'Content-Type': 'application/json' }),
    },
    ...(hasBody && { body: JSON.stringify(redactor.redactJson(body)) }),
    redirect: 'manual', // Following a redirect would send the credentials to another host.
    size: MAX_RESPONSE_BYTES,
  };
}

function toTooLargeError(description: string): ResponseTooLargeError {
  const mebibytes = MAX_RESPONSE_BYTES / 1024 / 1024;
  return new ResponseTooLargeError(`The response to ${description} is larger than ${mebibytes} MiB.`);
}

function parseResponse(
  { clock, redactor, credentials, session, source, url }: Connection,
  request: ApiRequest,
  response: Response,
  body: Unredacted,
): JsonResponse {
  const { ok, status } = response;
  const description = describeRequest(request);
  if (ok) {
    const json = parseBody(body, `${description} returned ${status}`, redactor);
    if (request.method !== 'GET') session.provenAccess = 'write';
    else if (session.provenAccess === 'none') session.provenAccess = 'read';
    return { status, json };
  }
  throw new HttpError({
    method: request.method,
    path: pathOf(request),
    about: request.about,
    status,
    details: parseErrorBody(body, redactor),
    retryAfterMs: retryAfterMs(response, clock.now()),
    host: new URL(url).host,
    source,
    credentials,
    provenAccess: session.provenAccess,
  });
}

function parseBody(body: Unredacted, subject: string, redactor: Redactor): unknown {
  try {
    return redactor.parseJson(body);
  } catch {
    const text = redactor.redact(body);
    if (!text.trim()) return undefined;
    throw new UnexpectedResponseError(`${subject}, but the response is not JSON: ${summarizeBody(text)}`);
  }
}
