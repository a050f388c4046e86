import { expect, test } from '@jest/globals';
import { escapeHiddenInJson, stripControlCharacters } from '../../src/base/log-text.ts';

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
