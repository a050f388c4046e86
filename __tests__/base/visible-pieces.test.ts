import { expect, test } from '@jest/globals';
import { splitAtHiddenText, toPositionInWhole } from '../../src/base/visible-pieces.ts';

test.each([
  ['', [{ text: '', start: 0, visibleStart: 0 }]],
  ['plain', [{ text: 'plain', start: 0, visibleStart: 0 }]],
  ['größer', [{ text: 'größer', start: 0, visibleStart: 0 }]],
  ['\u200b', []],
  ['\u200bab', [{ text: 'ab', start: 1, visibleStart: 0 }]],
  ['ab\u200b', [{ text: 'ab', start: 0, visibleStart: 0 }]],
  [
    'ab\u001b[31mcde\u200b\u200bf',
    [
      { text: 'ab', start: 0, visibleStart: 0 },
      { text: 'cde', start: 7, visibleStart: 2 },
      { text: 'f', start: 12, visibleStart: 5 },
    ],
  ],
])('splits %j at its hidden text', (text, expected) => {
  expect(splitAtHiddenText(text)).toEqual(expected);
});

test('finds every visible character in the whole text', () => {
  const pieces = splitAtHiddenText('ab\u001b[31mcde\u200b\u200bf');
  expect([0, 1, 2, 3, 4, 5].map((position) => toPositionInWhole(pieces, position))).toEqual([
    0, 1, 7, 8, 9, 12,
  ]);
});

test('keeps a position in a text without visible pieces', () => {
  expect(toPositionInWhole([], 3)).toBe(3);
});
