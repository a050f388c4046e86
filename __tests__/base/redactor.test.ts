import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { stripControlCharacters } from '../../src/base/log-text.ts';
import { Redactor } from '../../src/base/redactor.ts';

const SECRET = 'kQ7"zR4\\w/X9&m<2';

function redact(text: string, ...secrets: string[]): string {
  const redactor = new Redactor();
  redactor.add(...(secrets.length ? secrets : [SECRET]));
  return redactor.redact(text);
}

describe('redact', () => {
  test.each([
    ['plain', SECRET],
    ['JSON', JSON.stringify(SECRET)],
    ['JSON inside JSON', JSON.stringify(JSON.stringify(SECRET))],
    ['JSON with escaped slashes', JSON.stringify(SECRET).replaceAll('/', '\\/')],
    ['a URL', encodeURIComponent(SECRET)],
    ['a URL in lower case', encodeURIComponent(SECRET).replace(/%../g, (code) => code.toLowerCase())],
    ['a form', new URLSearchParams({ q: SECRET }).toString()],
    ['HTML', SECRET.replace('&', '&amp;').replace('<', '&lt;').replace('"', '&quot;')],
    ['JSON inside a script', JSON.stringify(SECRET).replace('&', '\\u0026').replace('<', '\\u003c')],
    ['capital letters', SECRET.toUpperCase()],
    ['Base64', Buffer.from(SECRET).toString('base64')],
    ['colors in between', `kQ7"zR\u001b[31m4\\w/X\u001b[0m9&m<2`],
    ['invisible characters in between', [...SECRET].join('\u200b')],
  ])('replaces a secret in this form: %s', (_, text) => {
    const redacted = redact(`before ${text} after`);
    expect(redacted).toMatch(/^before .*\*\*\*.* after$/);
    expect(redacted).not.toMatch(/kQ|zR|X9|a1E3/i);
  });

  test('replaces a secret that contains invisible characters itself', () => {
    expect(redact('a 12345\u200b6789 b', '12345\u200b6789')).toBe('a *** b');
    expect(redact('a 123456789 b', '12345\u200b6789')).toBe('a *** b');
  });

  test('replaces overlapping secrets completely, also where only one is interrupted', () => {
    expect(redact('x abcdefgh\u200bijklmnop y', 'abcdefghij', 'ijklmnop')).toBe('x *** y');
  });

  test('keeps the hidden text around a secret', () => {
    expect(redact('\u001b[31mabcdefgh\u001b[0m \u200d', 'abcdefgh')).toBe('\u001b[31m***\u001b[0m \u200d');
  });
});

test('no secret appears when hidden text is removed after redaction', () => {
  const hidden = fc.constantFrom(
    '\u001b[1;31m',
    '\u200b',
    '\u0000',
    '\u202e',
    '\u{e0041}',
    '\ufeff',
    '\u001b]0;x\u0007',
  );
  const secrets = fc.stringMatching(/^[A-Za-z0-9]{8,20}$/);
  fc.assert(
    fc.property(secrets, fc.array(hidden), fc.infiniteStream(fc.nat()), (secret, sequences, positions) => {
      let text = `before ${secret} after ${secret}`;
      for (const sequence of sequences) {
        const position = positions.next().value % text.length;
        text = text.slice(0, position) + sequence + text.slice(position);
      }
      expect(stripControlCharacters(redact(text, secret))).not.toContain(secret);
    }),
  );
});

test('adding a secret that is a written form of another one returns it, so that the runner masks it too', () => {
  const redactor = new Redactor();
  expect(redactor.add('secret-of-the-proxy')).toEqual(['secret-of-the-proxy']);
  expect(redactor.add('SECRET-OF-THE-PROXY', 'secret-of-the-proxy')).toEqual(['SECRET-OF-THE-PROXY']);
});
