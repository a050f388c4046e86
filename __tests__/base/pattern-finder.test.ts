import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mergeIntervals, PatternFinder } from '../../src/base/pattern-finder.ts';

/** Where any of the patterns is, found one by one. */
function findSlowly(patterns: readonly string[], text: string) {
  const intervals = patterns.flatMap((pattern) =>
    Array.from(text, (_, start) => ({ start, end: start + pattern.length })).filter(
      ({ start, end }) => text.slice(start, end) === pattern,
    ),
  );
  return mergeIntervals(intervals);
}

test('finds what a search for one pattern after another finds', () => {
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '\u4e00'), minLength: 3, maxLength: 6 });
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '\u4e00'), maxLength: 60 });
  fc.assert(
    fc.property(fc.array(pattern), text, (patterns, around) => {
      const all = `${around}${patterns.join(around)}`;
      expect(new PatternFinder(patterns).find(all)).toEqual(findSlowly(patterns, all));
    }),
    { numRuns: 500 },
  );
});

test('finds patterns longer than what it may skip', () => {
  const long = `${'x'.repeat(400)}y`;
  expect(new PatternFinder([long]).find(`x${long}x`)).toEqual([{ start: 1, end: 402 }]);
});

test('finds nothing without patterns', () => {
  expect(new PatternFinder([]).find('some text')).toEqual([]);
});

// Without merging at once, this would keep millions of intervals.
test('a text full of the same pattern takes no longer than any other', () => {
  const text = 'a'.repeat(4_000_000);
  expect(new PatternFinder(['aaaaaaaa']).find(text)).toEqual([{ start: 0, end: text.length }]);
});
