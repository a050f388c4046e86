import { expect, test } from '@jest/globals';
import { type Env, markGiven } from '../../src/base/env.ts';
import { Redactor } from '../../src/base/redactor.ts';
import { readRawInputs } from '../../src/inputs/raw-inputs.ts';
import { parseEnv, VALID_ENV } from '../support/parse-env.ts';

function inputWarnings(env: Env) {
  return readRawInputs(markGiven(env), 'case').describeWarnings(new Redactor(), env);
}

test('accepts a hyphen in place of an underscore, even next to a default', async () => {
  const env = { ...VALID_ENV, INPUT_TYPE_ID: 'Standard', 'INPUT_TYPE-ID': 'Security' };
  expect((await parseEnv(env)).caseType).toBe('Security');
  expect(inputWarnings(env).join()).toContain('type_id');
});

test('does not accept api-url, which decides where the keys are sent', async () => {
  const env = { ...VALID_ENV, 'INPUT_API-URL': 'https://elsewhere.example' };
  expect((await parseEnv(env)).site.apiUrl).toBe('https://api.datadoghq.com');
  expect(inputWarnings(env)).toEqual([expect.stringContaining('"api-url" is ignored')]);
});

test('prefers the canonical name of an input', async () => {
  expect(
    (await parseEnv({ ...VALID_ENV, INPUT_TYPE_ID: 'Change Request', 'INPUT_TYPE-ID': 'Security' })).caseType,
  ).toBe('Change Request');
  expect(inputWarnings({ ...VALID_ENV, INPUT_TYPE_ID: 'x', 'INPUT_TYPE-ID': 'y' }).join()).toContain(
    'is ignored',
  );
});

test.each([
  ['PRIORTY', 'Did you mean priority?'],
  ['DATADOG_API_KEY', 'Did you mean api_key?'],
  ['DD_APPLICATION_KEY', 'Did you mean app_key?'],
  ['DATADOG-APP-KEY', 'Did you mean app_key?'],
  ['APPLICATION_KEY', 'Did you mean app_key?'],
  ['DD_SITE', 'Did you mean site?'],
  ['TAGS', 'Did you mean attributes?'],
  ['LABELS', 'Did you mean attributes?'],
  ['DISCRIPTION', 'Did you mean description?'],
  ['CONSTRUCTOR', 'is ignored.'],
  ['WEBHOOK', 'is ignored.'],
])('names the unknown input %s, and the one that is probably meant', (name, ending) => {
  expect(inputWarnings({ ...VALID_ENV, [`INPUT_${name}`]: 'x' })).toEqual([
    expect.stringMatching(`^"${name.toLowerCase()}" is not an input.*${ending.replaceAll('?', '\\?')}$`),
  ]);
});

test('says which action has an input that this one does not have', () => {
  expect(inputWarnings({ ...VALID_ENV, INPUT_CLOSE: 'true', GITHUB_ACTION_REPOSITORY: 'acme/case' })).toEqual(
    [
      '"close" is an input of acme/case/watch only and is ignored here. More: https://github.com/acme/case/blob/HEAD/docs/watch.md',
    ],
  );
  expect(inputWarnings({ ...VALID_ENV, INPUT_CLOSE: 'true' })).toEqual([
    '"close" is an input of the action watch only and is ignored here. More: docs/watch.md',
  ]);
});

test('does not warn about inputs that exist', () => {
  expect(inputWarnings(VALID_ENV)).toEqual([]);
});
