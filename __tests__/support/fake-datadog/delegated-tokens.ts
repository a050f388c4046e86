import { verifyIdentityToken } from '../fake-identity.ts';
import type { FakeResponse, RecordedRequest } from '../fake-server.ts';

/** Exchanges identity tokens for access tokens, and knows which of those are valid. */
export class DelegatedTokens {
  static readonly orgUuid = '0b9a1c2d-1111-4222-8333-444455556666';
  /** What an administrator has mapped to a service account: patterns for whole `sub` claims. */
  mappedSubjects: RegExp[] = [];
  audience = `datadog/${DelegatedTokens.orgUuid}`;
  lifeMs = 15 * 60 * 1000;
  /** Whether responses say when the token expires. */
  saysExpiry = true;
  /** All access tokens so far, and when they expire in milliseconds since 1970. */
  readonly issued = new Map<string, number>();

  exchange({ headers, body }: RecordedRequest, nowMs: number): FakeResponse {
    const [, token = ''] = /^Delegated (.*)$/.exec(headers.authorization ?? '') ?? [];
    const claims = verifyIdentityToken(token);
    const isMapped = this.mappedSubjects.some(
      (pattern) => pattern.exec(claims?.sub ?? '')?.[0] === claims?.sub,
    );
    if (!claims || claims.aud !== this.audience || !isMapped)
      // Echoes the token: nothing of a response may be shown.
      return {
        status: 401,
        body: { errors: [{ title: 'Unauthorized', detail: `no mapping for ${token}` }] },
      };
    if (body !== undefined || headers['dd-api-key'])
      return { status: 400, body: { errors: ['unexpected body or key'] } };
    const accessToken = `sandbox-delegated-token-${this.issued.size}`;
    this.issued.set(accessToken, nowMs + this.lifeMs);
    const expires = String(Math.floor((nowMs + this.lifeMs) / 1000));
    const attributes = { access_token: accessToken, ...(this.saysExpiry && { expires }) };
    return { status: 200, body: { data: { type: 'delegated_token', attributes } } };
  }

  isValid(accessToken: string, nowMs: number): boolean {
    return (this.issued.get(accessToken) ?? 0) > nowMs;
  }
}
