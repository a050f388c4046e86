import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { describeJsonProblem } from '../../src/inputs/json-problem.ts';

test.each([
  ['{"a": 1,}', 'Remove the comma before }.'],
  ['{"a": ["b",\n]}', 'Remove the comma before ].'],
  ["{'a': 'b'}", 'Use double quotes'],
  ['{"a": \'b\'}', 'Use double quotes'],
  ['{“a”: 1}', 'Use double quotes'],
  ['{a: 1}', 'Put keys and strings in double quotes'],
  ['{"a": True}', 'Put keys and strings in double quotes'],
  ['{"a": "say "hi""}', 'A quote inside a string must be written as \\".'],
  ['{"a": "5" nails"}', 'A quote inside a string must be written as \\".'],
  ['{"a": "x\ny"}', 'A line break inside a string must be written as \\n.'],
  ['{"a": "C:\\dir"}', 'A backslash inside a string must be written as \\\\.'],
  ['{"a": "b}', 'The closing quote of this string is missing.'],
  ['{"a": }', 'A value is missing'],
  ['{"a": , "b": 1}', 'A value is missing'],
  ['{"a": 1 // why\n}', 'Remove the comment'],
  ['{"a": 1 "b": 2}', 'A comma or a colon is missing'],
  ['{"a": "b"', 'It ends too early'],
  ['{"a": ${{ x }}}', 'If it comes from an expression, use toJSON()'],
])('explains how to fix %s', (text, hint) => {
  expect(() => JSON.parse(text)).toThrow();
  expect(describeJsonProblem(text)).toContain(`. ${hint}`);
});

test('explains JSON that is nested too deeply to parse', () => {
  expect(describeJsonProblem('['.repeat(100_000))).toContain('is not valid JSON');
});

test('explains any invalid JSON', () => {
  const broken = fc.tuple(fc.json(), fc.nat(), fc.string({ maxLength: 2 })).map(([json, at, extra]) => {
    const index = at % (json.length + 1);
    return json.slice(0, index) + extra + json.slice(index + 1);
  });
  fc.assert(
    fc.property(fc.oneof(broken, fc.string({ unit: 'grapheme' })), (text) => {
      expect(describeJsonProblem(text)).toMatch(
        /^is not valid JSON at line \d+, column \d+, near .*\. \S.*\.$/s,
      );
    }),
  );
});
