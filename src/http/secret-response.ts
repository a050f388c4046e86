import { Redactor } from '../base/redactor.ts';
import type { Unredacted } from '../base/unredacted.ts';
import { type ApiClient, sendJson } from './client.ts';
import { type ApiRequest, describeRequest } from './connection.ts';
import { HttpError, UnexpectedResponseError } from './errors.ts';

/**
 * Sends a request whose response holds a secret that is not known yet, and returns the JSON unredacted. No part of a
 * response gets into a log line or an error. Throws HttpError without details, UnexpectedResponseError, NetworkError or
 * TimeoutError.
 */
export async function fetchSecret(client: ApiClient, request: ApiRequest): Promise<unknown> {
  try {
    // The log line about a retry would quote the response, whose secret the redactor doesn't know yet.
    return await sendJson({ ...client, redactor: new Redactor(), log: () => undefined }, request);
  } catch (error) {
    const description = describeRequest(request);
    // Not with the original error as the cause: debug logging would show its message.
    if (error instanceof HttpError) throw new HttpError({ ...error, details: [] });
    if (error instanceof UnexpectedResponseError)
      throw new UnexpectedResponseError(`${description} succeeded, but the response is not JSON.`);
    throw error;
  }
}

/** Whether a token can be sent in a header, and is long enough to be redacted wherever it occurs. */
export function isUsableToken(token: Unredacted): boolean {
  return /^[\x21-\x7e]{8,}$/.test(token.reveal());
}
