import type { AddressSource } from '../base/address.ts';
import type { GivenEnv } from '../base/env.ts';
import { SignInError, toSentence } from '../base/errors.ts';
import { asRecord, asString } from '../base/json.ts';
import type { Redactor } from '../base/redactor.ts';
import { Unredacted } from '../base/unredacted.ts';
import type { ApiClient } from '../http/client.ts';
import { HttpError, UnexpectedResponseError } from '../http/errors.ts';
import { fetchSecret, isUsableToken } from '../http/secret-response.ts';

/** What to do if the job may not request an identity token. */
export const MISSING_PERMISSION = `org_uuid: this job can't request an identity token from GitHub. Add this permission to those that the job already has:
permissions:
  id-token: write`;

/** Whether the job may request an identity token: GitHub sets both variables only then. */
export function canRequestIdentityToken(env: GivenEnv): boolean {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = env;
  return /^https?:/.test(url?.reveal() ?? '') && token?.isEmpty === false;
}

const REQUEST_URL_SOURCE: AddressSource = { kind: 'variable', name: 'ACTIONS_ID_TOKEN_REQUEST_URL' };

/** A token in which GitHub says which job this is. */
export interface IdentityToken {
  readonly token: Unredacted;
  /** The `sub` claim, such as `repo:acme/shop:ref:refs/heads/main`. It isn't secret. Empty if it is unknown. */
  readonly subject: string;
}

/**
 * Asks GitHub for an identity token for the audience. `base` has the time budget and no credentials. `addSecret` is
 * called with each token before anything else happens with it. Throws SignInError.
 * Source: https://docs.github.com/actions/reference/security/oidc
 */
export async function fetchIdentityToken(
  base: ApiClient,
  env: GivenEnv,
  { audience, addSecret }: { readonly audience: string; readonly addSecret: (secret: Unredacted) => void },
): Promise<IdentityToken> {
  const url = URL.parse(env.ACTIONS_ID_TOKEN_REQUEST_URL?.reveal() ?? '');
  const requestToken = env.ACTIONS_ID_TOKEN_REQUEST_TOKEN;
  if (!url || !requestToken || !canRequestIdentityToken(env))
    throw new SignInError(MISSING_PERMISSION, { isActionable: true });
  addSecret(requestToken);
  url.searchParams.set('audience', audience);
  const headers = { ...base.headers, Authorization: `Bearer ${requestToken.reveal()}` };
  const response = await fetchSecret(
    { ...base, url: url.origin, source: REQUEST_URL_SOURCE, headers },
    { method: 'GET', path: url.pathname + url.search, idempotent: true },
  ).catch((error: unknown) => {
    throw explainFailure(error);
  });
  const token = new Unredacted(asString(asRecord(response).value));
  addSecret(token);
  if (!isUsableToken(token))
    throw new SignInError("org_uuid: GitHub's response contains no identity token.", { isActionable: false });
  return { token, subject: readSubject(token, base.redactor) };
}

function explainFailure(error: unknown): SignInError {
  if (error instanceof HttpError) {
    const problem = `org_uuid: GitHub returned ${error.status} when asked for an identity token.`;
    const isActionable = error.status < 500 && ![408, 429].includes(error.status);
    const advice = isActionable
      ? 'Check that the job has the permission id-token: write, and oidc_audience if it is set.'
      : 'Run the job again later.';
    return new SignInError(`${problem} ${advice}`, { isActionable });
  }
  if (error instanceof UnexpectedResponseError)
    return new SignInError("org_uuid: GitHub's response contains no identity token.", {
      isActionable: false,
    });
  return new SignInError(`org_uuid: could not request an identity token from GitHub. ${toSentence(error)}`, {
    isActionable: false,
    cause: error,
  });
}

/** Reads a claim without verifying the token: Datadog does that. */
function readSubject(token: Unredacted, redactor: Redactor): string {
  try {
    const [, payload = ''] = token.reveal().split('.');
    const claims = redactor.parseJson(new Unredacted(Buffer.from(payload, 'base64url').toString('utf8')));
    return asString(asRecord(claims).sub);
  } catch {
    return '';
  }
}
