import {
  HttpError,
  InterruptedError,
  NetworkError,
  RequestError,
  ResponseTooLargeError,
  TimeoutError,
} from './errors.ts';

/**
 * Whether the server did what a failed request asked for: it refused and did nothing, the request never reached it, or
 * nobody knows.
 */
type RequestFate = 'refused' | 'unsent' | 'unknown';

/**
 * Statuses of a server that does nothing now, and may a moment later: the connection is for another server, the request
 * came too early, or there are too many (https://www.rfc-editor.org/rfc/rfc9110#status.421,
 * https://www.rfc-editor.org/rfc/rfc8470#section-5.2).
 */
const TRANSIENT_REFUSALS: readonly number[] = [421, 425, 429];
/** Statuses of a server that understood the request, and would not take what it says. */
const CONTENT_REJECTIONS: readonly number[] = [400, 404, 409, 413, 422];

/**
 * Whether the server did what the request that failed with this error asked for. Retrying, creating and reporting all
 * depend on it. For an error of any other kind, the answer is `unknown`.
 */
export function requestFate(error: unknown): RequestFate {
  if (error instanceof HttpError) return error.status >= 500 || error.status === 408 ? 'unknown' : 'refused';
  if (error instanceof InterruptedError) return error.wasSent ? 'unknown' : 'unsent';
  const hasConnection = !(error instanceof NetworkError || error instanceof TimeoutError) || !error.notSent;
  return hasConnection ? 'unknown' : 'unsent';
}

/** Whether the server rejected what the request says, so that a smaller or different one may succeed. */
export function isContentRejection(error: unknown): error is HttpError {
  return error instanceof HttpError && CONTENT_REJECTIONS.includes(error.status);
}

/** Whether another attempt may succeed. A request that isn't idempotent must not reach the server twice. */
export function mayTryAgain(error: unknown, { idempotent }: { readonly idempotent: boolean }): boolean {
  if (!(error instanceof RequestError) || error instanceof ResponseTooLargeError) return false;
  if (error instanceof HttpError && requestFate(error) === 'refused')
    return TRANSIENT_REFUSALS.includes(error.status);
  if (error instanceof NetworkError && error.notSent) return error.isTransient;
  return idempotent;
}
