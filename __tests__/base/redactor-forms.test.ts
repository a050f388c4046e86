import { expect, test } from '@jest/globals';
import { Redactor } from '../../src/base/redactor.ts';

function redact(text: string, ...secrets: string[]): string {
  const redactor = new Redactor();
  redactor.add(...secrets);
  return redactor.redact(text);
}

function toBase64(text: string): string {
  return Buffer.from(text).toString('base64');
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
  ['Base64 behind one byte', 'abcdefghi', `x ${toBase64('1abcdefghi')} y`, 'x MW***== y'],
  ['Base64 behind two bytes', 'abcdefghi', `x ${toBase64('12abcdefghi')} y`, 'x MTJ***= y'],
  ['Base64 behind three bytes', 'abcdefghi', `x ${toBase64('123abcdefghi')} y`, 'x MTIz*** y'],
  ['Base64 in front of one byte', 'abcdefgh', `x ${toBase64('abcdefgh~')} y`, 'x ***h+ y'],
  ['Base64 in front of two bytes', 'abcdefgh', `x ${toBase64('abcdefgh~~')} y`, 'x ***h+fg== y'],
  ['Base64 of JSON', 'abcd"efgh', `x ${toBase64('{"k":"abcd\\"efgh"}')} y`, 'x eyJrIjoi***CJ9 y'],
  ['Base64 with the URL alphabet', '>>>???>>>???', 'x Pj4-Pz8_Pj4-Pz8_ y'],
  ['Base64 in JSON with escaped slashes', '>>>???>>>???', 'x Pj4+Pz8\\/Pj4+Pz8\\/ y'],
  ['Base64 in a URL', '>>>???>>>???', 'x Pj4%2BPz8%2FPj4%2BPz8%2F y'],
  ['Base64 in a URL in lower case', '>>>???>>>???', 'x Pj4%2bPz8%2fPj4%2bPz8%2f y'],
  ['hexadecimal in small letters', 'abcdefgj', 'x 616263646566676a y'],
  ['hexadecimal in capital letters', 'abcdefgj', 'x 616263646566676A y'],
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

test.each([
  ['an escape character', 'x abc\u001bdefgh y', 'x *** y'],
  ['an escape character in front of it', 'x \u001babcdefgh y', 'x \u001b*** y'],
  ['an escape character that begins a title', 'x abc\u001b]defgh y', 'x *** y'],
  ['the beginning of a color', 'x \u001b[3abcdefgh y', 'x \u001b[3*** y'],
  ['a title that would hide its end', 'x abc\u001bPdefgh y', 'x *** y', 'abcPdefgh'],
  ['a color and an escape character', 'x ab\u001b[31mc\u001bdefgh\u001b[0m y', 'x ***\u001b[0m y'],
])('replaces a secret with a stray escape character: %s', (_, text, expected, secret = 'abcdefgh') => {
  expect(redact(text, secret)).toBe(expected);
});

/** Base64 in lines of a given length, as programs print it. */
function wrap(text: string, length: number, lineBreak: string): string {
  return (toBase64(text).match(new RegExp(`.{1,${length}}`, 'g')) ?? []).join(lineBreak);
}

test.each([
  ['76 characters, as MIME has it', 76, '\r\n'],
  ['76 characters', 76, '\n'],
  ['64 characters, as PEM has it', 64, '\n'],
  ['76 characters, indented', 76, '\n    '],
  ['76 characters, inside JSON', 76, '\\n'],
  ['64 characters, inside JSON', 64, '\\r\\n'],
])('replaces a secret in Base64 with lines of %s, wherever it is wrapped', (_, length, lineBreak) => {
  const secret = 'kQ7-zR4-wX9-mB2-tY6-pL8-vN3-cD5';
  for (let offset = 20; offset < 60; offset += 1) {
    const text = wrap(`${'.'.repeat(offset)}${secret}${'.'.repeat(80)}`, length, lineBreak);
    const left = redact(`x ${text} y`, secret).replace(/\s|\\[rn]/g, '');
    expect(left).toMatch(/^x[\w+/]*\*\*\*[\w+/]*=*y$/);
    expect(Buffer.from(left.replace('***', ''), 'base64').toString()).not.toMatch(
      /kQ7|zR4|wX9|mB2|tY6|pL8|vN3|cD5/,
    );
  }
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

test.each([
  ['lists', '[', ']'],
  ['objects', '{"a":', '}'],
])('keeps 100 levels of %s, and replaces what is deeper', (_, open, close) => {
  const nest = (levels: number, inner: string) => open.repeat(levels) + inner + close.repeat(levels);
  const redactor = new Redactor();
  expect(JSON.stringify(redactor.redactJson(JSON.parse(nest(100, '1'))))).toBe(nest(100, '1'));
  expect(JSON.stringify(redactor.redactJson(JSON.parse(nest(100_000, '1'))))).toBe(nest(100, '"…"'));
});
