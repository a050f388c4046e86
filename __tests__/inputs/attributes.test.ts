import { expect, test } from '@jest/globals';
import { parseAttributes, parseCustomAttributes } from '../../src/inputs/attributes.ts';

async function parse(text: string) {
  return Object.fromEntries((await parseCustomAttributes(text)).value);
}

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
  ['services:\n- a\n  - b\n-\nregion: eu', { services: ['a', 'b'], region: 'eu' }],
  ['services:\n- only\nservices: b', { services: ['only', 'b'] }],
  ['services: [a, "b"]\nregion: "eu"', { services: ['a', 'b'], region: 'eu' }],
  ['services:\n- https://wiki.example/a\n- 10:30', { services: ['https://wiki.example/a', '10:30'] }],
  ['services:\n- a\n  and more', { services: ['a\nand more'] }],
  ['summary: first\n- second', { summary: 'first\n- second' }],
  ['{"region": null, "services": [], "summary": ""}', {}],
  [
    '{"a": {"type": "TEXT", "is_multi": false, "value": "x"}, "b": "y"}',
    { a: { type: 'TEXT', is_multi: false, value: 'x' }, b: 'y' },
  ],
])('parses custom_attributes: %j', async (text, value) => {
  expect(await parse(text)).toEqual(value);
});

test.each([
  ['no colon here', 'line 1, "no colon here"'],
  [': no key', 'line 1'],
  ['{"a": "say "hi""}', /line 1, column 13, near .*⟨here⟩hi.*toJSON\(\)/],
  ['"text"', 'JSON object or lines'],
  ['- region: eu', /line 1, "- region: eu", must not start with a dash\. Write: "region: eu"/],
  ['services:\n- a\n- region: eu', /line 3.*Write: "region: eu"/],
  ['- region:', 'Write: "region:"'],
  ['- a', 'line 1, "- a", is not of the form'],
  ['region=eu', 'line 1, "region=eu", is not of the form "key: value". Write "region: eu".'],
  ['{"a": [{}]}', 'must be a string, a number or a list of them, got an object'],
  ['{"a": [["x"]]}', 'must be a string, a number or a list of them, got a list'],
  ['{"a": {"value": "x"}}', '"a" is an object without type. Write a plain value'],
])('rejects custom_attributes: %j', async (text, message) => {
  expect((await parseCustomAttributes(text)).issues.join()).toMatch(message);
});

test.each([
  [
    '{"service": ["checkout"], "env": "prod", "shard": 3}',
    { service: ['checkout'], env: ['prod'], shard: ['3'] },
  ],
  ['service:checkout\nservice: cart\nenv: prod', { service: ['checkout', 'cart'], env: ['prod'] }],
])('parses attributes: %j', async (text, value) => {
  expect(Object.fromEntries((await parseAttributes(text)).value)).toEqual(value);
});

test('rejects an object in attributes', async () => {
  expect((await parseAttributes('{"a": {"b": "c"}}')).issues).toEqual([
    expect.stringContaining('"a" must be a string or a list of strings, got an object'),
  ]);
});

test.each([
  ['region: eu # why', { region: 'eu # why' }, 'line 1, "eu # why", keeps everything after #'],
  ['summary: |', { summary: '|' }, 'line 1, "|", is a value of its own.'],
  ['service: a, env:prod', { service: 'a, env:prod' }, 'Write one "key: value" per line.'],
  ['region: eu\n# note: x', { region: 'eu', '# note': 'x' }, 'line 2 is not a comment'],
])('warns that it is not YAML, and keeps the value: %j', async (text, value, warning) => {
  expect(await parse(text)).toEqual(value);
  expect((await parseCustomAttributes(text)).warnings).toEqual([expect.stringContaining(warning)]);
});

test.each(['region: eu', 'summary: fixes #12', 'summary: say "hi"', '{"a": "\'x\' # y"}', 'region: "'])(
  'does not warn about %s',
  async (text) => {
    expect((await parseCustomAttributes(text)).warnings).toEqual([]);
  },
);
