import { docsLink } from '../base/docs-link.ts';
import type { Env, GivenEnv, StepVariables } from '../base/env.ts';
import type { InputIssue } from '../base/errors.ts';
import { quoteShort } from '../base/truncate.ts';
import { Unredacted } from '../base/unredacted.ts';
import type { Credentials } from '../datadog/client.ts';
import { UUID_PATTERN } from '../datadog/entities.ts';
import type { GivenInputs, RawInputs } from './raw-inputs.ts';
import type { INPUTS, InputName, SecretNameOf } from './schema.ts';
import { collectUrlSecrets } from './site-urls.ts';
import { parseSecret } from './value-parsers.ts';
import { ORG_VARIABLES, SECRET_VARIABLES } from './variables.ts';

/** What an audience may look like: printable ASCII. */
const AUDIENCE_PATTERN = /^[\x21-\x7e]{1,200}$/;

type SecretName = SecretNameOf<typeof INPUTS>;

// Fails to compile unless these are the inputs that hold a secret.
SECRET_VARIABLES satisfies Readonly<Record<SecretName, readonly string[]>>;

/** The inputs that decide how a step authenticates. */
type RawCredentials = Pick<RawInputs, 'api_key' | 'app_key' | 'access_token' | 'org_uuid' | 'oidc_audience'>;

/** Where to create each of the keys. */
const KEY_SETTINGS = {
  api_key: 'API Keys',
  app_key: 'Application Keys (with the scopes cases_write and cases_read)',
} as const;

type KeyName = keyof typeof KEY_SETTINGS;

/** Names under which other tools keep the keys. */
const OTHER_KEY_VARIABLES: Readonly<Record<KeyName, RegExp>> = {
  api_key: /^(?:DD|DATADOG)_?(?:CLIENT_)?API_?KEY$/i,
  app_key: /^(?:DD|DATADOG)_?(?:CLIENT_)?APP(?:LICATION)?_?KEY$/i,
};

/** Tokens that the runner or the workflow may have put into the environment. */
const RUNNER_SECRETS = [
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
  'ACTIONS_RUNTIME_TOKEN',
  'GH_TOKEN',
  'GITHUB_TOKEN',
];

/** Names of inputs that probably hold a secret, such as `api-key` or `DATADOG_TOKEN`, but not `project_key`. */
const SECRET_INPUT =
  /^INPUT_.*(?:TOKEN|SECRET|PASSW|CREDENTIAL|(?:API|APP|APPLICATION|ACCESS|PRIVATE|DD|DATADOG)[-_ ]*KEY)/i;
const SECRET_VARIABLE = /^(?:DD|DATADOG)_(?:\w+_)?(?:API_KEY|APP_KEY|APPLICATION_KEY|ACCESS_TOKEN)$/i;

/** Every secret in the inputs and the environment, also those that are not used or have a misspelled name. */
export function collectSecrets(given: GivenInputs, env: GivenEnv): Unredacted[] {
  const names = Object.keys(SECRET_VARIABLES) as SecretName[];
  const variables = Object.keys(env).filter((name) => SECRET_INPUT.test(name) || SECRET_VARIABLE.test(name));
  const secrets: Unredacted[] = [
    ...names.map((name) => given[name]),
    ...[...variables, ...RUNNER_SECRETS].flatMap((name) => env[name]?.trim() ?? []),
    ...(given.github_token.isEmpty ? [] : [toBasicToken(given.github_token)]),
  ];
  return [...secrets, ...collectUrlSecrets(given, env)].filter(({ isEmpty }) => !isEmpty);
}

/** The token as actions/checkout stores it (https://github.com/actions/checkout). */
function toBasicToken(token: Unredacted): Unredacted {
  return new Unredacted(Buffer.from(`x-access-token:${token.reveal()}`).toString('base64'));
}

/** Whether a step can authenticate: with an access token, both keys, or an identity token from GitHub. */
export function hasCredentials(raw: RawCredentials, variables: StepVariables): boolean {
  const credentials = findCredentials(raw, variables);
  // GitHub issues no identity tokens to runs that get no secrets.
  if (credentials.kind === 'oidc') return Boolean(variables.env.ACTIONS_ID_TOKEN_REQUEST_URL);
  return credentials.kind === 'token' || !(credentials.apiKey.isEmpty || credentials.appKey.isEmpty);
}

/**
 * Takes the credentials from the inputs or the environment. The issues name those that are missing or malformed. If
 * missing ones `mayFollow`, because the inputs are read again later, they are only a warning.
 */
export function parseCredentials(
  raw: RawCredentials,
  variables: StepVariables,
  { mayFollow = false }: { readonly mayFollow?: boolean } = {},
): { value: Credentials; issues: readonly InputIssue[]; warnings: readonly InputIssue[] } {
  const { env } = variables;
  const credentials = findCredentials(raw, variables);
  if (credentials.kind === 'oidc')
    return { value: credentials, issues: findKeylessIssues(raw, env), warnings: [] };
  if (credentials.kind === 'token') {
    const ignored = (['api_key', 'app_key'] as const).filter((name) => !raw[name].isEmpty);
    const text = `is set, so ${ignored.join(' and ')} ${ignored.length > 1 ? 'are' : 'is'} ignored.`;
    return {
      value: credentials,
      issues: findSecretIssues('access_token', credentials.token),
      warnings: ignored.length ? [{ input: 'access_token', text }] : [],
    };
  }
  const { apiKey, appKey } = credentials;
  const keys = { api_key: apiKey, app_key: appKey };
  const names = ['api_key', 'app_key'] as const;
  const issues = names.flatMap((name) => findSecretIssues(name, keys[name]));
  if (!apiKey.isEmpty && apiKey.equals(appKey))
    issues.push({
      input: 'app_key',
      text: 'is the same as api_key. Use an application key: it is a different key.',
    });
  const missing = names.filter((name) => keys[name].isEmpty);
  if (mayFollow) return { value: credentials, issues, warnings: describeLateKeys(missing, env) };
  return { value: credentials, issues: [...describeMissingKeys(missing, env), ...issues], warnings: [] };
}

/** One issue for both keys: their secrets usually lack the same thing. */
function describeMissingKeys(missing: readonly KeyName[], env: Env): InputIssue[] {
  if (!missing.length) return [];
  const verb = missing.length > 1 ? 'are' : 'is';
  return [{ input: missing.join(' and '), text: `${verb} empty. Check ${describeKeyChecks(missing, env)}` }];
}

/** The same at the start of a job. */
function describeLateKeys(missing: readonly KeyName[], env: Env): InputIssue[] {
  if (!missing.length) return [];
  const [finding, provided] =
    missing.length > 1
      ? ['are still empty, and so is access_token', 'the keys or the token']
      : ['is still empty', 'it'];
  const text = `${finding}. Unless a later step provides ${provided}, no case can be opened. If no step does, check ${describeKeyChecks(missing, env)}`;
  return [{ input: missing.join(' and '), text }];
}

/** What to check if keys are empty, to go on after "check". */
function describeKeyChecks(missing: readonly KeyName[], env: Env): string {
  const secrets = missing.length > 1 ? 'secrets exist' : 'secret exists';
  const settings = missing.map((name) => KEY_SETTINGS[name]).join(' and ');
  return `that the ${secrets} under the name in the workflow and can be used by this job: secrets of an environment need \`environment:\`, and a reusable workflow gets secrets only from its caller (\`secrets: inherit\`).${describeOtherVariables(missing, env)} Create keys in Datadog under Organization Settings, ${settings}.`;
}

/** Variables that hold a key under a name that other tools use, and this action doesn't. */
function describeOtherVariables(missing: readonly KeyName[], env: Env): string {
  const sentences = missing.flatMap((name) => {
    const known: readonly string[] = SECRET_VARIABLES[name];
    const isOther = (variable: string) =>
      OTHER_KEY_VARIABLES[name].test(variable) && !known.includes(variable);
    const other = Object.keys(env).find((variable) => isOther(variable) && env[variable]?.trim());
    return other ? ` The variable ${other} is not read: rename it to ${known[0]}.` : [];
  });
  return sentences.join('');
}

/** Prefers inputs to the environment, then a token to keys to a sign-in without a key. Missing keys are empty. */
function findCredentials(raw: RawCredentials, { env, givenEnv }: StepVariables): Credentials {
  const fromEnv = (name: SecretName) => readSecretVariables(SECRET_VARIABLES[name], givenEnv);
  const signIn = (): Credentials => ({
    kind: 'oidc',
    audience: raw.oidc_audience || `datadog/${findOrgUuid(raw, env).toLowerCase()}`,
  });
  if (raw.org_uuid) return signIn();
  if (!raw.access_token.isEmpty) return { kind: 'token', token: raw.access_token };
  const token = fromEnv('access_token');
  const areKeysGiven = !(raw.api_key.isEmpty && raw.app_key.isEmpty);
  if (!token.isEmpty && !areKeysGiven) return { kind: 'token', token };
  const apiKey = raw.api_key.isEmpty ? fromEnv('api_key') : raw.api_key;
  const appKey = raw.app_key.isEmpty ? fromEnv('app_key') : raw.app_key;
  const hasKeys = areKeysGiven || !(apiKey.isEmpty || appKey.isEmpty);
  return findOrgUuid(raw, env) && !hasKeys ? signIn() : { kind: 'keys', apiKey, appKey };
}

/** Checks the inputs of a sign-in without a stored key. Keys in the environment are ignored, keys in inputs are not. */
function findKeylessIssues(raw: RawCredentials, env: Env): InputIssue[] {
  const issues: InputIssue[] = [];
  const keys = (['api_key', 'app_key', 'access_token'] as const).filter((name) => !raw[name].isEmpty);
  if (keys.length)
    issues.push({
      input: 'org_uuid',
      text: `is set together with ${keys.join(' and ')}. Use either org_uuid or stored credentials.`,
    });
  const orgUuid = findOrgUuid(raw, env);
  if (!UUID_PATTERN.test(orgUuid))
    issues.push({
      input: 'org_uuid',
      text: `${quoteShort(orgUuid)} is not valid. Use the UUID of your Datadog organization: ${docsLink(env, 'docs/keyless.md')}`,
    });
  if (raw.oidc_audience && !AUDIENCE_PATTERN.test(raw.oidc_audience))
    issues.push({
      input: 'oidc_audience',
      text: `${quoteShort(raw.oidc_audience)} is not valid. Use at most 200 letters, digits and punctuation marks, without spaces.`,
    });
  return issues;
}

function findOrgUuid(raw: RawCredentials, env: Env): string {
  return raw.org_uuid || (ORG_VARIABLES.map((name) => env[name]?.trim()).find((value) => value) ?? '');
}

/** The first of the variables that isn't empty. */
function readSecretVariables(names: readonly string[], env: GivenEnv): Unredacted {
  const texts = names.flatMap((name) => env[name]?.trim() ?? []);
  return texts.find(({ isEmpty }) => !isEmpty) ?? new Unredacted('');
}

function findSecretIssues(input: InputName, secret: Unredacted): InputIssue[] {
  return parseSecret(secret).issues.map((text) => ({ input, text }));
}
