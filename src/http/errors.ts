import type { AddressSource } from '../base/address.ts';

/** A message from an error response. */
export interface ApiError {
  readonly text: string;
  /** The `meta.key` of the error: the field that it is about, if the API names one. */
  readonly key?: string;
  /** Whether the response was a page for people, which is only mentioned. */
  readonly isHtmlPage?: true;
}

/** How often a request was sent, and for how long. */
export interface Tries {
  readonly count: number;
  /** From the first attempt until the last one had failed, in milliseconds. */
  readonly durationMs: number;
}

/** A request failed. */
export abstract class RequestError extends Error {
  /** Set if there was more than one attempt; this is the error of the last one. */
  tries: Tries | undefined = undefined;
}

interface HttpErrorOptions {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** What the request is about, as in `ApiRequest`. */
  readonly about?: RequestSubject | undefined;
  readonly status: number;
  readonly details: readonly ApiError[];
  readonly retryAfterMs: number | undefined;
  readonly host: string;
  readonly source: AddressSource;
  readonly credentials: CredentialKind;
  readonly provenAccess: ProvenAccess;
}

/**
 * What a request is about, for whoever explains its error: kinds of things and their IDs, such as `case`. `input` is set if
 * an input of the workflow says what to set.
 */
export type RequestSubject = Readonly<Record<string, string>>;

/** What a request authenticates with: two keys, a stored token, or one that the step obtained itself. */
export type CredentialKind = 'keys' | 'token' | 'identity';

/** What other requests with the same credentials have shown: nothing, that they may read, or that they may write. */
export type ProvenAccess = 'none' | 'read' | 'write';

/** The server responded with a status other than 2xx. */
export class HttpError extends RequestError {
  override name = 'HttpError';
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly about: RequestSubject;
  readonly status: number;
  readonly details: readonly ApiError[];
  /** The delay that the server asks for before the next request, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** The host that the request was sent to, with the port if there is one. */
  readonly host: string;
  readonly source: AddressSource;
  readonly credentials: CredentialKind;
  /** What earlier requests with the same credentials have shown. */
  readonly provenAccess: ProvenAccess;

  constructor(options: HttpErrorOptions) {
    const { method, path, status, details } = options;
    const messages = details.map(({ text }) => text).join('; ');
    super(`${method} ${path} returned ${status}${messages ? `: ${messages}` : ' (no details)'}`);
    this.method = method;
    this.path = path;
    this.about = options.about ?? {};
    this.status = status;
    this.details = details;
    this.retryAfterMs = options.retryAfterMs;
    this.host = options.host;
    this.source = options.source;
    this.credentials = options.credentials;
    this.provenAccess = options.provenAccess;
  }
}

/** The server reported success, but its response cannot be understood. The request was probably processed. */
export class UnexpectedResponseError extends RequestError {
  override name = 'UnexpectedResponseError';
}

/** The response is longer than any that the API gives, so it was not read to its end. Asking again would not help. */
export class ResponseTooLargeError extends UnexpectedResponseError {
  override name = 'ResponseTooLargeError';
}

interface NetworkErrorOptions extends ErrorOptions {
  readonly code: string;
  readonly host: string;
  readonly source: AddressSource;
  readonly notSent: boolean;
  readonly isTransient: boolean;
  readonly isProxyFault: boolean;
  readonly isCertificateFault: boolean;
}

/** The server could not be reached, or the connection broke. */
export class NetworkError extends RequestError {
  override name = 'NetworkError';
  /** Node's error code, such as `ECONNREFUSED`, or `PROXY_` and the status that the proxy responded with. */
  readonly code: string;
  /** The host that was to be reached, with the port if there is one. */
  readonly host: string;
  readonly source: AddressSource;
  /** Whether the request certainly never reached the server. */
  readonly notSent: boolean;
  /** Whether a retry may succeed. */
  readonly isTransient: boolean;
  /** Whether the proxy is at fault. */
  readonly isProxyFault: boolean;
  /** Whether the certificate of the server, or of the proxy, was rejected. */
  readonly isCertificateFault: boolean;

  constructor(message: string, options: NetworkErrorOptions) {
    super(message, options);
    this.code = options.code;
    this.host = options.host;
    this.source = options.source;
    this.notSent = options.notSent;
    this.isTransient = options.isTransient;
    this.isProxyFault = options.isProxyFault;
    this.isCertificateFault = options.isCertificateFault;
  }
}

/** No response came in time. */
export class TimeoutError extends RequestError {
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
  /** Whether the request was sent, so that the server may have done what it asks for. */
  readonly wasSent: boolean;

  constructor({ wasSent = false, ...options }: ErrorOptions & { readonly wasSent?: boolean } = {}) {
    super(`The step was cancelled${wasSent ? ' before a response came' : ''}`, options);
    this.wasSent = wasSent;
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
