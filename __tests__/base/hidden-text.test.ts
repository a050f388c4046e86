import { expect, test } from '@jest/globals';
import { escapeCommands, escapeHiddenInJson, stripControlCharacters } from '../../src/base/log-text.ts';

/** Every character that Unicode has, except surrogates: those that may start a terminal sequence alone, others together. */
function* listTexts(): Generator<string[]> {
  for (let start = 0; start <= 0x10ffff; start += 256) {
    if (start >= 0xd800 && start <= 0xdfff) continue;
    const characters = Array.from({ length: 256 }, (_, index) => String.fromCodePoint(start + index));
    if (start) yield characters;
    else yield* characters.map((character) => [character]);
  }
}

/** The texts in which something else than `expected` becomes of a character. */
function listWrong(change: (text: string) => string, expected: (character: string) => string): string[] {
  return [...listTexts()].flatMap((characters) => {
    const changed = change(`a${characters.join('')}`);
    return changed === `a${characters.map(expected).join('')}` ? [] : [JSON.stringify(changed)];
  });
}

test('removes the control and invisible characters of Unicode, and no other character', () => {
  const hidden = /[[\p{Cc}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]--[\t\n\ufe0e\ufe0f]]/v;
  const lineBreak = /[\v\f\r\u0085\u2028\u2029]/;
  const expected = (character: string) => character.replace(lineBreak, '\n').replace(hidden, '');
  expect(listWrong(stripControlCharacters, expected)).toEqual([]);
});

test('escapes the invisible characters of Unicode in JSON, and no other character', () => {
  const hidden = /[\p{Default_Ignorable_Code_Point}\u007f-\u009f\u2028\u2029\ufff9-\ufffb]/u;
  const toEscape = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  const expected = (character: string) =>
    hidden.test(character) ? character.split('').map(toEscape).join('') : character;
  expect(listWrong(escapeHiddenInJson, expected)).toEqual([]);
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
