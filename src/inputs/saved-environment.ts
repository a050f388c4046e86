import type { Env } from '../base/env.ts';
import { splitProxyUrl } from '../base/proxy-url.ts';
import { PROXY_VARIABLES, SECRET_VARIABLES, SITE_VARIABLES } from './variables.ts';

/**
 * The variables that decide where credentials are sent, which ones, and how. The steps of a watched job can change
 * them through GITHUB_ENV before its post stage. So the post stage uses the values from the main stage instead.
 */
export const SAVED_VARIABLES: readonly string[] = [
  ...SITE_VARIABLES,
  ...Object.values(SECRET_VARIABLES).flat(),
  ...PROXY_VARIABLES,
  'NODE_TLS_REJECT_UNAUTHORIZED',
];

/** The values of the saved variables, as text for the step's state. It may hold secrets: mask them first. */
export function serializeEnvironment(env: Env): string {
  return JSON.stringify(Object.fromEntries(SAVED_VARIABLES.map((name) => [name, env[name]])));
}

/** The saved variables that were set. `undefined` if the text, which may be missing, was not saved by this action. */
export function parseSavedEnvironment(text: string | undefined): Record<string, string> | undefined {
  try {
    const saved = JSON.parse(text ?? '') as Readonly<Record<string, unknown>>;
    const entries = SAVED_VARIABLES.map((name) => [name, saved[name]] as const);
    return Object.fromEntries(
      entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
  } catch {
    return undefined;
  }
}

/** The passwords in the addresses of proxies, as written and decoded. */
export function collectProxyPasswords(env: Env): string[] {
  return PROXY_VARIABLES.flatMap((name) => {
    const { credentials } = splitProxyUrl(env[name] ?? '');
    return credentials ? [credentials.encodedPassword, credentials.password] : [];
  });
}
