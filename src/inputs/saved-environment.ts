import type { Env } from '../base/env.ts';
import { splitProxyUrl } from '../base/proxy-url.ts';
import { PROXY_VARIABLES, SECRET_VARIABLES, SITE_VARIABLES } from './variables.ts';

/**
 * Variables that Node or OpenSSL read when the process starts: which certificates count, whether there is a proxy, what
 * is printed. Changing them later has no effect.
 */
const STARTUP_VARIABLES: readonly string[] = [
  'NODE_DEBUG',
  'NODE_DEBUG_NATIVE',
  'NODE_EXTRA_CA_CERTS',
  'NODE_OPTIONS',
  'NODE_TLS_REJECT_UNAUTHORIZED',
  'NODE_USE_ENV_PROXY',
  'NODE_USE_SYSTEM_CA',
  'OPENSSL_CONF',
  'OPENSSL_MODULES',
  'SSL_CERT_DIR',
  'SSL_CERT_FILE',
];

const SAVED_VARIABLES: readonly string[] = [
  ...SITE_VARIABLES,
  ...Object.values(SECRET_VARIABLES).flat(),
  ...PROXY_VARIABLES,
  ...STARTUP_VARIABLES,
];

/**
 * Whether a variable decides which credentials are sent, where and how, or what the step does. The steps of a watched
 * job can change such variables through GITHUB_ENV before its post stage, which therefore uses the values from the main
 * stage. The runner itself sets the inputs that the action declares, but not those with a hyphen in their name.
 */
function isSaved(name: string): boolean {
  return SAVED_VARIABLES.includes(name) || (name.startsWith('INPUT_') && name.includes('-'));
}

function selectSaved(env: Env): Record<string, string> {
  const entries = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries.filter(([name]) => isSaved(name)));
}

/** The values of these variables, as text for the step's state. It may hold secrets: mask them first. */
export function serializeEnvironment(env: Env): string {
  return JSON.stringify(selectSaved(env));
}

/** An environment with the saved variables as they were. */
export interface RestoredEnvironment {
  readonly env: Record<string, string | undefined>;
  /** Whether the process must start again, because it has already used other values. */
  readonly mustRestart: boolean;
}

/** Puts the saved variables back. `undefined` if the text, which may be missing, was not saved by this action. */
export function restoreEnvironment(env: Env, text: string | undefined): RestoredEnvironment | undefined {
  let saved: Record<string, string>;
  try {
    saved = selectSaved(JSON.parse(text ?? '') as Env);
  } catch {
    return undefined;
  }
  const others = Object.entries(env).filter(([name]) => !isSaved(name));
  return {
    env: { ...Object.fromEntries(others), ...saved },
    mustRestart: STARTUP_VARIABLES.some((name) => env[name] !== saved[name]),
  };
}

/** The passwords in the addresses of proxies: as written, decoded, and as the proxy gets them. A lone user is a token. */
export function collectProxyPasswords(env: Env): string[] {
  return PROXY_VARIABLES.flatMap((name) => {
    const { credentials } = splitProxyUrl(env[name] ?? '');
    if (!credentials) return [];
    const { user, password, encodedPassword } = credentials;
    const basic = Buffer.from(`${user}:${password}`).toString('base64');
    return [encodedPassword || user, password, basic].filter((secret) => secret !== '');
  });
}
