import { Unredacted } from '../../src/base/unredacted.ts';

/** A copy of a value in which every unredacted text is a string, to compare it. */
export function revealAll(value: unknown): unknown {
  if (value instanceof Unredacted) return value.reveal();
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revealAll(item)]));
}
