import { expect, test } from '@jest/globals';
import { quoteShort, truncate } from '../../src/base/truncate.ts';

test.each([
  ['abcd', 4, 'abcd'],
  ['abcde', 4, 'abc…'],
  ['ab   cdef', 5, 'ab…'],
  ['  abcdef', 5, '  ab…'],
])('shortens the end of %j to %i characters', (text, maxChars, expected) => {
  expect(truncate(text, maxChars)).toBe(expected);
});

test('quotes a text on one line', () => {
  expect(quoteShort('a "b"\nc')).toBe('"a \\"b\\"\\nc"');
});

test('quotes at most 80 characters of a text', () => {
  expect(quoteShort('x'.repeat(80))).toBe(`"${'x'.repeat(80)}"`);
  expect(quoteShort('x'.repeat(81))).toBe(`"${'x'.repeat(80)}…"`);
});
