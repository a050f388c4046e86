/** A message from an error response. */
export interface ApiError {
  readonly text: string;
  /** The `meta.key` of the error: the field that it is about, if the API names one. */
  readonly key?: string;
}

/** The server responded with a status other than 2xx. */
export class HttpError extends Error {
  override name = 'HttpError';
  readonly status: number;
  readonly details: readonly ApiError[];
  /** The delay that the server asks for before the next request, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(request: string, status: number, details: readonly ApiError[], retryAfterMs?: number) {
    const messages = details.map(({ text }) => text).join('; ');
    super(`${request} was answered with ${status}${messages ? `: ${messages}` : ' and no explanation'}`);
    this.status = status;
    this.details = details;
    this.retryAfterMs = retryAfterMs;
  }

  /** Whether the request's content was rejected, so that a smaller one may succeed. */
  get isContentRejected(): boolean {
    return [400, 404, 413, 422].includes(this.status);
  }
}

/** The server reported success, but its response cannot be understood. The request was probably processed. */
export class UnexpectedResponseError extends Error {
  override name = 'UnexpectedResponseError';
}

/** The server could not be reached, or the connection broke. */
export class NetworkError extends Error {
  override name = 'NetworkError';
  /** Node's error code, such as `ECONNREFUSED`, or `PROXY_` and the status that the proxy responded with. */
  readonly code: string;
  /** Whether the request certainly never reached the server. */
  readonly notSent: boolean;

  constructor(message: string, options: ErrorOptions & { code: string; notSent: boolean }) {
    super(message, options);
    this.code = options.code;
    this.notSent = options.notSent;
  }
}

/** No response came in time. The request may have been processed. */
export class TimeoutError extends Error {
  override name = 'TimeoutError';
}
