import { asRecord, isRecord, type JsonObject } from '../base/json.ts';
import { type JsonResponse, sendOnce } from './attempt.ts';
import { type ApiRequest, type Connection, describeRequest } from './connection.ts';
import { InterruptedError, UnexpectedResponseError } from './errors.ts';
import { mayTryAgain, requestFate } from './fate.ts';
import { hedge } from './hedge.ts';
import { retry } from './retry.ts';
import { HEDGE } from './time-plan.ts';

/** How requests introduce themselves. A test compares the version with package.json. */
export const USER_AGENT = 'datadog-case-action/1.1.0';

/** A JSON API and its time budget. */
export interface ApiClient extends Connection {
  /** A random number from 0 up to, but not including, 1. */
  readonly random: () => number;
  /** Receives a line before each retry. */
  readonly log: (line: string) => void;
}

/**
 * Sends a request and returns the JSON of the response, redacted; `undefined` if the response is empty.
 * An attempt may take all the time until the client's deadline. If an idempotent request stays unanswered for a while,
 * a second attempt is started alongside. After an error it retries, after the delay that the server asks for, or else
 * with backoff. Throws the last HttpError, UnexpectedResponseError, NetworkError or TimeoutError.
 */
export function sendJson(client: ApiClient, request: ApiRequest): Promise<unknown> {
  return send(client, request, ({ json }) => json);
}

/** Fetches the JSON at a path. Throws HttpError, UnexpectedResponseError, NetworkError or TimeoutError. */
export function fetchJson(client: ApiClient, path: string): Promise<unknown> {
  return sendJson(client, { method: 'GET', path, idempotent: true });
}

/** A page of a list. */
export interface ListPage {
  readonly data: readonly unknown[];
  /** What the response says about the list; empty if it says nothing. */
  readonly meta: JsonObject;
}

/**
 * Fetches a list: the `data` of the response, and its `meta`. Throws HttpError, UnexpectedResponseError, NetworkError or
 * TimeoutError; retries a response without a list.
 */
export function fetchPage(client: ApiClient, path: string): Promise<ListPage> {
  const request: ApiRequest = { method: 'GET', path, idempotent: true };
  return send(client, request, ({ status, json }) => {
    if (isRecord(json) && Array.isArray(json.data)) return { data: json.data, meta: asRecord(json.meta) };
    throw new UnexpectedResponseError(
      `${describeRequest(request)} returned ${status}, but the response is not a list.`,
    );
  });
}

/** The path with a query string, names and values escaped. */
export function withQuery(path: string, query: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(query).map((pair) =>
    pair.map((text) => encodeURIComponent(text.toWellFormed())).join('='),
  );
  return `${path}?${pairs.join('&')}`;
}

async function send<T>(
  client: ApiClient,
  request: ApiRequest,
  interpret: (response: JsonResponse) => T,
): Promise<T> {
  const startedAtMs = client.clock.now();
  let attempts = 0;
  let mayBeDone = false;
  const attempt = async (cancelSignal?: AbortSignal) => {
    attempts += 1;
    try {
      return interpret(await sendOnce(client, request, { startedAtMs, isRetry: attempts > 1, cancelSignal }));
    } catch (error) {
      mayBeDone ||= requestFate(error) === 'unknown';
      throw error;
    }
  };
  try {
    return await sendUntilAnswered(client, request, attempt);
  } catch (error) {
    const isInterrupted = error instanceof InterruptedError && client.fetch.interruption?.aborted;
    // It may be the next attempt that was not sent.
    throw isInterrupted && mayBeDone ? new InterruptedError({ wasSent: true, cause: error }) : error;
  }
}

function sendUntilAnswered<T>(
  client: ApiClient,
  request: ApiRequest,
  attempt: (cancelSignal?: AbortSignal) => Promise<T>,
): Promise<T> {
  const canRetry = (error: unknown) => !client.cancelSignal?.aborted && mayTryAgain(error, request);
  if (!request.idempotent) return retry(client, canRetry, () => attempt());
  return retry(client, canRetry, () => {
    const remainingMs = client.deadlineMs - client.clock.now();
    const delayMs = Math.max(HEDGE.minMs, remainingMs * HEDGE.share);
    if (delayMs >= remainingMs) return attempt();
    const second = async (cancelSignal: AbortSignal) => {
      if (client.fetch.interruption?.aborted) throw new InterruptedError();
      const seconds = Math.round(delayMs / 100) / 10;
      client.log(
        `${describeRequest(request)}: no response after ${seconds} s. Sending a second request in parallel.`,
      );
      return retry(
        client,
        (error) => !cancelSignal.aborted && canRetry(error),
        () => attempt(cancelSignal),
      );
    };
    const startSecond = client.clock.timeoutSignal(delayMs);
    // The other one of the two requests may still get its response after an interruption.
    const isFinal = (error: unknown) => !(error instanceof InterruptedError || canRetry(error));
    return hedge(attempt, second, { startSecond, isFinal });
  });
}
