import { HttpError, NetworkError } from '../../src/http/errors.ts';

type HttpErrorOptions = ConstructorParameters<typeof HttpError>[0];
type NetworkErrorOptions = ConstructorParameters<typeof NetworkError>[1];

/** A response with status 400 to `POST /thing`, unless the test says otherwise. */
export function createHttpError(overrides: Partial<HttpErrorOptions> = {}): HttpError {
  return new HttpError({
    method: 'POST',
    path: '/thing',
    status: 400,
    details: [],
    retryAfterMs: undefined,
    host: 'api.example',
    source: { kind: 'variable', name: 'DD_SITE' },
    credentials: 'keys',
    provenAccess: 'none',
    ...overrides,
  });
}

/** A connection that broke after the request was sent, unless the test says otherwise. */
export function createNetworkError(overrides: Partial<NetworkErrorOptions> = {}): NetworkError {
  return new NetworkError('It failed.', {
    code: 'ECONNRESET',
    host: 'api.example',
    source: { kind: 'variable', name: 'DD_SITE' },
    notSent: false,
    isTransient: true,
    isProxyFault: false,
    isCertificateFault: false,
    ...overrides,
  });
}
