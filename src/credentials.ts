import type { Env, InputName, Values } from './spelling.ts';

/** What to sign in with. */
export type Credentials = { readonly token: string } | { readonly apiKey: string; readonly appKey: string };

const SECRETS = {
  api_key: ['DD_API_KEY', 'DATADOG_API_KEY'],
  app_key: ['DD_APP_KEY', 'DATADOG_APP_KEY'],
  access_token: ['DD_ACCESS_TOKEN', 'DATADOG_ACCESS_TOKEN'],
  github_token: [],
} as const;

/** Every secret that the step was given, to be masked before anything else happens. */
export function secrets(values: Values, env: Env): string[] {
  return Object.entries(SECRETS).flatMap(([name, names]) =>
    [values[name as keyof typeof SECRETS], ...names.map((variable) => env[variable]?.trim())].filter(
      (secret) => !!secret,
    ),
  ) as string[];
}

/** Whether the step was given all that it needs to sign in. */
export function complete(values: Values, env: Env): boolean {
  const found = given(values, env);
  return 'token' in found || (found.apiKey !== '' && found.appKey !== '');
}

/** What was given to sign in with: inputs before the environment, a token before keys. Parts may be empty. */
function given(values: Values, env: Env): Credentials {
  const fromEnv = (name: keyof typeof SECRETS) =>
    SECRETS[name].map((variable) => env[variable]?.trim()).find((text) => text) ?? '';
  if (values.access_token) return { token: values.access_token };
  const token = fromEnv('access_token');
  if (token && !values.api_key && !values.app_key) return { token };
  return { apiKey: values.api_key || fromEnv('api_key'), appKey: values.app_key || fromEnv('app_key') };
}

/** Reads what to sign in with, and says of each part that is missing or cannot travel what would do. */
export function read(
  values: Values,
  env: Env,
  wrong: (input: InputName, text: string) => unknown,
): Credentials {
  const found = given(values, env);
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
