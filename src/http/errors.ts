/** A message from an error response. */
export interface ApiError {
  readonly text: string;
  /** The `meta.key` of the error: the field that it is about, if the API names one. */
  readonly key?: string;
}

interface HttpErrorOptions {
  /** The method and path. */
  readonly request: string;
  readonly status: number;
  readonly details: readonly ApiError[];
  readonly retryAfterMs: number | undefined;
  readonly host: string;
  readonly source: string;
  readonly credentials: CredentialKind;
  readonly provenAccess: ProvenAccess;
}

/** What a request authenticates with: two keys, a stored token, or one that the step obtained itself. */
export type CredentialKind = 'keys' | 'token' | 'identity';

/** What other requests with the same credentials have shown: nothing, that they may read, or that they may write. */
export type ProvenAccess = 'none' | 'read' | 'write';

/** The server responded with a status other than 2xx. */
export class HttpError extends Error {
  override name = 'HttpError';
  readonly status: number;
  readonly details: readonly ApiError[];
  /** The delay that the server asks for before the next request, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** The host that the request was sent to, with the port if there is one. */
  readonly host: string;
  /** Where the host comes from, such as `from DD_SITE`. */
  readonly source: string;
  readonly credentials: CredentialKind;
  /** What earlier requests with the same credentials have shown. */
  readonly provenAccess: ProvenAccess;
  /** Whether the request changes something: it is not a GET. */
  readonly isWrite: boolean;

  constructor(options: HttpErrorOptions) {
    const { request, status, details } = options;
    const messages = details.map(({ text }) => text).join('; ');
    super(`${request} returned ${status}${messages ? `: ${messages}` : ' (no details)'}`);
    this.status = status;
    this.details = details;
    this.retryAfterMs = options.retryAfterMs;
    this.host = options.host;
    this.source = options.source;
    this.credentials = options.credentials;
    this.provenAccess = options.provenAccess;
    this.isWrite = !request.startsWith('GET ');
  }

  /** Whether the host comes from api_url, rather than from a site. */
  get isApiUrl(): boolean {
    return this.source.endsWith('api_url');
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

interface NetworkErrorOptions extends ErrorOptions {
  readonly code: string;
  readonly host: string;
  readonly notSent: boolean;
  readonly isTransient: boolean;
  readonly isProxyFault: boolean;
}

/** The server could not be reached, or the connection broke. */
export class NetworkError extends Error {
  override name = 'NetworkError';
  /** Node's error code, such as `ECONNREFUSED`, or `PROXY_` and the status that the proxy responded with. */
  readonly code: string;
  /** The host that was to be reached, with the port if there is one. */
  readonly host: string;
  /** Whether the request certainly never reached the server. */
  readonly notSent: boolean;
  /** Whether a retry may succeed. */
  readonly isTransient: boolean;
  /** Whether the proxy is at fault. */
  readonly isProxyFault: boolean;

  constructor(message: string, options: NetworkErrorOptions) {
    super(message, options);
    this.code = options.code;
    this.host = options.host;
    this.notSent = options.notSent;
    this.isTransient = options.isTransient;
    this.isProxyFault = options.isProxyFault;
  }
}

/** No response came in time. */
export class TimeoutError extends Error {
  override name = 'TimeoutError';
  /** Whether the request certainly never reached the server. Otherwise it may have been processed. */
  readonly notSent: boolean;

  constructor(message: string, options: ErrorOptions & { readonly notSent: boolean }) {
    super(message, options);
    this.notSent = options.notSent;
  }
}

/** The step was interrupted, so the request was not sent, or its response is not waited for. */
export class InterruptedError extends Error {
  override name = 'InterruptedError';

  constructor(options?: ErrorOptions) {
    super('The step was cancelled', options);
  }
}

/** Why `fetch` failed, and how far the request got. The cause is the original error. */
export class TransportError extends Error {
  override name = 'TransportError';
  readonly code: string;
  /** Whether no connection was established, so that nothing can have been sent. */
  readonly notSent: boolean;
  /** The proxy that the connection goes through, such as `proxy 10.0.0.1:3128 from HTTPS_PROXY`. */
  readonly proxy: string | undefined;

  constructor(
    cause: unknown,
    { notSent, proxy }: { readonly notSent: boolean; readonly proxy: string | undefined },
  ) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.code = errorCode(cause);
    this.notSent = notSent;
    this.proxy = proxy;
  }
}

/** The proxy could not be used; nothing was sent to the server. The message names the proxy, without credentials. */
export class ProxyError extends Error {
  override name = 'ProxyError';
  /** Node's error code, `PROXY_` and the status that the proxy responded with, or `PROXY_ADDRESS`. */
  readonly code: string;

  constructor(message: string, options: ErrorOptions & { readonly code: string }) {
    super(message, options);
    this.code = options.code;
  }
}

/** What `errorCode` returns if an error has no code. */
export const UNKNOWN_CODE = 'unknown error';

/** The `code` that Node gives an error, or the `type` that node-fetch does, such as `max-size`. */
export function errorCode(error: unknown): string {
  const { code, type } = (error ?? {}) as { code?: unknown; type?: unknown };
  return [code, type].find((value) => typeof value === 'string') ?? UNKNOWN_CODE;
}
