import { expect, test } from '@jest/globals';
import type { Env } from '../../src/base/env.ts';
import { parseInputs } from '../../src/inputs/parse-inputs.ts';
import { readRawInputs } from '../../src/inputs/raw-inputs.ts';
import { PROJECT } from '../support/fake-datadog/catalog.ts';

const VALID_ENV = {
  INPUT_TITLE: 'Deploy failed',
  INPUT_PROJECT: PROJECT.id,
  INPUT_API_KEY: 'api-key-1',
  INPUT_APP_KEY: 'app-key-1',
};

function parseEnv(env: Env) {
  return parseInputs(readRawInputs(env).values, env);
}

function inputWarnings(env: Env) {
  return readRawInputs(env).warnings;
}

test('accepts a hyphen in place of an underscore, even next to a default', async () => {
  const env = { ...VALID_ENV, INPUT_TYPE_ID: 'Standard', 'INPUT_TYPE-ID': 'Security' };
  expect((await parseEnv(env)).caseType).toBe('Security');
  expect(inputWarnings(env).join()).toContain('type_id');
});

test('prefers the canonical name of an input', async () => {
  expect(
    (await parseEnv({ ...VALID_ENV, INPUT_TYPE_ID: 'Change Request', 'INPUT_TYPE-ID': 'Security' })).caseType,
  ).toBe('Change Request');
  expect(inputWarnings({ ...VALID_ENV, INPUT_TYPE_ID: 'x', 'INPUT_TYPE-ID': 'y' }).join()).toContain(
    'is ignored',
  );
});

test('suggests the most similar name for an unknown input', () => {
  expect(inputWarnings({ ...VALID_ENV, INPUT_PRIORTY: 'P1' })).toEqual([
    expect.stringMatching(/"priorty".*priority\?/),
  ]);
  expect(inputWarnings(VALID_ENV)).toEqual([]);
});
