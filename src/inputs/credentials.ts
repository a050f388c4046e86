import { docsLink } from '../base/docs-link.ts';
import type { Env } from '../base/env.ts';
import type { InputIssue } from '../base/errors.ts';
import { quoteShort } from '../base/truncate.ts';
import type { Credentials } from '../datadog/client.ts';
import { UUID_PATTERN } from '../datadog/entities.ts';
import type { RawInputs } from './raw-inputs.ts';
import type { InputName } from './schema.ts';
import { collectUrlSecrets } from './site-urls.ts';
import { parseSecret } from './value-parsers.ts';
import { ORG_VARIABLES, SECRET_VARIABLES } from './variables.ts';

/** What an audience may look like: printable ASCII. */
const AUDIENCE_PATTERN = /^[\x21-\x7e]{1,200}$/;

type SecretName = keyof typeof SECRET_VARIABLES;

// Fails to compile if a name is not that of an input.
SECRET_VARIABLES satisfies Partial<Record<InputName, readonly string[]>>;

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
export function collectSecrets(raw: RawInputs, env: Env): string[] {
  const names = Object.keys(SECRET_VARIABLES) as SecretName[];
  const variables = Object.keys(env).filter((name) => SECRET_INPUT.test(name) || SECRET_VARIABLE.test(name));
  const secrets = [
    ...names.map((name) => raw[name]),
    ...[...variables, ...RUNNER_SECRETS].map((name) => env[name]?.trim() ?? ''),
    // As actions/checkout stores it (https://github.com/actions/checkout).
    ...(raw.github_token ? [toBase64(`x-access-token:${raw.github_token}`)] : []),
  ];
  return [...secrets, ...collectUrlSecrets(raw, env)].filter((secret) => secret !== '');
}

function toBase64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** Whether a step can authenticate: with an access token, both keys, or an identity token from GitHub. */
export function hasCredentials(raw: RawInputs, env: Env): boolean {
  const credentials = findCredentials(raw, env);
  // GitHub issues no identity tokens to runs that get no secrets.
  if (credentials.kind === 'oidc') return Boolean(env.ACTIONS_ID_TOKEN_REQUEST_URL);
  return credentials.kind === 'token' || (credentials.apiKey !== '' && credentials.appKey !== '');
}

/** Takes the credentials from the inputs or the environment. The issues name those that are missing or malformed. */
export function parseCredentials(
  raw: RawInputs,
  env: Env,
): { value: Credentials; issues: readonly InputIssue[]; warnings: readonly InputIssue[] } {
  const credentials = findCredentials(raw, env);
  if (credentials.kind === 'oidc')
    return { value: credentials, issues: findKeylessIssues(raw, env), warnings: [] };
  if (credentials.kind === 'token') {
    const ignored = (['api_key', 'app_key'] as const).filter((name) => raw[name]);
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
  if (apiKey && apiKey === appKey)
    issues.push({
      input: 'app_key',
      text: 'is the same as api_key. Use an application key, which is another one.',
    });
  const missing = names.filter((name) => !keys[name]);
  return {
    value: credentials,
    issues: [...describeMissingKeys(missing, env), ...issues],
    warnings: [],
  };
}

/** One issue for both keys: their secrets usually lack the same thing. */
function describeMissingKeys(missing: readonly KeyName[], env: Env): InputIssue[] {
  if (!missing.length) return [];
  const [verb, secrets] = missing.length > 1 ? ['are', 'secrets exist'] : ['is', 'secret exists'];
  const settings = missing.map((name) => KEY_SETTINGS[name]).join(' and ');
  const text = `${verb} empty. Check that the ${secrets} under the name in the workflow and can be used by this job: secrets of an environment need \`environment:\`, and a reusable workflow gets secrets only from its caller (\`secrets: inherit\`).${describeOtherVariables(missing, env)} Create keys in Datadog under Organization Settings, ${settings}.`;
  return [{ input: missing.join(' and '), text }];
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
function findCredentials(raw: RawInputs, env: Env): Credentials {
  const fromEnv = (name: SecretName) => readVariables(SECRET_VARIABLES[name], env);
  const signIn = (): Credentials => ({
    kind: 'oidc',
    audience: raw.oidc_audience || `datadog/${findOrgUuid(raw, env).toLowerCase()}`,
  });
  if (raw.org_uuid) return signIn();
  if (raw.access_token) return { kind: 'token', token: raw.access_token };
  const token = fromEnv('access_token');
  if (token && !raw.api_key && !raw.app_key) return { kind: 'token', token };
  const [apiKey, appKey] = [raw.api_key || fromEnv('api_key'), raw.app_key || fromEnv('app_key')];
  const hasKeys = raw.api_key || raw.app_key || (apiKey && appKey);
  return findOrgUuid(raw, env) && !hasKeys ? signIn() : { kind: 'keys', apiKey, appKey };
}

/** Checks the inputs of a sign-in without a stored key. Keys in the environment are ignored, keys in inputs are not. */
function findKeylessIssues(raw: RawInputs, env: Env): InputIssue[] {
  const issues: InputIssue[] = [];
  const keys = (['api_key', 'app_key', 'access_token'] as const).filter((name) => raw[name]);
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

function findOrgUuid(raw: RawInputs, env: Env): string {
  return raw.org_uuid || readVariables(ORG_VARIABLES, env);
}

/** The first of the variables that isn't empty. */
function readVariables(names: readonly string[], env: Env): string {
  return names.map((name) => env[name]?.trim()).find((value) => value) ?? '';
}

function findSecretIssues(input: InputName, secret: string): InputIssue[] {
  return parseSecret(secret).issues.map((text) => ({ input, text }));
}
