import { expect, test } from '@jest/globals';
import { escapeCommands, escapeHiddenInJson, stripControlCharacters } from '../../src/base/log-text.ts';

/** Every character that Unicode has, except surrogates. */
function* listCharacters(): Generator<string> {
  for (let code = 0; code <= 0x10ffff; code += 1)
    if (code < 0xd800 || code > 0xdfff) yield String.fromCodePoint(code);
}

test('removes the control and invisible characters of Unicode, and no other character', () => {
  const hidden =
    /[[\p{Cc}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]--[\t\n\v\f\r\u0085\u2028\u2029\ufe0e\ufe0f]]/v;
  const wrong = [...listCharacters()].filter(
    (character) => hidden.test(character) !== (stripControlCharacters(`a${character}`) === 'a'),
  );
  expect(wrong.map((character) => character.codePointAt(0)?.toString(16))).toEqual([]);
});

test('escapes the invisible characters of Unicode in JSON, and no other character', () => {
  const hidden = /[\p{Default_Ignorable_Code_Point}\u007f-\u009f\u2028\u2029\ufff9-\ufffb]/u;
  const wrong = [...listCharacters()].filter(
    (character) => hidden.test(character) !== escapeHiddenInJson(character).startsWith('\\u'),
  );
  expect(wrong.map((character) => character.codePointAt(0)?.toString(16))).toEqual([]);
});

// Quadratic time would take hours here.
test.each(['\u0090', '\u009b', '\u009d', '\u001b]', '\u001b[', '\u001bP', '\u001b', '\u009d\u001b'])(
  'a text full of beginnings of terminal sequences takes no longer than any other: %j',
  (beginning) => {
    expect(stripControlCharacters(beginning.repeat(1_000_000)).length).toBeLessThan(1_000_001);
  },
);

test('a text full of line breaks takes no longer than any other', () => {
  const text = '\n'.repeat(1_000_000);
  expect(escapeCommands(`${text}::warning::x`)).toBe(`${text}: :warning::x`);
});
