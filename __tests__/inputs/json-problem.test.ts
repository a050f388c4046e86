import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { renderProse } from '../../src/base/markdown.ts';
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
  ['{"a": 1 "b": 2}', 'A comma or a colon is missing there.'],
  ['{"a": "b"', 'It ends too early'],
  ['{"a": ${{ x }}}', 'If it comes from an expression, use `toJSON()`'],
])('explains how to fix %s', (text, hint) => {
  expect(() => JSON.parse(text)).toThrow();
  expect(describeJsonProblem(text)).toContain(`. ${hint}`);
});

const USE_TO_JSON =
  'If it comes from an expression, use `toJSON()` there, or write lines of "key: value" instead.';

test.each([
  [
    '{"first": "a long text",\n  "second":   wrong and more text}',
    'line 2, column 15, near `ext", "second": ⟨here⟩wrong and more text}`. Put keys and strings in double quotes (").',
  ],
  ['{\n"a": 1,                         \n}', 'line 3, column 1, near `⟨here⟩}`. Remove the comma before }.'],
  ['{"a": 1, b}', 'line 1, column 10, near `{"a": 1, ⟨here⟩b}`. Put keys and strings in double quotes (").'],
  ['{"a" }', `line 1, column 6, near \`{"a" ⟨here⟩}\`. ${USE_TO_JSON}`],
  ["{a: 'b'}", `line 1, column 2, near \`{⟨here⟩a: 'b'}\`. Put keys and strings in double quotes (").`],
  ['{a: 1} // x', 'line 1, column 2, near `{⟨here⟩a: 1} // x`. Put keys and strings in double quotes (").'],
  ['{"a" {"b": 1}}', `line 1, column 6, near \`{"a" ⟨here⟩{"b": 1}}\`. ${USE_TO_JSON}`],
  ['{"a": 1', 'line 1, column 8, near `{"a": 1⟨here⟩`. It ends too early: a closing } or ] is missing.'],
])('says exactly where %j breaks, and how to fix it', (text, expected) => {
  expect(describeJsonProblem(text)).toBe(`is not valid JSON at ${expected}`);
});

test('the summary shows the place of the error, and an expression, as one piece of code each', () => {
  expect(renderProse(describeJsonProblem('{"region": }'), () => false)).toBe(
    'is not valid JSON at line 1, column 12, near `{"region": ⟨here⟩}`. A value is missing: an expression may have returned nothing. Use `toJSON()` in the expression.',
  );
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
