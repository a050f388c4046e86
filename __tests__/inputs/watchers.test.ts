import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseWatchers } from '../../src/inputs/watchers.ts';

const UUID = 'ba5e0000-1111-4222-8333-000000000003';

test.each([
  ['', []],
  ['ada@acme.example', ['ada@acme.example']],
  ['ada@acme.example, bob@acme.example', ['ada@acme.example', 'bob@acme.example']],
  [`ada@acme.example\n\n  ${UUID},\n`, ['ada@acme.example', UUID]],
  ['- ada@acme.example\r\n- bob@acme.example', ['ada@acme.example', 'bob@acme.example']],
  [`Ada@acme.example,ada@ACME.example,${UUID},${UUID.toUpperCase()}`, ['Ada@acme.example', UUID]],
])('reads the watchers %j', (text, watchers) => {
  expect(parseWatchers(text)).toEqual({ value: watchers, issues: [] });
});

test.each([
  ['ada', '"ada" is not valid. Use e-mail addresses or user UUIDs'],
  ['ada@acme.example bob@acme.example', '"ada@acme.example bob@acme.example" is not valid'],
  ['ada, bob', '"ada", "bob" are not valid'],
  ['a,b,c,d,e,f,g', '"e" and 2 more are not valid'],
  [
    Array.from({ length: 21 }, (_, index) => `u${index}@acme.example`).join(),
    'lists 21 users. Use at most 20: the last ones are left out.',
  ],
])('rejects the watchers %j', (text, message) => {
  expect(parseWatchers(text).issues.join()).toContain(message);
});

test('accepts no text that is neither an address nor a UUID', () => {
  const item = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.emailAddress(),
    fc.uuid(),
    fc.constantFrom(',', '\n', '- '),
  );
  fc.assert(
    fc.property(
      fc.array(item).map((items) => items.join(',')),
      (text) => {
        for (const watcher of parseWatchers(text).value)
          expect(watcher).toMatch(/^(?:[^\s@,]+@[^\s@,]+|[0-9a-f-]{36})$/i);
      },
    ),
    { numRuns: 500 },
  );
});
