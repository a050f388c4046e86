import type { GivenEnv } from '../base/env.ts';
import type { Redactor } from '../base/redactor.ts';
import type { Unredacted } from '../base/unredacted.ts';
import type { ConnectToGitHub } from '../cases/pull-request.ts';
import { authHeaders, type DatadogClient, type KeylessCredentials } from '../datadog/client.ts';
import { exchangeIdentityToken } from '../datadog/sign-in.ts';
import { createGitHubClient } from '../github/client.ts';
import { fetchIdentityToken } from '../github/identity-token.ts';
import { USER_AGENT } from '../http/client.ts';
import type { Clock, Fetch } from '../http/connection.ts';
import type { Inputs } from '../inputs/parse-inputs.ts';

/** What connecting to Datadog needs of the step. */
interface ConnectionTools {
  readonly givenEnv: GivenEnv;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly random: () => number;
  readonly redactor: Redactor;
  readonly log: (line: string) => void;
  /** Hides secrets that are obtained on the way, before anything else happens with them. */
  readonly addSecrets: (secrets: readonly Unredacted[]) => void;
}

/** When all requests, and those that sign in, must have ended, in milliseconds since 1970. */
interface Deadlines {
  readonly deadlineMs: number;
  readonly signInDeadlineMs: number;
}

/** Creates a client that is signed in. Throws SignInError, HttpError, NetworkError and TimeoutError. */
export async function connectToDatadog(
  tools: ConnectionTools,
  { credentials, site }: Pick<Inputs, 'credentials' | 'site'>,
  { deadlineMs, signInDeadlineMs }: Deadlines,
): Promise<DatadogClient> {
  const { fetch, clock, random, redactor, log } = tools;
  const base: DatadogClient = {
    url: site.apiUrl,
    webUrl: site.webUrl,
    source: site.source,
    credentials: credentials.kind === 'oidc' ? 'identity' : credentials.kind,
    session: { provenAccess: 'none' },
    headers: { 'User-Agent': USER_AGENT },
    fetch,
    clock,
    random,
    redactor,
    deadlineMs,
    log,
  };
  if (credentials.kind === 'oidc') return signIn(tools, base, { ...credentials, signInDeadlineMs });
  return { ...base, headers: { ...base.headers, ...authHeaders(credentials) } };
}

/** Signs in with the identity that GitHub gives the job. The step ends before the sign-in expires. */
async function signIn(
  { givenEnv, log, addSecrets }: ConnectionTools,
  base: DatadogClient,
  { audience, signInDeadlineMs }: KeylessCredentials & { readonly signInDeadlineMs: number },
): Promise<DatadogClient> {
  const options = { audience, addSecret: (secret: Unredacted) => addSecrets([secret]) };
  const client = { ...base, deadlineMs: signInDeadlineMs };
  const identity = await fetchIdentityToken(client, givenEnv, options);
  const { token, expiresAtMs } = await exchangeIdentityToken(client, identity, options);
  if (expiresAtMs < base.deadlineMs) {
    const seconds = Math.floor((expiresAtMs - base.clock.now()) / 1000);
    log(`The keyless sign-in expires in ${seconds} s, earlier than timeout. The step ends by then.`);
  }
  return {
    ...base,
    headers: { ...base.headers, ...authHeaders({ kind: 'token', token }) },
    // That Datadog gave out a token proves that the site is right, but not what the token may change.
    session: { provenAccess: 'read' },
    deadlineMs: Math.min(base.deadlineMs, expiresAtMs),
  };
}

/** How to create a client for GitHub. GitHub is optional: its failures never fail the step. */
export function connectToGitHub(
  env: GivenEnv,
  base: Parameters<typeof createGitHubClient>[0],
  { githubToken: token }: Pick<Inputs, 'githubToken'>,
): ConnectToGitHub | undefined {
  if (token.isEmpty || (env.GITHUB_REPOSITORY?.isEmpty ?? true)) return undefined;
  return (budgetMs) => createGitHubClient(base, { env, token, userAgent: USER_AGENT }, budgetMs);
}
