import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { InputError } from '../src/errors.ts';
import * as inputs from '../src/inputs.ts';
import { DEFAULTS, type Env, spelled } from '../src/spelling.ts';
import { DatadogSandbox, PROJECT } from './support/datadog.ts';
import { goodInputs, step } from './support/step.ts';

const good = {
  INPUT_TITLE: 'Deploy failed',
  INPUT_PROJECT: PROJECT.id,
  INPUT_API_KEY: 'api-key-1',
  INPUT_APP_KEY: 'app-key-1',
};

const read = (env: Env) => inputs.read(spelled(env).values, env);
const misspelt = (env: Env) => spelled(env).warnings;

/** The problems that an environment has, by input. */
async function problems(env: Env): Promise<Record<string, string>> {
  const error = await read(env).then(
    () => new InputError([]),
    (thrown) => thrown as InputError,
  );
  return Object.fromEntries(error.problems.map(({ input, text }) => [input, text]));
}

describe('what is read', () => {
  test('defaults, for inputs that are missing or empty', async () => {
    const found = await read({ ...good, INPUT_PRIORITY: '', INPUT_TIMEOUT: '  ' });
    expect(found).toMatchObject({
      priority: 'NOT_DEFINED',
      timeout: 60_000,
      dryRun: false,
      failOnError: 'true',
    });
    expect(found.addresses).toEqual({ api: 'https://api.datadoghq.com', web: 'https://app.datadoghq.com' });
  });

  test('priorities and booleans in any case, trimmed', async () => {
    const found = await read({
      ...good,
      INPUT_PRIORITY: ' p3 ',
      INPUT_DRY_RUN: 'TRUE',
      INPUT_FAIL_ON_ERROR: 'Config',
    });
    expect(found).toMatchObject({ priority: 'P3', dryRun: true, failOnError: 'config' });
  });

  test.each([
    [
      { DD_API_KEY: 'a', DD_APP_KEY: 'b' },
      { apiKey: 'a', appKey: 'b' },
    ],
    [
      { DATADOG_API_KEY: 'a', DATADOG_APP_KEY: ' b\n' },
      { apiKey: 'a', appKey: 'b' },
    ],
    [{ DD_ACCESS_TOKEN: 't', DD_API_KEY: 'a' }, { token: 't' }],
    [
      { DD_ACCESS_TOKEN: 't', INPUT_API_KEY: 'a', DD_APP_KEY: 'b' },
      { apiKey: 'a', appKey: 'b' },
    ],
    [{ INPUT_ACCESS_TOKEN: 't', INPUT_API_KEY: 'a', INPUT_APP_KEY: 'b' }, { token: 't' }],
  ])('credentials %j', async (env, credentials) => {
    const found = await read({ INPUT_TITLE: 't', INPUT_PROJECT: PROJECT.id, ...env });
    expect(found.credentials).toEqual(credentials);
  });

  test.each([
    [{ DD_SITE: 'datadoghq.eu' }, 'https://api.datadoghq.eu'],
    [{ DATADOG_SITE: 'us5.datadoghq.com' }, 'https://api.us5.datadoghq.com'],
    [{ DD_SITE: 'datadoghq.eu', INPUT_SITE: 'ap1.datadoghq.com' }, 'https://api.ap1.datadoghq.com'],
    [{ INPUT_API_URL: 'https://gateway.example/' }, 'https://gateway.example'],
  ])('site %j', async (env, api) => {
    expect((await read({ ...good, ...env })).addresses.api).toBe(api);
  });
});

describe('what is refused', () => {
  test('all problems come at once, each with its input', async () => {
    const found = await problems({
      INPUT_PRIORITY: 'P9',
      INPUT_TIMEOUT: '0',
      INPUT_SITE: 'acme.datadoghq.com',
      INPUT_API_URL: 'http://user:secret@gateway.example',
      INPUT_DRY_RUN: 'maybe',
      INPUT_ATTRIBUTES: 'no colon',
      INPUT_ASSIGNEE: 'someone',
    });
    expect(Object.keys(found).sort()).toEqual(
      [
        'api_key',
        'api_url',
        'app_key',
        'assignee',
        'dry_run',
        'priority',
        'project',
        'site',
        'timeout',
        'title',
        'attributes',
      ].sort(),
    );
    expect(found.priority).toContain('"P9"');
    expect(found.site).toContain('us5.datadoghq.com');
    expect(found.api_url).not.toContain('secret');
    expect(found.app_key).toContain('cases_write');
  });

  test('a key that cannot travel, without repeating it', async () => {
    const found = await problems({ ...good, INPUT_APP_KEY: 'first line\nsecond line' });
    expect(found.app_key).toContain('line break');
    expect(found.app_key).not.toContain('second');
  });

  test.each([
    ['{"a": }', 'line 1, column 7'],
    ['{\n  "a": "say "hi""\n}', 'line 2, column 14'],
    ['[1]', 'a list'],
    ['{"a": {"type": "LIST", "is_multi": false, "value": "x"}}', 'URL, TEXT, NUMBER, SELECT'],
    ['{"a": {"type": "TEXT", "value": "x"}}', 'is_multi missing'],
    ['{"a": {"type": "TEXT", "is_multi": "no", "value": "x"}}', 'is_multi "no"'],
    ['{"a": {"type": "TEXT", "is_multi": true, "value": "x"}}', 'must be a list'],
    ['{"a": {"type": "TEXT", "is_multi": false, "value": ["x"]}}', 'must not be a list'],
    ['{"a": {"type": "NUMBER", "is_multi": false, "value": "3"}}', 'must be a number'],
    ['{"a": {"type": "NUMBER", "is_multi": true, "value": [1, "3"]}}', 'must be a number'],
    ['{"a": {"type": "TEXT", "is_multi": false, "value": "x", "colour": 1}}', '"colour"'],
    ['{"a": {"type": "TEXT", "is_multi": false}}', 'missing'],
  ])('custom_attributes %s', async (given, words) => {
    const found = await problems({ ...good, INPUT_CUSTOM_ATTRIBUTES: given });
    expect(found.custom_attributes).toContain(words);
  });
});

describe('spelling', () => {
  test('a hyphen is understood, even where the runner filled in the default', async () => {
    const env = { ...good, INPUT_TYPE_ID: 'Standard', 'INPUT_TYPE-ID': 'Security' };
    expect((await read(env)).typeId).toBe('Security');
    expect(misspelt(env).join()).toContain('type_id');
  });

  test('the proper spelling wins', async () => {
    expect(
      (await read({ ...good, INPUT_TYPE_ID: 'Change Request', 'INPUT_TYPE-ID': 'Security' })).typeId,
    ).toBe('Change Request');
    expect(misspelt({ ...good, INPUT_TYPE_ID: 'x', 'INPUT_TYPE-ID': 'y' }).join()).toContain('is ignored');
  });

  test('an unknown input is named with the nearest known one', () => {
    expect(misspelt({ ...good, INPUT_PRIORTY: 'P1' })).toEqual([
      expect.stringMatching(/"priorty".*priority\?/),
    ]);
    expect(misspelt(good)).toEqual([]);
  });
});

describe('any text in any input', () => {
  let sandbox: DatadogSandbox;
  beforeAll(async () => {
    sandbox = await DatadogSandbox.start();
  });
  beforeEach(() => {
    sandbox.requests.length = 0;
  });
  afterAll(() => sandbox.stop());

  const text = fc.string({ unit: 'grapheme', maxLength: 60 });
  const names = Object.keys(DEFAULTS).filter((name) => !['api_url', 'timeout'].includes(name));

  test('gives a valid request or a clear error, never a crash', async () => {
    const given = fc.dictionary(fc.constantFrom(...names), fc.oneof(text, fc.json()), { maxKeys: 4 });
    await fc.assert(
      fc.asyncProperty(given, async (more) => {
        sandbox.cases.length = 0; // Else a key that is drawn twice finds the case of the first time.
        const { outputs, failed, everything } = await step({ inputs: { ...goodInputs(sandbox), ...more } });
        expect(everything).not.toMatch(/TypeError|RangeError|\[object Object\]|undefined/);
        if (outputs.outcome === 'created') expect(sandbox.cases).toHaveLength(1);
        else
          expect(
            outputs.outcome === 'planned' || (outputs.outcome === 'failed' && failed) || more.fail_on_error,
          ).toBeTruthy();
      }),
      { numRuns: 150 },
    );
  });

  test('titles arrive unchanged, but for the space around them', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (title) => {
        fc.pre(title.trim() !== '');
        const { outputs } = await step({ inputs: { ...goodInputs(sandbox), title } });
        expect(outputs.outcome).toBe('created');
        expect(sandbox.cases.at(-1)?.attributes.title).toBe(title.trim());
      }),
      { numRuns: 100 },
    );
  });
});
