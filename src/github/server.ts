import type { Env } from '../base/env.ts';

/** The URL of the GitHub instance, without a trailing slash. */
export function readServerUrl(env: Env): string {
  return env.GITHUB_SERVER_URL?.replace(/\/+$/, '') || 'https://github.com';
}

/** The host of the GitHub instance, with the port if there is one. */
export function readServerHost(env: Env): string {
  const url = readServerUrl(env);
  return URL.parse(url)?.host ?? url;
}
