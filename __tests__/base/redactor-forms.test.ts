import { expect, test } from '@jest/globals';
import { Redactor } from '../../src/base/redactor.ts';

function redact(text: string, ...secrets: string[]): string {
  const redactor = new Redactor();
  redactor.add(...secrets);
  return redactor.redact(text);
}

test.each([
  ['JSON', 'kQ7"zR4\\wX9', 'x kQ7\\"zR4\\\\wX9 y'],
  ['JSON inside JSON', 'kQ7"zR4\\wX9', 'x kQ7\\\\\\"zR4\\\\\\\\wX9 y'],
  ['JSON inside a script', "kQ7<zR4'wX9", 'x kQ7\\u003czR4\\u0027wX9 y'],
  ['a URL', 'kQ7 zR4/wX9', 'x kQ7%20zR4%2FwX9 y'],
  ['a URL in lower case', 'kQ7 zR4/wX9', 'x kQ7%20zR4%2fwX9 y'],
  ['a URL with an escaped apostrophe', "kQ7 zR4'wX9", 'x kQ7%20zR4%27wX9 y'],
  ['a form', 'kQ7 zR4/wX9', 'x kQ7+zR4%2FwX9 y'],
  ['capital letters', 'kQ7-zR4-wX9', 'x KQ7-ZR4-WX9 y'],
  ['small letters', 'kQ7-zR4-wX9', 'x kq7-zr4-wx9 y'],
  ['Base64 with one padding sign', 'abcdefgh', 'x YWJjZGVmZ2g= y', 'x ***= y'],
  ['Base64 without its two padding signs', 'abcdefghij', 'x YWJjZGVmZ2hpag y'],
  ['HTML', 'kQ7&<zR4>wX9', 'x kQ7&amp;&lt;zR4&gt;wX9 y'],
  ['HTML with plain quotes', `kQ7>"zR4'wX9`, `x kQ7&gt;"zR4'wX9 y`],
  ['HTML with &quot;', `kQ7>"zR4'wX9`, `x kQ7&gt;&quot;zR4'wX9 y`],
  ['HTML with &quot; and &#39;', `kQ7"zR4'wX9`, 'x kQ7&quot;zR4&#39;wX9 y'],
  ['HTML with &quot; and &#039;', `kQ7"zR4'wX9`, 'x kQ7&quot;zR4&#039;wX9 y'],
  ['HTML with &quot; and &#x27;', `kQ7"zR4'wX9`, 'x kQ7&quot;zR4&#x27;wX9 y'],
  ['HTML with &quot; and &apos;', `kQ7"zR4'wX9`, 'x kQ7&quot;zR4&apos;wX9 y'],
  ['HTML with &#34; and &#39;', `kQ7"zR4'wX9`, 'x kQ7&#34;zR4&#39;wX9 y'],
])('replaces exactly the secret in this form: %s', (_, secret, text, expected = 'x *** y') => {
  expect(redact(text, secret)).toBe(expected);
});

test.each([
  ['the whole text', 'abcdefgh', '***'],
  ['the beginning of the text', 'abcdefgh y', '*** y'],
  ['the end of the text', 'x abcdefgh', 'x ***'],
  ['several places', 'abcdefgh x abcdefgh y', '*** x *** y'],
  ['places that touch', 'x abcdefghabcdefgh y', 'x *** y'],
  ['two pieces', 'x abcd\u200befgh y', 'x *** y'],
  ['no place', 'x abcdefg y', 'x abcdefg y'],
])('replaces a secret that is %s', (_, text, expected) => {
  expect(redact(text, 'abcdefgh')).toBe(expected);
});

test('replaces different secrets that touch with a single mark', () => {
  expect(redact('x abcdefghijklmnop y', 'abcdefgh', 'ijklmnop')).toBe('x *** y');
});

test('replaces the visible part of a secret only if it has at least 8 characters', () => {
  expect(redact('x abcdefgh y', 'abcd\u200befgh')).toBe('x *** y');
  expect(redact('x abcdefg y', 'abcd\u200befg')).toBe('x abcdefg y');
});

test('adds each line of a secret once, without the space around it, if it has at least 8 characters', () => {
  const redactor = new Redactor();
  expect(redactor.add('  first-line \r\n\n short\nline-two\t', 'first-line', '1234567')).toEqual([
    'first-line',
    'line-two',
  ]);
  expect(redactor.add('line-two')).toEqual([]);
});

test('redacts strings and keys in JSON at any depth, and keeps all other values', () => {
  const redactor = new Redactor();
  redactor.add('abcdefgh');
  const value = JSON.parse(
    '{"text":"x abcdefgh","list":["abcdefgh",["abcdefgh",1]],"__proto__":{"key abcdefgh":null},"no":false}',
  );
  expect(JSON.stringify(redactor.redactJson(value))).toBe(
    '{"text":"x ***","list":["***",["***",1]],"__proto__":{"key ***":null},"no":false}',
  );
  expect(redactor.redactJson('abcdefgh')).toBe('***');
});

test('returns JSON as it is while no secret is known', () => {
  const value = { text: 'abcdefgh' };
  expect(new Redactor().redactJson(value)).toBe(value);
});
