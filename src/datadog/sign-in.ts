import { SignInError } from '../base/errors.ts';
import { asRecord, asString } from '../base/json.ts';
import { truncate } from '../base/truncate.ts';
import { Unredacted } from '../base/unredacted.ts';
import type { ApiClient } from '../http/client.ts';
import { HttpError, UnexpectedResponseError } from '../http/errors.ts';
import { fetchSecret, isUsableToken } from '../http/secret-response.ts';

/** A short-lived token that authenticates requests like a stored access token. */
export interface AccessToken {
  readonly token: Unredacted;
  /** Milliseconds since 1970. */
  readonly expiresAtMs: number;
}

/** An identity that another system vouches for. */
interface Identity {
  readonly token: Unredacted;
  /** The `sub` claim; empty if it is unknown. */
  readonly subject: string;
}

/** How long a token lasts if the response doesn't say. Source: observed, undocumented. */
const DEFAULT_LIFE_MS = 15 * 60 * 1000;
/** An earlier expiry means that one of the two clocks is wrong. */
const MIN_LIFE_MS = 60 * 1000;
const MAX_SUBJECT_CHARS = 500;

/**
 * Exchanges an identity token for an access token. `base` has the time budget and no credentials. `addSecret` is called
 * with the access token before anything else happens with it. Throws SignInError and, if there was no usable response,
 * NetworkError or TimeoutError. The endpoint is a preview.
 * Source: https://github.com/DataDog/datadog-api-client-go
 */
export async function exchangeIdentityToken(
  base: ApiClient,
  identity: Identity,
  { audience, addSecret }: { readonly audience: string; readonly addSecret: (secret: Unredacted) => void },
): Promise<AccessToken> {
  const headers = {
    ...base.headers,
    Authorization: `Delegated ${identity.token.reveal()}`,
    'Content-Type': 'application/json',
  };
  const response = await fetchSecret(
    { ...base, headers },
    { method: 'POST', path: '/api/v2/delegated-token', idempotent: true },
  ).catch((error: unknown) => {
    throw explainFailure(error, { host: new URL(base.url).host, subject: identity.subject, audience });
  });
  const { access_token: accessToken, expires } = asRecord(asRecord(asRecord(response).data).attributes);
  const token = new Unredacted(asString(accessToken));
  addSecret(token);
  if (!isUsableToken(token)) throw noTokenError();
  return { token, expiresAtMs: parseExpiry(expires, base.clock.now()) };
}

function noTokenError(): SignInError {
  const text = "org_uuid: Datadog's response contains no access token. Keyless sign-in is a preview";
  return new SignInError(`${text} and may have changed: use keys instead.`, { isActionable: false });
}

function explainFailure(
  error: unknown,
  { host, subject, audience }: { host: string; subject: string; audience: string },
): unknown {
  if (error instanceof UnexpectedResponseError) return noTokenError();
  if (!(error instanceof HttpError)) return error;
  const { status } = error;
  const problem = `org_uuid: Datadog (${host}) returned ${status} for keyless sign-in.`;
  if (status >= 500 || status === 408 || status === 429)
    return new SignInError(`${problem} Run the job again later.`, { isActionable: false });
  if (status < 400)
    return new SignInError(`${problem} Redirects are not followed. Check site and api_url.`, {
      isActionable: true,
    });
  // A 401 is documented for an identity that isn't mapped; other statuses may mean the same.
  const claims = [
    ...(subject ? [`sub: ${quote(subject)}`] : []),
    `aud: ${quote(audience)}`,
    'Also check org_uuid and site.',
  ];
  return new SignInError(
    `${problem} It doesn't accept this job's identity, or your organization doesn't have this preview. A Datadog administrator has to map the identity to a service account:\n${claims.join('\n')}`,
    { isActionable: true },
  );
}

/** Quotes a claim in full, because it has to be copied, unless it is far too long. */
function quote(claim: string): string {
  return JSON.stringify(truncate(claim, MAX_SUBJECT_CHARS));
}

/** Parses Unix seconds, given as text or as a number. */
function parseExpiry(expires: unknown, nowMs: number): number {
  const expiresAtMs = Number(expires ?? Number.NaN) * 1000;
  return expiresAtMs - nowMs >= MIN_LIFE_MS ? expiresAtMs : nowMs + DEFAULT_LIFE_MS;
}
