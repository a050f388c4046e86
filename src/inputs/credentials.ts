import type { Env } from '../base/env.ts';
import type { InputIssue } from '../base/errors.ts';
import type { Credentials } from '../datadog/client.ts';
import type { RawInputs } from './raw-inputs.ts';
import type { InputName } from './schema.ts';
import { collectUrlSecrets } from './site-urls.ts';
import { SECRET_VARIABLES } from './variables.ts';

type SecretName = keyof typeof SECRET_VARIABLES;

// Fails to compile if a name is not that of an input.
SECRET_VARIABLES satisfies Partial<Record<InputName, readonly string[]>>;

const MISSING_KEY_MESSAGES = {
  api_key:
    'is empty: does the secret exist under this name, and is it available to this job (`environment:`)? Pass it here or as DD_API_KEY. To create one: Organization Settings > API Keys.',
  app_key:
    'is empty: does the secret exist under this name, and is it available to this job (`environment:`)? Pass it here or as DD_APP_KEY. To create one: Organization Settings > Application Keys, with the permissions cases_write and cases_read.',
};

/** Names of inputs that somebody meant to hold a secret, such as `api-key` or `DATADOG_TOKEN`; not `project_key`. */
const SECRET_INPUT =
  /^INPUT_.*(?:TOKEN|SECRET|PASSW|CREDENTIAL|(?:API|APP|APPLICATION|ACCESS|PRIVATE|DD|DATADOG)[-_ ]*KEY)/i;
const SECRET_VARIABLE = /^(?:DD|DATADOG)_(?:\w+_)?(?:API_KEY|APP_KEY|APPLICATION_KEY|ACCESS_TOKEN)$/i;

/** Every secret in the inputs and the environment, also those that are not used or have a misspelled name. */
export function collectSecrets(raw: RawInputs, env: Env): string[] {
  const names = Object.keys(SECRET_VARIABLES) as SecretName[];
  const variables = Object.keys(env).filter((name) => SECRET_INPUT.test(name) || SECRET_VARIABLE.test(name));
  const secrets = [...names.map((name) => raw[name]), ...variables.map((name) => env[name]?.trim() ?? '')];
  return [...secrets, ...collectUrlSecrets(raw, env)].filter((secret) => secret !== '');
}

/** Whether an access token or both keys were given. */
export function hasCredentials(raw: RawInputs, env: Env): boolean {
  const credentials = findCredentials(raw, env);
  return credentials.kind === 'token' || (credentials.apiKey !== '' && credentials.appKey !== '');
}

/** Takes the credentials from the inputs or the environment. The issues name those that are missing or malformed. */
export function parseCredentials(
  raw: RawInputs,
  env: Env,
): { value: Credentials; issues: readonly InputIssue[] } {
  const credentials = findCredentials(raw, env);
  if (credentials.kind === 'token')
    return { value: credentials, issues: findIssues('access_token', credentials.token) };
  const { apiKey, appKey } = credentials;
  const issues = [
    ...(apiKey ? findIssues('api_key', apiKey) : [{ input: 'api_key', text: MISSING_KEY_MESSAGES.api_key }]),
    ...(appKey ? findIssues('app_key', appKey) : [{ input: 'app_key', text: MISSING_KEY_MESSAGES.app_key }]),
  ];
  return { value: credentials, issues };
}

/** Prefers inputs to the environment, then a token to keys. Missing keys are empty. */
function findCredentials(raw: RawInputs, env: Env): Credentials {
  const fromEnv = (name: SecretName) => readVariables(name, env).find((value) => value) ?? '';
  if (raw.access_token) return { kind: 'token', token: raw.access_token };
  const token = fromEnv('access_token');
  if (token && !raw.api_key && !raw.app_key) return { kind: 'token', token };
  return {
    kind: 'keys',
    apiKey: raw.api_key || fromEnv('api_key'),
    appKey: raw.app_key || fromEnv('app_key'),
  };
}

function readVariables(name: SecretName, env: Env): string[] {
  return SECRET_VARIABLES[name].map((variable) => env[variable]?.trim() ?? '');
}

/** Only rejects what cannot be sent in a header: Datadog does not document what keys look like. */
function findIssues(input: InputName, secret: string): InputIssue[] {
  if (/^[\x20-\x7e]+$/.test(secret)) return [];
  return [{ input, text: 'contains a line break or an invalid character. Copy the secret again.' }];
}
