import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { applySettings, parseCustom, parsePlain, type Setting } from '../src/attributes.ts';
import { DatadogSandbox } from './support/datadog.ts';
import { goodInputs, step } from './support/step.ts';

const parsed = async (text: string) => Object.fromEntries((await parseCustom(text)).value);

describe('custom_attributes', () => {
  test.each([
    [
      '{"region": "eu", "failures": 3, "services": ["a", "b"]}',
      { region: 'eu', failures: 3, services: ['a', 'b'] },
    ],
    ['{"flag": true}', { flag: 'true' }],
    ['region: eu-west-1', { region: 'eu-west-1' }],
    ['region:eu\nservices: a\nservices: b', { region: 'eu', services: ['a', 'b'] }],
    ['runbook: https://wiki.example/a:b', { runbook: 'https://wiki.example/a:b' }],
    ['summary: say "hi"\nand go on\r\nregion: eu', { summary: 'say "hi"\nand go on', region: 'eu' }],
    ['region:\nsummary: x', { summary: 'x' }],
    ['{"region": null, "services": [], "summary": ""}', {}],
    [
      '{"a": {"type": "TEXT", "is_multi": false, "value": "x"}, "b": "y"}',
      { a: { type: 'TEXT', is_multi: false, value: 'x' }, b: 'y' },
    ],
  ])('%j', async (text, value) => {
    expect(await parsed(text)).toEqual(value);
  });

  test.each([
    ['no colon here', 'line 1, "no colon here"'],
    [': no key', 'line 1'],
    ['{"a": "say "hi""}', /line 1, column 13, near .*⟨here⟩hi.*toJSON\(\)/],
    ['"text"', 'JSON object or lines'],
    ['{"a": [{}]}', '"a" holds an object'],
    ['{"a": [["x"]]}', '"a" holds a list'],
    ['{"a": {"value": "x"}}', 'type missing'],
  ])('%j is refused', async (text, words) => {
    expect((await parseCustom(text)).problems.join()).toMatch(words);
  });
});

describe('attributes', () => {
  test.each([
    [
      '{"service": ["checkout"], "env": "prod", "shard": 3}',
      { service: ['checkout'], env: ['prod'], shard: ['3'] },
    ],
    ['service:checkout\nservice: cart\nenv: prod', { service: ['checkout', 'cart'], env: ['prod'] }],
  ])('%j', async (text, value) => {
    expect(Object.fromEntries((await parsePlain(text)).value)).toEqual(value);
  });

  test('an object is refused', async () => {
    expect((await parsePlain('{"a": {"b": "c"}}')).problems).toEqual([
      expect.stringContaining('"a" is an object'),
    ]);
  });
});

describe('bare values take the type of their setting', () => {
  const setting = (type: Setting['type'], multi = false): Setting => ({
    key: 'key',
    name: 'Its name',
    type,
    multi,
  });

  test.each([
    ['eu', setting('SELECT'), 'eu'],
    [3, setting('TEXT'), '3'],
    ['3', setting('NUMBER'), 3],
    ['-12', setting('NUMBER'), -12],
    [2.5, setting('NUMBER'), 2.5],
    ['a', setting('TEXT', true), ['a']],
    [['1', 2], setting('NUMBER', true), [1, 2]],
    [['only'], setting('TEXT'), 'only'],
    ['https://wiki.example', setting('URL'), 'https://wiki.example'],
  ])('%j as %j', (bare, known, value) => {
    const { value: found, leftOut } = applySettings(new Map([['KEY', bare]]), [known]);
    expect([...found]).toEqual([['key', { type: known.type, is_multi: known.multi, value }]]);
    expect(leftOut).toEqual([]);
  });

  test.each([
    ['three', setting('NUMBER')],
    ['2.5', setting('NUMBER')],
    ['99999999999999999999', setting('NUMBER')],
    [['a', 'b'], setting('TEXT')],
    [['1', 'x'], setting('NUMBER', true)],
    ['javascript:alert(1)', setting('URL')],
  ])('%j does not fit %j', (bare, known) => {
    const { value, leftOut } = applySettings(new Map([['key', bare]]), [known]);
    expect(value.size).toBe(0);
    expect(leftOut.join()).toContain('does not fit');
  });

  test('by the name that people see, too; what the type does not know is named with the nearest', () => {
    const given = new Map([
      ['its NAME', 'a'],
      ['kye', 'b'],
    ]);
    const { value, leftOut } = applySettings(given, [
      { key: 'other', name: '', type: 'TEXT', multi: false },
      setting('TEXT'),
    ]);
    expect([...value.keys()]).toEqual(['key']);
    expect(leftOut).toEqual(['the case type has no "kye"; it has "key", "other".']);
  });
});

describe('any text', () => {
  let sandbox: DatadogSandbox;
  beforeAll(async () => {
    sandbox = await DatadogSandbox.start();
  });
  afterAll(() => sandbox.stop());

  const keys = fc.oneof(
    fc.constantFrom('region', 'services', 'failures', 'runbook', 'summary', '__proto__'),
    fc.string(),
  );
  const values = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.record({
      type: fc.constantFrom('TEXT', 'NUMBER', 'X'),
      is_multi: fc.boolean(),
      value: fc.jsonValue({ maxDepth: 1 }),
    }),
  );
  const json = fc.dictionary(keys, values, { maxKeys: 4 }).map((value) => JSON.stringify(value));
  const lines = fc
    .array(fc.tuple(keys, fc.string()).map(([key, value]) => `${key}: ${value}`))
    .map((all) => all.join('\n'));
  const text = fc.oneof(
    json,
    lines,
    fc.string({ unit: 'grapheme' }),
    json.map((value) => value.slice(0, -1)),
  );

  test('in custom_attributes or attributes neither crashes the step nor reaches the API unchecked', async () => {
    await fc.assert(
      fc.asyncProperty(text, text, async (custom, plain) => {
        const before = sandbox.requests.length;
        const inputs = {
          ...goodInputs(sandbox),
          type_id: 'Deployment failure',
          custom_attributes: custom,
          attributes: plain,
        };
        const core = await step({ inputs });
        // Strict as it is, the sandbox would have refused what is not well-formed.
        const posts = sandbox.requests.slice(before).filter(({ method }) => method === 'POST');
        expect(core.everything).not.toMatch(
          /TypeError|RangeError|\[object Object\]|must be an array of strings|Bad Request/,
        );
        if (core.outputs.outcome === 'failed') expect(posts).toEqual([]);
        else expect(core.outputs.outcome).toBe('created');
      }),
      { numRuns: 200 },
    );
  });
});
