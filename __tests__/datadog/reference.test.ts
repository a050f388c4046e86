import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  parseReference,
  renderReference,
  sharedReferences,
  uniqueReference,
} from '../../src/datadog/reference.ts';
import { PROJECT } from '../support/fake-datadog/catalog.ts';

const SHARED = sharedReferences(PROJECT.id, 'key')[0];
const UNIQUE = uniqueReference('0123abcd-0123-4bcd-8123-0123456789ab');
const OPENED_BY = { id: 42, repository: 'acme/shop' };

test('derives a stable single-word reference', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (key, other) => {
      const [reference] = sharedReferences(PROJECT.id, key);
      expect(reference).toMatch(/^ghac[0-9a-f]{32}$/);
      expect(sharedReferences(PROJECT.id.toUpperCase(), key)[0]).toBe(reference);
      expect(sharedReferences(PROJECT.id, other)[0] === reference).toBe(key === other);
      expect(sharedReferences(`${PROJECT.id.slice(0, -1)}0`, key)[0]).not.toBe(reference);
    }),
  );
});

// People search for references, and later versions must find those of earlier ones.
test('never changes the reference format', () => {
  expect(sharedReferences('c0ffee00-1111-4222-8333-444455556666', 'deploy-main')).toEqual([
    'ghac7a89f65dee98e9c62674d9e84eb965e1',
  ]);
  expect(uniqueReference('0123ABCD-0123-4bcd-8123-0123456789ab')).toBe(
    'ghac0123abcd01234bcd81230123456789ab',
  );
});

test('keys that look the same have the same reference, besides the one of version 1.0', () => {
  const composed = sharedReferences(PROJECT.id, 'd\u00e9ploy\nmain');
  const decomposed = sharedReferences(PROJECT.id, 'de\u0301ploy\r\nmain');
  expect(composed).toHaveLength(1);
  expect(decomposed[0]).toBe(composed[0]);
  expect(decomposed).toHaveLength(2);
});

test.each([
  ['with a key', { shared: SHARED, unique: UNIQUE, openedBy: OPENED_BY }],
  ['without a key', { shared: UNIQUE, unique: UNIQUE, openedBy: OPENED_BY }],
  ['outside of a run', { shared: SHARED, unique: UNIQUE, openedBy: undefined }],
])('reads back the reference of a case %s', (_, reference) => {
  expect(parseReference(`Words.\n\n${renderReference(reference)}`)).toEqual(reference);
  expect(parseReference(`Words.\r\n\r\n${renderReference(reference).replaceAll('\n', '\r\n')}\n `)).toEqual(
    reference,
  );
});

test.each([
  ['escapes underscores', 'acme/my\\_shop'],
  ['adds a hard line break', 'acme/my_shop\\'],
  ['adds a line break in HTML', 'acme/my_shop<br>'],
  ['adds an invisible character', 'acme/my_shop\u200b'],
  ['adds words', 'acme/my_shop (seen by Jo)'],
  ['adds two thousand blanks', `acme/my_shop${' \n'.repeat(1000)}`],
])('reads back a reference from an editor that %s', (_, repository) => {
  const edited = `Words.\n\n_Explanation._\n\nReference: ${SHARED} ${UNIQUE}, opened by run 42 of ${repository}`;
  const openedBy = { id: 42, attempt: 1, repository: 'acme/my_shop' };
  expect(parseReference(edited)).toEqual({ shared: SHARED, unique: UNIQUE, openedBy });
});

test.each(['[acme/shop](https://github.example/acme/shop)', 'acme&#x2F;shop'])(
  'reads back the words of a reference from an editor that turns the repository into %s',
  (repository) => {
    expect(parseReference(`Reference: ${SHARED} ${UNIQUE}, opened by run 42 of ${repository}`)).toMatchObject(
      {
        shared: SHARED,
        unique: UNIQUE,
      },
    );
  },
);

test.each([`Reference: ${SHARED}0`, `Reference: ${SHARED}ghac`, `Reference: ${SHARED.slice(0, -1)}`])(
  'does not take part of a word for a reference: %s',
  (text) => {
    expect(parseReference(text)).toBeUndefined();
  },
);

test('reads the references that version 1.0 wrote', () => {
  const legacy = (text: string) => parseReference(text);
  expect(legacy(`Words.\n\n${UNIQUE}\n\n${SHARED}`)).toEqual({
    shared: SHARED,
    unique: UNIQUE,
    openedBy: undefined,
  });
  expect(legacy(UNIQUE)).toEqual({ shared: UNIQUE, unique: UNIQUE, openedBy: undefined });
});

test('quoted text is never read as a reference', () => {
  const mine = { shared: SHARED, unique: UNIQUE, openedBy: undefined };
  const other = sharedReferences(PROJECT.id, 'other')[0];
  const quotes = fc.constantFrom(
    other,
    `Reference: ${other}`,
    renderReference({ shared: other, unique: other, openedBy: undefined }),
    '\n',
    '```',
    ' ',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(quotes, fc.string())), (parts) => {
      const text = parts.join('');
      expect(parseReference(`${text}\n\n${renderReference(mine)}`)).toEqual(mine);
    }),
  );
  expect(parseReference(`Reference: ${other}\n\nAdded below.`)).toBeUndefined();
  expect(parseReference(`A quote: Reference: ${other}`)).toBeUndefined();
});
