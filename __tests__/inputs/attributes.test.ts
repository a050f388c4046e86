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
  ['{"a": [{}]}', '"a" holds an object'],
  ['{"a": [["x"]]}', '"a" holds a list'],
  ['{"a": {"value": "x"}}', 'type missing'],
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
    expect.stringContaining('"a" is an object'),
  ]);
});
