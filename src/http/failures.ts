import { type AddressSource, describeSource } from '../base/address.ts';
import { errorCode, NetworkError, ProxyError, TimeoutError, TransportError } from './errors.ts';

/** A request that failed without a response. */
interface FailedRequest {
  /** The method and path. */
  readonly request: string;
  readonly host: string;
  readonly source: AddressSource;
  /** What `fetch` threw. */
  readonly cause: unknown;
}

/**
 * Node's codes for a rejected certificate
 * (https://github.com/nodejs/node/blob/main/src/crypto/crypto_common.cc, https://nodejs.org/api/errors.html).
 */
export const CERTIFICATE_CODES =
  /^(?:CERT_|CRL_|ERROR_IN_C|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|ERR_TLS_CERT_|INVALID_(?:CA|PURPOSE)|PATH_LENGTH|HOSTNAME_MISMATCH)/;
/** A proxy that forbids the connection, that wants other credentials, and one whose URL is invalid. */
const FINAL_PROXY_CODES: readonly string[] = ['PROXY_403', 'PROXY_407', 'PROXY_ADDRESS'];

/** The error for a request whose connection failed. */
export function toNetworkError({ request, host, source, cause }: FailedRequest): NetworkError {
  const proxyError = findProxyError(cause);
  const code = proxyError?.code ?? errorCode(cause);
  const isCertificateFault = CERTIFICATE_CODES.test(code);
  // Only how far the connection got counts: TLS can also fail after the request was sent.
  const notSent = proxyError !== undefined || (cause instanceof TransportError && cause.notSent);
  const problem =
    proxyError?.message ??
    `${describeFailure(code, notSent, host)}${describeRoute(cause)} (${code}${notSent ? `, ${describeSource(source)}` : ''})`;
  return new NetworkError(`${request} failed: ${problem}.`, {
    code,
    host,
    source,
    notSent,
    isTransient: !isCertificateFault && !FINAL_PROXY_CODES.includes(code),
    isProxyFault: proxyError !== undefined,
    isCertificateFault,
    cause,
  });
}

/** What happened to a request to `host` that failed with this code, to go on after a colon. */
export function describeFailure(code: string, notSent: boolean, host: string): string {
  if (code.startsWith('HPE_')) return `no valid HTTP response from ${host}`;
  if (code.startsWith('Z_')) return `could not decompress the response of ${host}`;
  if (!notSent) return `lost the connection to ${host}`;
  return `could not ${isTlsCode(code) ? 'set up TLS with' : 'connect to'} ${host}`;
}

/** Whether the other end doesn't speak TLS, or not in the same way. */
export function isTlsCode(code: string): boolean {
  return /^(?:EPROTO|ERR_SSL_)/.test(code);
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
