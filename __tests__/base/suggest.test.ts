import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { didYouMean, sortBySimilarity, suggest } from '../../src/base/suggest.ts';
import { KNOWN_SITES } from '../../src/datadog/sites.ts';
import { INPUT_NAMES } from '../../src/inputs/schema.ts';

test.each([
  ['OSP', ['OPS', 'PAY', 'WEB'], 'OPS'],
  ['EU', KNOWN_SITES, 'datadoghq.eu'],
  ['us5', KNOWN_SITES, 'us5.datadoghq.com'],
  ['datadog.eu', KNOWN_SITES, 'datadoghq.eu'],
  ['priorty', INPUT_NAMES, 'priority'],
  ['TITEL', INPUT_NAMES, 'title'],
  ['desciption', INPUT_NAMES, 'description'],
  ['attr', INPUT_NAMES, 'attributes'],
  ['regoin', ['region', 'Region', 'Rights'], 'Region'],
  ['tru', ['true', 'false', 'config'], 'true'],
  ['deploy', ['Incident', 'Deployment failure'], 'Deployment failure'],
  [' OSP ', ['OPS', 'PAY'], 'OPS'],
  ['abcdef', ['abcdxy'], 'abcdxy'],
  ['x'.repeat(60), ['x'.repeat(60)], 'x'.repeat(60)],
])('suggests what "%s" means', (query, candidates, expected) => {
  expect(suggest(query, candidates)).toBe(expected);
});

test.each([
  ['tags', INPUT_NAMES],
  ['labels', INPUT_NAMES],
  ['acme.datadoghq.com', KNOWN_SITES],
  ['P9', ['NOT_DEFINED', 'P1', 'P2', 'P3', 'P4', 'P5']],
  ['yes', ['true', 'false']],
  ['', ['a']],
  ['WEBC', ['WEBA', 'WEBB']],
  ['  ', ['']],
  ['x'.repeat(61), ['x'.repeat(61)]],
  ['tags', ['priority']],
  ['at', ['attributes']],
  ['ab', ['ac']],
  ['abcd', ['abxy']],
  ['abcdef', ['abcxyz']],
])('suggests nothing far-off or ambiguous for "%s"', (query, candidates) => {
  expect(suggest(query, candidates)).toBeUndefined();
});

test('suggests one of the candidates or nothing, for any text', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      fc.array(fc.string({ unit: 'grapheme' })),
      (query, candidates) => {
        const suggestion = suggest(query, candidates);
        if (suggestion !== undefined) expect(candidates).toContain(suggestion);
      },
    ),
  );
});

test.each([
  ['ops', ['abc', 'Team OPS'], ['Team OPS', 'abc']],
  ['ops', ['opsy', 'OPS'], ['OPS', 'opsy']],
  ['ops', ['Team Oops', 'opt', 'DevOps', 'The Ops Team'], ['opt', 'The Ops Team', 'Team Oops', 'DevOps']],
])('sorts names by similarity to "%s": %j', (query, candidates, expected) => {
  expect(sortBySimilarity(query, candidates)).toEqual(expected);
});

test('asks about a suggestion only if there is one', () => {
  expect(didYouMean('OPS')).toBe(' Did you mean OPS?');
  expect(didYouMean(undefined)).toBe('');
});

// Comparing all of it with a thousand names would take minutes.
test('compares only the beginning of a long query', () => {
  const names = Array.from({ length: 1000 }, (_, index) => `Team ${index} of a company with long names`);
  expect(sortBySimilarity(`${names[500]}${' x'.repeat(500_000)}`, names)[0]).toBe(names[500]);
});
