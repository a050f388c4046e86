import { errorCode, NetworkError, ProxyError, TimeoutError, TransportError } from './errors.ts';

/** A request that failed without a response. */
interface FailedRequest {
  /** The method and path. */
  readonly request: string;
  readonly host: string;
  /** Where the host comes from, such as `from DD_SITE`. */
  readonly source: string;
  /** What `fetch` threw. */
  readonly cause: unknown;
}

/** Node's codes for connections that failed before the request was sent, and may work later. */
const UNREACHABLE_CODES = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ETIMEDOUT',
]);
/** Codes for a rejected certificate, and for a proxy that rejects the request or cannot be used. */
const REJECTED =
  /^(?:CERT_|ERR_TLS_|ERR_SSL_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|EPROTO|PROXY_4|PROXY_ADDRESS)/;

/** The error for a request whose connection failed. */
export function toNetworkError({ request, host, source, cause }: FailedRequest): NetworkError {
  const proxyError = findProxyError(cause);
  const code = proxyError?.code ?? errorCode(cause);
  const isRejected = REJECTED.test(code);
  const notSent =
    proxyError !== undefined ||
    isRejected ||
    (cause instanceof TransportError ? cause.notSent : UNREACHABLE_CODES.has(code));
  const failure = notSent ? 'could not connect to' : 'lost the connection to';
  const problem =
    proxyError?.message ??
    `${failure} ${host}${describeRoute(cause)} (${code}${notSent ? `, ${source}` : ''})`;
  return new NetworkError(`${request} failed: ${problem}.`, {
    code,
    host,
    notSent,
    isTransient: !isRejected,
    isProxyFault: proxyError !== undefined,
    cause,
  });
}

/** The error for a request that had no response after `elapsedMs`. */
export function toTimeoutError({ request, host, cause }: FailedRequest, elapsedMs: number): TimeoutError {
  const notSent = cause instanceof TransportError && cause.notSent;
  const reason = notSent ? `: no connection to ${host}${describeRoute(cause)}` : '';
  const seconds = Math.max(1, Math.round(elapsedMs / 100)) / 10;
  return new TimeoutError(`${request} timed out after ${seconds} s${reason}.`, { notSent, cause });
}

function findProxyError(error: unknown): ProxyError | undefined {
  if (error instanceof ProxyError) return error;
  return error instanceof Error && error.cause ? findProxyError(error.cause) : undefined;
}

function describeRoute(cause: unknown): string {
  return cause instanceof TransportError && cause.proxy ? ` through ${cause.proxy}` : '';
}
