import type { Env, GivenEnv } from '../base/env.ts';
import { splitProxyUrl } from '../base/proxy-url.ts';
import { Unredacted } from '../base/unredacted.ts';
import { ORG_VARIABLES, PROXY_VARIABLES, SECRET_VARIABLES, SITE_VARIABLES } from '../inputs/variables.ts';

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
 * Whether a variable decides which credentials are sent, where and how. The steps of a watched job can change such
 * variables through GITHUB_ENV before its post stage, which therefore uses the values from the main stage.
 */
function isSaved(name: string): boolean {
  return SAVED_VARIABLES.includes(name.toUpperCase()); // Windows ignores case.
}

/** Inputs that are read at the end, unless they are empty there: a later step may know more. */
const LATER_TEXTS = ['title', 'description', 'description_file', 'attributes', 'custom_attributes'];
/** Inputs that are read at the end if they were empty at the start. They are sent only to the host of the start. */
const LATE_SECRETS = Object.keys(SECRET_VARIABLES);

/**
 * The value of an input at the end of a watched job. The runner evaluates inputs again for the post stage: within a
 * composite action that is part of another one wrongly, and `env` follows what later steps wrote to GITHUB_ENV. So what
 * was given at the start wins, even if it was empty.
 */
function chooseInput(name: string, start: string, end: string): string {
  if (name === 'job_status') return end;
  if (LATER_TEXTS.includes(name)) return end.trim() ? end : start;
  return LATE_SECRETS.includes(name) && !start.trim() ? end : start;
}

function selectSaved(env: Readonly<Record<string, unknown>>): Record<string, string> {
  const entries = Object.entries(env).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && isSaved(entry[0]),
  );
  return Object.fromEntries(entries);
}

const INPUT = /^INPUT_/i;

/**
 * What the post stage must not read again, as values of the step's state. Inputs are saved one by one, because Linux
 * limits a variable to 128 KiB. The values may hold secrets: mask them first.
 */
export function serializeState(env: GivenEnv): ReadonlyMap<string, Unredacted> {
  const texts = Object.entries(env).map(([name, text]) => [name, text?.reveal()] as const);
  const saved = JSON.stringify(selectSaved(Object.fromEntries(texts)));
  const state = new Map([['environment', new Unredacted(saved)]]);
  for (const [name, text] of Object.entries(env))
    if (INPUT.test(name) && text && !text.isEmpty)
      state.set(`input_${name.replace(INPUT, '').toLowerCase()}`, text);
  return state;
}

/** An environment with the saved variables and inputs as they were. */
export interface RestoredEnvironment {
  readonly env: Record<string, string | undefined>;
  /** Whether the process must start again, because it has already used other values. */
  readonly mustRestart: boolean;
}

/** The step's state, which is not passed on. */
const STATE = 'STATE_environment';
const INPUT_STATE = /^STATE_input_/;

/** Puts the saved variables and inputs back. `undefined` if the state is missing, or wasn't saved by this action. */
export function restoreEnvironment(env: Env): RestoredEnvironment | undefined {
  let saved: Record<string, string>;
  try {
    saved = selectSaved(JSON.parse(env[STATE] ?? '') as Readonly<Record<string, unknown>>);
  } catch {
    return undefined;
  }
  const isOther = (name: string) =>
    name !== STATE && !INPUT_STATE.test(name) && !INPUT.test(name) && !isSaved(name);
  const others = Object.entries(env).filter(([name]) => isOther(name));
  return {
    env: { ...Object.fromEntries(others), ...saved, ...restoreInputs(env) },
    mustRestart: STARTUP_VARIABLES.some((name) => find(env, name) !== find(saved, name)),
  };
}

/** The variables that hold the state. */
export function selectState(env: Env): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => name === STATE || INPUT_STATE.test(name)));
}

function restoreInputs(env: Env): Record<string, string> {
  const startNames = Object.keys(env).filter((name) => INPUT_STATE.test(name));
  const endNames = Object.keys(env).filter((name) => INPUT.test(name));
  const names = [
    ...startNames.map((name) => name.replace(INPUT_STATE, '')),
    ...endNames.map((name) => name.replace(INPUT, '').toLowerCase()),
  ];
  return Object.fromEntries(
    [...new Set(names)].map((name) => {
      const variable = `INPUT_${name.toUpperCase()}`;
      const start = env[`STATE_input_${name}`] ?? '';
      return [variable, chooseInput(name, start, find(env, variable) ?? '')];
    }),
  );
}

/** A variable by its name in upper case. */
function find(env: Env, upperName: string): string | undefined {
  return Object.entries(env).find(([name]) => name.toUpperCase() === upperName)?.[1];
}

/**
 * Why nothing may be sent at the end of a job whose state was lost, so that a later step may have set everything that
 * decides where keys go; empty if they certainly go to Datadog. The text follows "because".
 */
export function explainLostState(env: Env): string {
  const names = [...PROXY_VARIABLES.map((name) => name.toUpperCase()), ...STARTUP_VARIABLES];
  const variable = names.find((name) => name !== 'NO_PROXY' && find(env, name));
  if (variable) return `${variable} is set, and a later step may have set it`;
  if (find(env, 'INPUT_API_URL')) return 'api_url is set, and a later step may have set it';
  return '';
}

/** The passwords in the addresses of proxies: as written, decoded, and as the proxy gets them. A lone user is a token. */
export function collectProxyPasswords(env: GivenEnv): Unredacted[] {
  return PROXY_VARIABLES.flatMap((name) => {
    const { credentials } = splitProxyUrl(env[name]?.reveal() ?? '');
    if (!credentials) return [];
    const { user, password, encodedPassword } = credentials;
    const basic = Buffer.from(`${user}:${password}`).toString('base64');
    const secrets = [encodedPassword || user, password, basic].filter((secret) => secret !== '');
    return secrets.map((secret) => new Unredacted(secret));
  });
}
