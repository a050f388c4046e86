import { expect, test } from '@jest/globals';
import { type Env, markGiven } from '../../src/base/env.ts';
import { collectSecrets, hasCredentials, parseCredentials } from '../../src/inputs/credentials.ts';
import { readRawInputs } from '../../src/inputs/raw-inputs.ts';
import { readEnv } from '../support/parse-env.ts';

const ORG_UUID = '0b9a1c2d-1111-4222-8333-444455556666';

function parse(env: Env) {
  const { raw, context } = readEnv(env);
  const { issues, warnings } = parseCredentials(raw, context);
  return { issues, warnings };
}

function findSecrets(env: Env): string[] {
  const given = markGiven(env);
  return collectSecrets(readRawInputs(given, 'case').values, given).map((secret) => secret.reveal());
}

test('collects every secret of the inputs and the environment', () => {
  const env = {
    INPUT_API_KEY: 'one',
    INPUT_GITHUB_TOKEN: 'gh-token',
    'INPUT_APP-KEY': ' two\n',
    INPUT_PROJECT_KEY: 'not a secret',
    DD_APP_KEY: ' three\n',
    DD_OTHER_API_KEY: 'four',
    DD_KEY: 'not a secret',
    GH_TOKEN: '\tfive ',
    DD_SITE: 'six@datadoghq.com',
  };
  expect(findSecrets(env).toSorted()).toEqual([
    'eC1hY2Nlc3MtdG9rZW46Z2gtdG9rZW4=', // x-access-token:gh-token
    'five',
    'four',
    'gh-token',
    'gh-token',
    'one',
    'one',
    'six',
    'six',
    'three',
    'two',
    'two',
  ]);
});

test('collects no secrets where there are none', () => {
  const env = { INPUT_API_KEY: '', DD_APP_KEY: ' ', GITHUB_TOKEN: '\n' };
  expect(findSecrets(env)).toEqual([]);
});

test.each([
  [{}, false],
  [{ INPUT_API_KEY: 'a' }, false],
  [{ DD_APP_KEY: 'b' }, false],
  [{ INPUT_API_KEY: 'a', DD_APP_KEY: 'b' }, true],
  [{ DD_ACCESS_TOKEN: 't' }, true],
  [{ INPUT_ORG_UUID: ORG_UUID }, false],
  [{ INPUT_ORG_UUID: ORG_UUID, INPUT_API_KEY: 'a', INPUT_APP_KEY: 'b' }, false],
  [{ INPUT_ORG_UUID: ORG_UUID, ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.example' }, true],
])('knows whether the step can sign in with %j', (env, expected) => {
  const { raw, context } = readEnv(env);
  expect(hasCredentials(raw, context)).toBe(expected);
});

test.each([
  [{}, []],
  [{ INPUT_API_KEY: 'a' }, ['is set, so api_key is ignored.']],
  [{ INPUT_APP_KEY: 'b' }, ['is set, so app_key is ignored.']],
  [{ INPUT_API_KEY: 'a', INPUT_APP_KEY: 'b' }, ['is set, so api_key and app_key are ignored.']],
  [{ DD_API_KEY: 'a', DD_APP_KEY: 'b' }, []],
])('says which of the keys %j are ignored beside an access token', (keys, texts) => {
  expect(parse({ ...keys, INPUT_ACCESS_TOKEN: 'token' })).toEqual({
    issues: [],
    warnings: texts.map((text) => ({ input: 'access_token', text })),
  });
});

const CHECK_ONE =
  'is empty. Check that the secret exists under the name in the workflow and can be used by this job: secrets of an environment need `environment:`, and a reusable workflow gets secrets only from its caller (`secrets: inherit`). Create keys in Datadog under Organization Settings, ';
const CHECK_BOTH =
  'are empty. Check that the secrets exist under the name in the workflow and can be used by this job: secrets of an environment need `environment:`, and a reusable workflow gets secrets only from its caller (`secrets: inherit`). Create keys in Datadog under Organization Settings, ';

test.each([
  [
    {},
    'api_key and app_key',
    `${CHECK_BOTH}API Keys and Application Keys (with the scopes cases_write and cases_read).`,
  ],
  [{ DD_APP_KEY: 'b' }, 'api_key', `${CHECK_ONE}API Keys.`],
  [
    { INPUT_API_KEY: 'a' },
    'app_key',
    `${CHECK_ONE}Application Keys (with the scopes cases_write and cases_read).`,
  ],
])('says what to do when there are only the keys %j', (env, input, text) => {
  expect(parse(env)).toEqual({ issues: [{ input, text }], warnings: [] });
});

test.each([
  [{ DD_APPLICATION_KEY: 'b' }, 'The variable DD_APPLICATION_KEY is not read: rename it to DD_APP_KEY.'],
  [
    { DATADOG_APPLICATION_KEY: 'b' },
    'The variable DATADOG_APPLICATION_KEY is not read: rename it to DD_APP_KEY.',
  ],
  [{ DD_CLIENT_API_KEY: 'a' }, 'The variable DD_CLIENT_API_KEY is not read: rename it to DD_API_KEY.'],
  [{ DD_APPLICATION_KEY: ' ' }, undefined],
  [{ DD_APPLICATION_KEY: 'b', DD_APP_KEY: 'c' }, undefined],
])('suggests the right name for the variables %j', (env, sentence) => {
  const [issue] = parse(env).issues;
  if (sentence) expect(issue?.text).toContain(` ${sentence} Create keys`);
  else expect(issue?.text).not.toContain('The variable');
});

test('the same key for both is an error that does not repeat it', () => {
  expect(parse({ INPUT_API_KEY: 'key-0123', DD_APP_KEY: 'key-0123' }).issues).toEqual([
    { input: 'app_key', text: 'is the same as api_key. Use an application key: it is a different key.' },
  ]);
});

const QUOTED = 'begins and ends with a quotation mark. Save the secret without the quotation marks.';
const EXPRESSION = 'is the text of an expression, not its value. Write `${{ secrets.NAME }}`.';
const INVALID = 'contains a line break or an invalid character. Copy the secret again.';

test.each([
  ['"key"', QUOTED],
  ["'key'", QUOTED],
  ['`key`', QUOTED],
  ['"a\nb"', INVALID],
  ['key\u00e9', INVALID],
  ['a\tb', INVALID],
  ['${{ secrets.KEY }}', EXPRESSION],
  ['{{ secrets.KEY }}', EXPRESSION],
  ['secrets.KEY', EXPRESSION],
  ['env.KEY', EXPRESSION],
  ['vars.KEY', EXPRESSION],
  ['inputs.key', EXPRESSION],
])('says what is wrong with the secret %j', (secret, text) => {
  expect(parse({ INPUT_ACCESS_TOKEN: secret }).issues).toEqual([{ input: 'access_token', text }]);
  expect(parse({ INPUT_API_KEY: 'a', INPUT_APP_KEY: secret }).issues).toEqual([{ input: 'app_key', text }]);
});

test.each([
  'key',
  'two words',
  'a"b"',
  '"a"b',
  '"a\'',
  '"',
  'a${{ b',
  'a{{ b',
  'my-secrets.KEY',
  'secrets.KEY-2',
  'secrets.',
  '!~',
])('accepts the secret %j', (secret) => {
  expect(parse({ INPUT_ACCESS_TOKEN: secret }).issues).toEqual([]);
});

test.each([
  [{ INPUT_ORG_UUID: ORG_UUID, INPUT_OIDC_AUDIENCE: `!~${'a'.repeat(198)}` }, []],
  [{ INPUT_ORG_UUID: ORG_UUID, DD_API_KEY: 'a', DD_ACCESS_TOKEN: 't' }, []],
  [
    { INPUT_ORG_UUID: ORG_UUID, INPUT_ACCESS_TOKEN: 't' },
    [
      {
        input: 'org_uuid',
        text: 'is set together with access_token. Use either org_uuid or stored credentials.',
      },
    ],
  ],
  [
    { INPUT_ORG_UUID: 'acme' },
    [
      {
        input: 'org_uuid',
        text: '"acme" is not valid. Use the UUID of your Datadog organization: docs/keyless.md',
      },
    ],
  ],
  [
    { DD_ORG_UUID: 'acme' },
    [
      {
        input: 'org_uuid',
        text: '"acme" is not valid. Use the UUID of your Datadog organization: docs/keyless.md',
      },
    ],
  ],
  [
    { INPUT_ORG_UUID: ORG_UUID, INPUT_OIDC_AUDIENCE: 'two words' },
    [
      {
        input: 'oidc_audience',
        text: '"two words" is not valid. Use at most 200 letters, digits and punctuation marks, without spaces.',
      },
    ],
  ],
])('checks the inputs of a sign-in without a key: %j', (env, issues) => {
  expect(parse(env)).toEqual({ issues, warnings: [] });
});
