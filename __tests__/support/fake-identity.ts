import { createHmac } from 'node:crypto';

/** The claims of an identity token that are used here. */
export interface IdentityClaims {
  /** Makes each token different. */
  readonly jti: string;
  readonly aud: string;
  readonly sub: string;
}

/** Issues a signed identity token, as the fake GitHub does. */
export function issueIdentityToken(claims: IdentityClaims): string {
  const [header, payload] = [{ typ: 'JWT', alg: 'HS256' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  return `${header}.${payload}.${sign(`${header}.${payload}`)}`;
}

/** The claims of a token, as the fake Datadog reads them; `undefined` if the signature is wrong. */
export function verifyIdentityToken(token: string): IdentityClaims | undefined {
  const [header, payload, signature] = token.split('.');
  if (!payload || signature !== sign(`${header}.${payload}`)) return undefined;
  return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as IdentityClaims;
}

function sign(text: string): string {
  return createHmac('sha256', 'known to both fakes').update(text).digest('base64url');
}
