import * as attributes from './attributes.ts';
import { UUID } from './datadog/lookup.ts';
import * as sites from './datadog/sites.ts';
import { InputError, type Problem } from './errors.ts';
import { nearest, quote } from './text.ts';

/** Every input and what an empty one means. action.yml says the same (contract.test.ts compares). */
export const DEFAULTS = {
  title: '',
  project: '',
  type_id: 'Standard',
  priority: 'NOT_DEFINED',
  assignee: '',
  description: '',
  description_file: '',
  status_name: '',
  custom_attributes: '',
  attributes: '',
  mode: 'open',
  dedup_key: '',
  on_existing: 'comment',
  run_context: 'true',
  log_lines: '0',
  pr_comment: 'false',
  pr_number: '',
  github_token: '',
  api_key: '',
  app_key: '',
  access_token: '',
  site: '',
  api_url: '',
  dry_run: 'false',
  fail_on_error: 'true',
  timeout: '60',
} as const;

export type InputName = keyof typeof DEFAULTS;
export type Env = Readonly<Record<string, string | undefined>>;

export const PRIORITIES = ['NOT_DEFINED', 'P1', 'P2', 'P3', 'P4', 'P5'] as const;
/** When a case that could not be opened fails the step: always, never, or only for what a person must fix. */
export type FailOnError = 'true' | 'false' | 'config';

export type Credentials = { readonly token: string } | { readonly apiKey: string; readonly appKey: string };

/** All that a step was asked to do, checked. */
export interface Inputs {
  readonly mode: 'open' | 'close';
  /** Empty only where a case is to be closed. */
  readonly title: string;
  readonly project: string;
  readonly typeId: string;
  readonly priority: (typeof PRIORITIES)[number];
  /** Empty where nobody is to be assigned; so are the other texts where they were not given. */
  readonly assignee: string;
  readonly description: string;
  readonly descriptionFile: string;
  readonly statusName: string;
  readonly customAttributes: attributes.GivenAttributes;
  readonly attributes: attributes.PlainAttributes;
  readonly dedupKey: string;
  readonly onExisting: 'comment' | 'ignore';
  readonly runContext: boolean;
  /** Lines of each failed step's log to add to the description. */
  readonly logLines: number;
  readonly prComment: boolean;
  readonly prNumber: number | undefined;
  readonly githubToken: string;
  readonly credentials: Credentials;
  readonly addresses: sites.Addresses;
  readonly dryRun: boolean;
  readonly failOnError: FailOnError;
  /** Milliseconds that all the API work of the step may take. */
  readonly timeout: number;
}

const SECRETS = {
  api_key: ['DD_API_KEY', 'DATADOG_API_KEY'],
  app_key: ['DD_APP_KEY', 'DATADOG_APP_KEY'],
  access_token: ['DD_ACCESS_TOKEN', 'DATADOG_ACCESS_TOKEN'],
  github_token: [],
} as const;
const SITE = ['DD_SITE', 'DATADOG_SITE'];
const MODES = ['open', 'close'] as const;
const POLICIES = ['true', 'false', 'config'] as const;
/** Seconds. */
const LONGEST_TIMEOUT = 3600;
const MOST_LOG_LINES = 1000;

/**
 * Reads every input of the step, and the environment that stands in for empty ones.
 * Throws InputError with all problems at once; no text of a secret is in it.
 */
export async function read(env: Env): Promise<Inputs> {
  const { values } = spelled(env);
  const problems: Problem[] = [];
  const wrong = (input: InputName, text: string) => problems.push({ input, text });
  const custom = await attributes.parseCustom(values.custom_attributes);
  const plain = await attributes.parsePlain(values.attributes);
  for (const text of custom.problems) wrong('custom_attributes', text);
  for (const text of plain.problems) wrong('attributes', text);
  if (!values.project) wrong('project', 'is required: give its key, its name or its UUID.');
  const asked = readChoice(values, 'mode', MODES, wrong);
  if (asked === 'close' && !values.dedup_key)
    wrong('dedup_key', 'is required to close a case: give the one that it was opened with.');
  if (asked === 'open' && !values.title) wrong('title', 'is required: say in a few words what happened.');
  const inputs: Inputs = {
    mode: asked,
    title: values.title,
    project: values.project,
    typeId: values.type_id,
    priority: readChoice(values, 'priority', PRIORITIES, wrong),
    assignee: readAssignee(values.assignee, wrong),
    description: values.description,
    descriptionFile: values.description_file,
    statusName: values.status_name,
    customAttributes: custom.value,
    attributes: plain.value,
    dedupKey: values.dedup_key,
    onExisting: readChoice(values, 'on_existing', ['comment', 'ignore'], wrong),
    runContext: readFlag(values, 'run_context', wrong),
    logLines: readNumber(values, 'log_lines', 0, MOST_LOG_LINES, wrong),
    prComment: readFlag(values, 'pr_comment', wrong),
    prNumber: values.pr_number
      ? readNumber(values, 'pr_number', 1, Number.MAX_SAFE_INTEGER, wrong)
      : undefined,
    githubToken: values.github_token,
    credentials: readCredentials(values, env, wrong),
    addresses: readAddresses(values, env, wrong),
    dryRun: readFlag(values, 'dry_run', wrong),
    failOnError: readChoice(values, 'fail_on_error', POLICIES, wrong),
    timeout: readNumber(values, 'timeout', 1, LONGEST_TIMEOUT, wrong) * 1000,
  };
  if (problems.length) throw new InputError(problems);
  return inputs;
}

/** What was understood although it was misspelt, and what was not understood at all: a warning each. */
export function misspelt(env: Env): string[] {
  return spelled(env).warnings;
}

/** Every secret that the step was given, to be masked before anything else happens. */
export function secrets(env: Env): string[] {
  const { values } = spelled(env);
  return Object.entries(SECRETS).flatMap(([name, names]) =>
    [values[name as keyof typeof SECRETS], ...names.map((variable) => env[variable]?.trim())].filter(
      (secret) => !!secret,
    ),
  ) as string[];
}

/** Whether the step was given all that it needs to sign in. */
export function hasCredentials(env: Env): boolean {
  const found = credentials(spelled(env).values, env);
  return 'token' in found || (found.apiKey !== '' && found.appKey !== '');
}

/** `fail_on_error` alone, which must be known even when other inputs are wrong; `true` where it is wrong itself. */
export function failOnError(env: Env): FailOnError {
  return readChoice(spelled(env).values, 'fail_on_error', POLICIES, () => undefined);
}

/** `mode` alone, which says what it was that failed; `open` where it is wrong itself. */
export function mode(env: Env): Inputs['mode'] {
  return readChoice(spelled(env).values, 'mode', MODES, () => undefined);
}

type Values = Readonly<Record<InputName, string>>;
type Wrong = (input: InputName, text: string) => unknown;

/**
 * The inputs by their proper names. The runner passes what it does not know as well:
 * a hyphen for an underscore is understood; anything else is worth a warning, since a typo would be silent.
 */
function spelled(env: Env): { values: Values; warnings: string[] } {
  const values: Record<string, string> = { ...DEFAULTS };
  const names = Object.keys(DEFAULTS);
  const warnings: string[] = [];
  for (const name of names) values[name] = env[`INPUT_${name.toUpperCase()}`]?.trim() || values[name] || '';
  for (const [variable, value] of Object.entries(env)) {
    if (!variable.startsWith('INPUT_') || value === undefined) continue;
    const given = variable.slice('INPUT_'.length).toLowerCase();
    const meant = given.replaceAll('-', '_');
    if (names.includes(given)) continue;
    if (!names.includes(meant)) {
      warnings.push(
        `${quote(given)} is not an input of this action and is ignored. Did you mean ${nearest(meant, names)[0]}?`,
      );
      continue;
    }
    // The runner fills the proper name with its default, so a default there does not count as given.
    if (values[meant] === DEFAULTS[meant as InputName]) {
      warnings.push(
        `${quote(given)} is read as ${meant}: inputs of this action are written with underscores.`,
      );
      values[meant] = value.trim() || (values[meant] ?? '');
    } else warnings.push(`${quote(given)} is ignored, since ${meant} is given as well.`);
  }
  return { values: values as Values, warnings };
}

function readChoice<T extends string>(
  values: Values,
  input: InputName,
  choices: readonly [T, ...T[]],
  wrong: Wrong,
): T {
  const given = values[input];
  const found = choices.find((choice) => choice.toLowerCase() === given.toLowerCase());
  if (!found) wrong(input, `${quote(given)} will not do; use one of ${choices.join(', ')}.`);
  return found ?? choices[0];
}

function readAssignee(given: string, wrong: Wrong): string {
  if (given && !UUID.test(given) && !/^[^\s@]+@[^\s@]+$/.test(given)) {
    wrong('assignee', `${quote(given)} is neither a UUID nor an e-mail address.`);
  }
  return given;
}

function readFlag(values: Values, input: InputName, wrong: Wrong): boolean {
  return readChoice(values, input, ['true', 'false'], wrong) === 'true';
}

function readNumber(values: Values, input: InputName, least: number, most: number, wrong: Wrong): number {
  const given = values[input];
  const number = /^\d{1,15}$/.test(given) ? Number(given) : Number.NaN;
  if (number >= least && number <= most) return number;
  wrong(
    input,
    `${quote(given)} will not do; use a whole number from ${least}${most < Number.MAX_SAFE_INTEGER ? ` to ${most}` : ' up'}.`,
  );
  return least;
}

function readAddresses(values: Values, env: Env, wrong: Wrong): sites.Addresses {
  const variable = SITE.find((name) => env[name]?.trim());
  const given = values.site || (variable && env[variable]?.trim()) || 'datadoghq.com';
  const addresses = sites.parse(given);
  if (!addresses) {
    const source = values.site || !variable ? '' : ` (from ${variable})`;
    wrong(
      'site',
      `${quote(given)}${source} is no Datadog site that an API is known for; use one of ${sites.KNOWN.join(', ')}.`,
    );
  }
  const api = values.api_url ? sites.parseApiUrl(values.api_url) : addresses?.api;
  if (values.api_url && !api) {
    const shown = quote(values.api_url.replace(/\/\/.*@/, '//…@').replace(/[?#].*/, '…')); // It may hold a password.
    wrong(
      'api_url',
      `${shown} will not do; use an https address without user, password and query (http only on this machine).`,
    );
  }
  return { api: api ?? '', web: addresses?.web ?? '' };
}

/** What was given to sign in with: inputs before the environment, a token before keys. Parts may be empty. */
function credentials(values: Values, env: Env): Credentials {
  const fromEnv = (name: keyof typeof SECRETS) =>
    SECRETS[name].map((variable) => env[variable]?.trim()).find((text) => text) ?? '';
  if (values.access_token) return { token: values.access_token };
  const token = fromEnv('access_token');
  if (token && !values.api_key && !values.app_key) return { token };
  return { apiKey: values.api_key || fromEnv('api_key'), appKey: values.app_key || fromEnv('app_key') };
}

function readCredentials(values: Values, env: Env, wrong: Wrong): Credentials {
  const found = credentials(values, env);
  const parts: [InputName, string][] =
    'token' in found
      ? [['access_token', found.token]]
      : [
          ['api_key', found.apiKey],
          ['app_key', found.appKey],
        ];
  for (const [input, secret] of parts) {
    if (!secret) wrong(input, MISSING[input as keyof typeof MISSING]);
    // Nothing else is said of a key's form: only what cannot travel in a header is refused.
    else if (!/^[\x20-\x7e]+$/.test(secret))
      wrong(input, 'holds a line break or another character that no key has; copy it again.');
  }
  return found;
}

const MISSING = {
  api_key:
    'is missing. Make an API key under Organization Settings > API Keys, save it as a secret and pass it here or as DD_API_KEY.',
  app_key:
    'is missing. Make an application key with the permission cases_write (and cases_read) under Organization Settings > Application Keys, save it as a secret and pass it here or as DD_APP_KEY.',
};
