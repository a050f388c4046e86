import { expect, test } from '@jest/globals';
import { asPositiveInteger, describeType, toShortJson } from '../../src/base/json.ts';

test.each([
  [1, 1],
  [42, 42],
  [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  ['7', 7],
  ['007', 7],
  ['123456789012345', 123_456_789_012_345],
])('reads %j as a positive integer', (value, expected) => {
  expect(asPositiveInteger(value)).toBe(expected);
});

test.each([
  [0],
  [-1],
  [1.5],
  [2 ** 53],
  [Number.NaN],
  [Number.POSITIVE_INFINITY],
  ['0'],
  [''],
  ['+5'],
  [' 5'],
  ['5 '],
  ['1.0'],
  ['1e3'],
  ['0x10'],
  ['1234567890123456'],
  [true],
  [[5]],
  [['5']],
  [null],
  [undefined],
  [{}],
])('does not read %j as a positive integer', (value) => {
  expect(asPositiveInteger(value)).toBeUndefined();
});

test.each([
  [undefined, 'missing'],
  [null, 'null'],
  ['a "b"', '"a \\"b\\""'],
  [[1, { a: 2 }], '[1,{"a":2}]'],
  [Symbol('x'), 'Symbol(x)'],
])('writes %p as short JSON', (value, expected) => {
  expect(toShortJson(value)).toBe(expected);
});

test('cuts JSON off after 80 characters', () => {
  expect(toShortJson('x'.repeat(100))).toBe(`"${'x'.repeat(79)}`);
  expect(toShortJson('x'.repeat(78))).toBe(`"${'x'.repeat(78)}"`);
});

test.each([
  [[], 'a list'],
  [{}, 'an object'],
  [null, 'null'],
  ['a', '"a"'],
  [undefined, 'missing'],
])('describes the type of %j', (value, expected) => {
  expect(describeType(value)).toBe(expected);
});
