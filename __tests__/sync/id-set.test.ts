import { expect, test } from '@jest/globals';
import { hashParts } from '../../src/sync/identity.ts';
import { IdSet } from '../../src/sync/read/id-set.ts';

test('has what was added, and nothing else', () => {
  const set = new IdSet();
  const id = (index: number) => hashParts([String(index)]);
  for (let index = 0; index < 5000; index += 1) {
    set.add(id(index));
    set.add(id(index));
  }
  expect(set.size).toBe(5000);
  for (let index = 0; index < 10_000; index += 1) expect(set.has(id(index))).toBe(index < 5000);
});

test('has a hash of zeros only if it was added', () => {
  const set = new IdSet();
  expect(set.has('0'.repeat(16))).toBe(false);
  set.add('0'.repeat(16));
  expect(set.has('0'.repeat(16))).toBe(true);
});
