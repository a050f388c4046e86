import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { includesReference, sharedReference, uniqueReference } from '../../src/datadog/reference.ts';
import { PROJECT } from '../support/fake-datadog/catalog.ts';

test('derives a stable single-word reference', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (key, other) => {
      const reference = sharedReference(PROJECT.id, key);
      expect(reference).toMatch(/^ghac[0-9a-f]{32}$/);
      expect(sharedReference(PROJECT.id.toUpperCase(), key)).toBe(reference);
      expect(sharedReference(PROJECT.id, other) === reference).toBe(key === other);
      expect(sharedReference(`${PROJECT.id.slice(0, -1)}0`, key)).not.toBe(reference);
    }),
  );
});

// People search for references, and later versions must find those of earlier ones.
test('never changes the reference format', () => {
  expect(sharedReference('c0ffee00-1111-4222-8333-444455556666', 'deploy-main')).toBe(
    'ghac7a89f65dee98e9c62674d9e84eb965e1',
  );
  expect(uniqueReference('0123ABCD-0123-4bcd-8123-0123456789ab')).toBe(
    'ghac0123abcd01234bcd81230123456789ab',
  );
});

test('finds a reference only as a whole word', () => {
  const reference = sharedReference(PROJECT.id, 'key');
  expect(includesReference(`Words.\n\n${reference}`, reference)).toBe(true);
  expect(includesReference(`${reference}.\nAdded below.`, reference)).toBe(true);
  expect(includesReference(`x${reference}`, reference)).toBe(false);
  expect(includesReference(`${reference}0`, reference)).toBe(false);
  expect(includesReference('', reference)).toBe(false);
});
