import type { Env } from '../base/env.ts';
import { splitProxyUrl } from '../base/proxy-url.ts';
import { ORG_VARIABLES, PROXY_VARIABLES, SECRET_VARIABLES, SITE_VARIABLES } from './variables.ts';

/**
 * Variables that Node or OpenSSL read when the process starts: which certificates count, whether there is a proxy, what
 * is printed. Changing them later has no effect. The runner itself protects NODE_OPTIONS.
 */
const STARTUP_VARIABLES: readonly string[] = [
  'NODE_DEBUG',
  'NODE_DEBUG_NATIVE',
  'NODE_EXTRA_CA_CERTS',
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
  ...ORG_VARIABLES,
  ...Object.values(SECRET_VARIABLES).flat(),
  ...PROXY_VARIABLES.map((name) => name.toUpperCase()),
  ...STARTUP_VARIABLES,
];

/**
 * Whether a variable decides which credentials are sent, where and how, or what the step does. The steps of a watched
 * job can change such variables through GITHUB_ENV before its post stage, which therefore uses the values from the main
 * stage. The runner itself sets the inputs that the action declares, but not those with a hyphen in their name.
 */
function isSaved(name: string): boolean {
  const upperName = name.toUpperCase(); // Windows ignores case.
  return SAVED_VARIABLES.includes(upperName) || (upperName.startsWith('INPUT_') && name.includes('-'));
}

function selectSaved(env: Readonly<Record<string, unknown>>): Record<string, string> {
  const entries = Object.entries(env).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && isSaved(entry[0]),
  );
  return Object.fromEntries(entries);
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

/** The step's state, which is not passed on. */
const STATE = 'STATE_environment';

/** Puts the saved variables back. `undefined` if the state is missing, or wasn't saved by this action. */
export function restoreEnvironment(env: Env): RestoredEnvironment | undefined {
  let saved: Record<string, string>;
  try {
    saved = selectSaved(JSON.parse(env[STATE] ?? '') as Readonly<Record<string, unknown>>);
  } catch {
    return undefined;
  }
  const others = Object.entries(env).filter(([name]) => name !== STATE && !isSaved(name));
  return {
    env: { ...Object.fromEntries(others), ...saved },
    mustRestart: STARTUP_VARIABLES.some((name) => find(env, name) !== find(saved, name)),
  };
}

function find(env: Env, upperName: string): string | undefined {
  return Object.entries(env).find(([name]) => name.toUpperCase() === upperName)?.[1];
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
