import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseKeyValues } from '../../src/inputs/key-values.ts';
import { binaryText } from '../support/hostile-text.ts';

test.each([
  ['nothing', '', []],
  [
    'a JSON object',
    '{"a": "1", "b": ["2", 3]}',
    [
      ['a', '1'],
      ['b', ['2', 3]],
    ],
  ],
  [
    'lines',
    'a: 1\r\nb:2\n  c : 3  ',
    [
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
    ],
  ],
  [
    'lines with empty lines in between',
    'a: 1\n\n   \nb: 2\n',
    [
      ['a', '1'],
      ['b', '2'],
    ],
  ],
  [
    'a repeated key',
    'a: 1\nb: 2\na: 3',
    [
      ['a', ['1', '3']],
      ['b', '2'],
    ],
  ],
  ['a key without a value', 'a:', [['a', '']]],
  ['a list', 'a:\n- x\n  -   y z \n- ', [['a', ['x', 'y z']]]],
  [
    'a list of addresses',
    'a:\n- https://site.example\n- see https://site.example: now',
    [['a', ['https://site.example', 'see https://site.example: now']]],
  ],
  [
    'a line that continues the value above',
    'a: 1\n  more\nb: 2',
    [
      ['a', '1\nmore'],
      ['b', '2'],
    ],
  ],
  ['a dash below a value', 'a: 1\n- x', [['a', '1\n- x']]],
  ['a dash without a space', 'a:\n-x', [['a', '\n-x']]],
  ['a dash inside a line', 'a:\nb - x', [['a', '\nb - x']]],
  ['a dash below a continued value', 'a:\ntext\n- x', [['a', '\ntext\n- x']]],
])('reads %s', async (_, text, entries) => {
  expect(await parseKeyValues(text)).toEqual({ entries, issues: [], warnings: [] });
});

test.each([
  ['[1]', 'must be a JSON object or lines of "key: value", got a list.'],
  ['"text"', 'must be a JSON object or lines of "key: value", got "text".'],
  ['{"a": 1,}', 'is not valid JSON at line 1, column 9, near `{"a": 1,⟨here⟩}`. Remove the comma before }.'],
  ['- team: ops', 'line 1, "- team: ops", must not start with a dash. Write: "team: ops".'],
  ['- team :   ops', 'line 1, "- team :   ops", must not start with a dash. Write: "team: ops".'],
  ['- team:', 'line 1, "- team:", must not start with a dash. Write: "team:".'],
  ['\nteam', 'line 2, "team", is not of the form "key: value".'],
  ['team=ops=1', 'line 1, "team=ops=1", is not of the form "key: value". Write "team: ops=1".'],
  ['the team=ops', 'line 1, "the team=ops", is not of the form "key: value".'],
  [': ops', 'line 1, ": ops", is not of the form "key: value".'],
])('rejects %j', async (text, issue) => {
  expect(await parseKeyValues(text)).toEqual({ entries: [], issues: [issue], warnings: [] });
});

test.each([
  ['"C:\\ops"', 'keeps its quotes, because it is not a valid JSON string.'],
  ['ops # later', 'keeps everything after #: this format has no comments.'],
  ['ops #', 'keeps everything after #: this format has no comments.'],
  ['[a, [b]]', 'is one text, not a list. Write a list such as ["a", "b"].'],
  ['[ops] and [team]', 'is one text, not a list. Write a list such as ["a", "b"].'],
  ['|', 'is a value of its own. Start the text on the same line as the key.'],
  ['>', 'is a value of its own. Start the text on the same line as the key.'],
  ['|-', 'is a value of its own. Start the text on the same line as the key.'],
  ['>+', 'is a value of its own. Start the text on the same line as the key.'],
  ['high, team:ops', 'is one value. Write one "key: value" per line.'],
  ['high,team:ops', 'is one value. Write one "key: value" per line.'],
])('warns about the value %j, and keeps it', async (value, warning) => {
  expect(await parseKeyValues(`\na: ${value}`)).toEqual({
    entries: [['a', value]],
    issues: [],
    warnings: [`line 2, ${JSON.stringify(value)}, ${warning}`],
  });
});

test.each([
  ['"ops" team'],
  ['the "ops"'],
  ['"'],
  ['issue #12'],
  ['see [1]'],
  ['[1] says'],
  ['"a" and "b"'],
  ["'a' and 'b'"],
  ['a |'],
  ['|x'],
  ['very high, team:ops'],
  ['high, team:ops now'],
  ['high, https://site.example'],
])('does not warn about the value %j', async (value) => {
  expect(await parseKeyValues(`a: ${value}`)).toEqual({ entries: [['a', value]], issues: [], warnings: [] });
});

test.each([
  ['"ops"', 'ops'],
  ['"say \\"hi\\"\\n\\u2764: # x"', 'say "hi"\n\u2764: # x'],
  ["'ops'", 'ops'],
  ["'it''s # \\n'", "it's # \\n"],
  ['""', ''],
  ["''", ''],
  ['null', ''],
  ['[a, b]', ['a', 'b']],
  ["[ \"a, b\",'c]' , d e,, it's, null ]", ['a, b', 'c]', 'd e', "it's"]],
  ['[1, "2"]', ['1', '2']],
  ['[]', []],
  ['["https://site.example/a?b=[c]"]', ['https://site.example/a?b=[c]']],
])('reads the value %j as in YAML', async (text, value) => {
  const expected = { entries: [['a', value]], issues: [], warnings: [] };
  expect(await parseKeyValues(`a: ${text}`)).toEqual(expected);
  const list = [value, 'z'].flat().filter((item) => item);
  expect(await parseKeyValues(`a:\n- ${text}\n- z`)).toEqual({ ...expected, entries: [['a', list]] });
});

test('reads a list on several lines, as toJSON() writes it', async () => {
  const text = `a: ${JSON.stringify(['x', 'y'], null, 2)}\nb: 1`;
  expect((await parseKeyValues(text)).entries).toEqual([
    ['a', ['x', 'y']],
    ['b', '1'],
  ]);
});

test('any text stays as it is if it comes from toJSON()', async () => {
  await fc.assert(
    fc.asyncProperty(binaryText, async (value) => {
      const { entries, issues, warnings } = await parseKeyValues(`a: ${JSON.stringify(value)}\nb: 1`);
      expect({ entries, issues, warnings }).toEqual({
        entries: [
          ['a', value],
          ['b', '1'],
        ],
        issues: [],
        warnings: [],
      });
    }),
  );
});

test('keeps the lines that can be read', async () => {
  expect(await parseKeyValues('c=3\na: 1\n- b: 2\nd: 4')).toMatchObject({
    entries: [
      ['a', '1'],
      ['d', '4'],
    ],
    issues: [expect.stringContaining('line 1'), expect.stringContaining('line 3')],
  });
});

test('warns about nested keys, and says how to write them', async () => {
  const text = 'service:\n  name: cart\n  team: ops\nenv: prod\nregion:\n- eu';
  expect(await parseKeyValues(text)).toEqual({
    entries: [
      ['service', ''],
      ['name', 'cart'],
      ['team', 'ops'],
      ['env', 'prod'],
      ['region', ['eu']],
    ],
    issues: [],
    warnings: [
      'line 2, "name: cart", is read as a key of its own: keys can\'t be nested. To set "service", write "service: cart".',
      'line 3, "team: ops", is read as a key of its own: keys can\'t be nested. To set "service", write "service: ops".',
    ],
  });
});

test('warns about a list item with the number of its line', async () => {
  expect((await parseKeyValues('a:\n- x # y')).warnings).toEqual([
    'line 2, "x # y", keeps everything after #: this format has no comments.',
  ]);
});

test('warns about a comment, and reads it as a key', async () => {
  expect(await parseKeyValues('# note: x')).toEqual({
    entries: [['# note', 'x']],
    issues: [],
    warnings: ['line 1 is not a comment: this format has no comments.'],
  });
});
