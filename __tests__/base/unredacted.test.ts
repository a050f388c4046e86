import { expect, test } from '@jest/globals';
import { Redactor } from '../../src/base/redactor.ts';
import { quoteShort, truncate } from '../../src/base/truncate.ts';
import { Unredacted } from '../../src/base/unredacted.ts';

const TEXT = new Unredacted('before abcdefgh after');

test('unredacted text does not appear in a text, a JSON value or an error by mistake', () => {
  const mistakes = [`${TEXT}`, String(TEXT), JSON.stringify({ TEXT }), new Error(`${TEXT}`).message];
  expect(mistakes).toEqual(['***', '***', '{"TEXT":"***"}', '***']);
  expect(Object.values(TEXT)).toEqual([]);
});

test('unredacted text can not be shortened', () => {
  // @ts-expect-error: only a string can.
  expect(`${truncate(TEXT, 5)}`).toBe('***');
  // @ts-expect-error: only a string can.
  expect(quoteShort(TEXT)).toBe('"***"');
});

test('the redactor makes text out of it, without secrets', () => {
  const redactor = new Redactor();
  redactor.add(new Unredacted('abcdefgh'));
  expect(redactor.redact(TEXT)).toBe('before *** after');
  expect(redactor.parseJson(new Unredacted('{"a":"abcdefgh"}'))).toEqual({ a: '***' });
  expect(() => redactor.parseJson(new Unredacted('"abcdefg'))).toThrow(/^The text is not valid JSON$/);
});
