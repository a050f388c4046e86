import type { Env, GivenEnv } from '../base/env.ts';
import type { Unredacted } from '../base/unredacted.ts';
import type { ApiClient } from '../http/client.ts';

/**
 * Creates a client for GitHub's API, on github.com or Enterprise Server. It stops after `budgetMs` milliseconds or at
 * the step's own deadline, whichever comes first. It doesn't log retries: GitHub is optional.
 */
export function createGitHubClient(
  base: Omit<ApiClient, 'url' | 'source' | 'headers' | 'credentials' | 'session'>,
  {
    env: { GITHUB_API_URL: apiUrl },
    token,
    userAgent,
  }: { readonly env: GivenEnv; readonly token: Unredacted; readonly userAgent: string },
  budgetMs: number,
): ApiClient {
  return {
    ...base,
    source:
      apiUrl && !apiUrl.isEmpty
        ? { kind: 'variable', name: 'GITHUB_API_URL' }
        : { kind: 'default', name: 'server' },
    credentials: 'token',
    session: { provenAccess: 'none' },
    url: apiUrl?.reveal().replace(/\/+$/, '') || 'https://api.github.com',
    headers: {
      Authorization: `Bearer ${token.reveal()}`,
      'User-Agent': userAgent,
      'X-GitHub-Api-Version': '2022-11-28',
    },
    deadlineMs: Math.min(base.deadlineMs, base.clock.now() + budgetMs),
    log: () => undefined,
  };
}

/** The URL of the GitHub instance, without a trailing slash. */
export function readServerUrl(env: Env): string {
  return env.GITHUB_SERVER_URL?.replace(/\/+$/, '') || 'https://github.com';
}

/** The host of the GitHub instance, with the port if there is one. */
export function readServerHost(env: Env): string {
  const url = readServerUrl(env);
  return URL.parse(url)?.host ?? url;
}
