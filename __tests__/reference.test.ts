import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { derive, fresh, isIn } from '../src/datadog/reference.ts';
import { PROJECT } from './support/datadog.ts';

test('is one word, whatever the key, and the same for the same key in the same project', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (key, other) => {
      const word = derive(PROJECT.id, key);
      expect(word).toMatch(/^ghac[0-9a-f]{32}$/);
      expect(derive(PROJECT.id.toUpperCase(), key)).toBe(word);
      expect(derive(PROJECT.id, other) === word).toBe(key === other);
      expect(derive(`${PROJECT.id.slice(0, -1)}0`, key)).not.toBe(word);
    }),
  );
});

// People search for these and other versions must find them: the form does not change.
test('keeps its form', () => {
  expect(derive('c0ffee00-1111-4222-8333-444455556666', 'deploy-main')).toBe(
    'ghac7a89f65dee98e9c62674d9e84eb965e1',
  );
  expect(fresh('0123ABCD-0123-4bcd-8123-0123456789ab')).toBe('ghac0123abcd01234bcd81230123456789ab');
});

test('is found as a word of its own only', () => {
  const word = derive(PROJECT.id, 'key');
  expect(isIn(`Words.\n\n${word}`, word)).toBe(true);
  expect(isIn(`${word}.\nAdded below.`, word)).toBe(true);
  expect(isIn(`x${word}`, word)).toBe(false);
  expect(isIn(`${word}0`, word)).toBe(false);
  expect(isIn('', word)).toBe(false);
});
