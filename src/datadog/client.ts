import type { Unredacted } from '../base/unredacted.ts';
import type { ApiClient } from '../http/client.ts';

/** A connection to Datadog's API. */
export interface DatadogClient extends ApiClient {
  /** Where the site's web pages are, without a trailing slash. */
  readonly webUrl: string;
}

/** Credentials that can be sent as they are. */
export type StoredCredentials =
  | { readonly kind: 'token'; readonly token: Unredacted }
  | { readonly kind: 'keys'; readonly apiKey: Unredacted; readonly appKey: Unredacted };

/** An identity token for this audience, to be exchanged for an access token. */
export interface KeylessCredentials {
  readonly kind: 'oidc';
  readonly audience: string;
}

/** What a step authenticates with. */
export type Credentials = StoredCredentials | KeylessCredentials;

/** The headers that authenticate a request. Source: https://docs.datadoghq.com/api/latest/authentication/ */
export function authHeaders(credentials: StoredCredentials): Record<string, string> {
  if (credentials.kind === 'token') return { Authorization: `Bearer ${credentials.token.reveal()}` };
  return { 'DD-API-KEY': credentials.apiKey.reveal(), 'DD-APPLICATION-KEY': credentials.appKey.reveal() };
}
