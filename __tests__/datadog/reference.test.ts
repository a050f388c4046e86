import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type CaseReference,
  parseReference,
  renderReference,
  replaceReference,
  sharedWords,
  uniqueWord,
} from '../../src/datadog/reference.ts';
import { PROJECT } from '../support/fake-datadog/catalog.ts';

const SHARED = sharedWords(PROJECT.id, 'key')[0];
const UNIQUE = uniqueWord('0123abcd-0123-4bcd-8123-0123456789ab');
const OPENED_BY = { id: 42, attempt: 1, repository: 'acme/shop' };

test('derives a stable single-word reference', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (key, other) => {
      const [reference] = sharedWords(PROJECT.id, key);
      expect(reference).toMatch(/^ghac[0-9a-f]{32}$/);
      expect(sharedWords(PROJECT.id.toUpperCase(), key)[0]).toBe(reference);
      expect(sharedWords(PROJECT.id, other)[0] === reference).toBe(key === other);
      expect(sharedWords(`${PROJECT.id.slice(0, -1)}0`, key)[0]).not.toBe(reference);
    }),
  );
});

// People search for references, and later versions must find those of earlier ones.
test('never changes the reference format', () => {
  expect(sharedWords('c0ffee00-1111-4222-8333-444455556666', 'deploy-main')).toEqual([
    'ghac7a89f65dee98e9c62674d9e84eb965e1',
  ]);
  expect(uniqueWord('0123ABCD-0123-4bcd-8123-0123456789ab')).toBe('ghac0123abcd01234bcd81230123456789ab');
});

test('keys that look the same have the same reference, besides the one of version 1.0', () => {
  const composed = sharedWords(PROJECT.id, 'd\u00e9ploy\nmain');
  const decomposed = sharedWords(PROJECT.id, 'de\u0301ploy\r\nmain');
  expect(composed).toHaveLength(1);
  expect(decomposed[0]).toBe(composed[0]);
  expect(decomposed).toHaveLength(2);
});

test.each<[string, CaseReference, string]>([
  [
    'with a key',
    { shared: SHARED, unique: UNIQUE, runs: [OPENED_BY] },
    `${SHARED} ${UNIQUE}, opened by run 42 of acme/shop`,
  ],
  [
    'without a key',
    { shared: UNIQUE, unique: UNIQUE, runs: [OPENED_BY] },
    `${UNIQUE}, opened by run 42 of acme/shop`,
  ],
  ['outside of a run', { shared: SHARED, unique: UNIQUE, runs: [] }, `${SHARED} ${UNIQUE}`],
  [
    'of a second attempt',
    { shared: SHARED, unique: UNIQUE, runs: [{ ...OPENED_BY, attempt: 2 }] },
    `${SHARED} ${UNIQUE}, opened by run 42 of acme/shop, attempt 2`,
  ],
  [
    'of another GitHub instance',
    {
      shared: SHARED,
      unique: UNIQUE,
      runs: [{ ...OPENED_BY, attempt: 2, server: 'ghe.acme.example:8443' }],
    },
    `${SHARED} ${UNIQUE}, opened by run 42 of acme/shop on ghe.acme.example:8443, attempt 2`,
  ],
  [
    'that several repositories share',
    {
      shared: SHARED,
      unique: UNIQUE,
      runs: [
        { ...OPENED_BY, attempt: 2 },
        { id: 7, attempt: 1, repository: 'acme/blog', server: 'ghe.acme.example' },
        { id: 8, attempt: 3, repository: 'acme/blog' },
      ],
      tail: '; report x',
    },
    `${SHARED} ${UNIQUE}, opened by run 42 of acme/shop, attempt 2, and run 7 of acme/blog on ghe.acme.example, and run 8 of acme/blog, attempt 3; report x`,
  ],
  [
    'whose runs were started in different ways',
    {
      shared: SHARED,
      unique: UNIQUE,
      runs: [
        { ...OPENED_BY, attempt: 2, trigger: 'workflow_dispatch-0a1' },
        { id: 7, attempt: 1, repository: 'acme/blog', trigger: 'push' },
      ],
    },
    `${SHARED} ${UNIQUE}, opened by run 42 of acme/shop, attempt 2, started by workflow_dispatch-0a1, and run 7 of acme/blog, started by push`,
  ],
  [
    'with the state of a report',
    { shared: SHARED, unique: UNIQUE, runs: [{ ...OPENED_BY, attempt: 2 }], tail: ', reported by x.sarif' },
    `${SHARED} ${UNIQUE}, opened by run 42 of acme/shop, attempt 2, reported by x.sarif`,
  ],
])('reads back the reference of a case %s', (_, reference, line) => {
  const rendered = renderReference(reference);
  expect(rendered.split('\n').at(-1)).toBe(`Reference: ${line}`);
  const expected = { ...reference, isAmbiguous: false };
  expect(parseReference(`Words.\n\n${rendered}`)).toEqual(expected);
  expect(parseReference(`Words.\r\n\r\n${rendered.replaceAll('\n', '\r\n')}\n `)).toEqual(expected);
});

test('a reference names at most five runs: those that were recorded last', () => {
  const runs = Array.from({ length: 9 }, (_, index) => ({ ...OPENED_BY, repository: `acme/${index}` }));
  const found = parseReference(renderReference({ shared: SHARED, unique: UNIQUE, runs }));
  expect(found?.runs).toEqual(runs.slice(0, 5));
});

test.each([
  ['escapes underscores', 'acme/my\\_shop', undefined],
  ['adds a hard line break', 'acme/my_shop\\', undefined],
  ['adds a line break in HTML', 'acme/my_shop<br>', '<br>'],
  ['adds an invisible character', 'acme/my_shop\u200b', undefined],
  ['adds words', 'acme/my_shop (seen by Jo)', ' (seen by Jo)'],
  ['adds a day', 'acme/my_shop on Friday', ' on Friday'],
  ['adds two thousand blanks', `acme/my_shop${' \n'.repeat(1000)}`, undefined],
])('reads back a reference from an editor that %s', (_, repository, tail) => {
  const edited = `Words.\n\n_Explanation._\n\nReference: ${SHARED} ${UNIQUE}, opened by run 42 of ${repository}`;
  const runs = [{ id: 42, attempt: 1, repository: 'acme/my_shop' }];
  expect(parseReference(edited)).toEqual({
    shared: SHARED,
    unique: UNIQUE,
    runs,
    isAmbiguous: false,
    ...(tail && { tail }),
  });
});

test.each(['ghe.acme\\.example', '[ghe.acme.example](http://ghe.acme.example)', 'ghe.acme.example<br>'])(
  'reads back the GitHub instance from an editor that makes it %s',
  (host) => {
    const line = `Reference: ${SHARED}, opened by run 42 of acme/shop on ${host}`;
    const runs = [{ id: 42, attempt: 1, repository: 'acme/shop', server: 'ghe.acme.example' }];
    expect(parseReference(line)).toMatchObject({ runs });
  },
);

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
  const found = { runs: [], isAmbiguous: false };
  expect(parseReference(`Words.\n\n${UNIQUE}\n\n${SHARED}`)).toEqual({
    shared: SHARED,
    unique: UNIQUE,
    ...found,
  });
  expect(parseReference(UNIQUE)).toEqual({ shared: UNIQUE, unique: UNIQUE, ...found });
});

const OTHER = sharedWords(PROJECT.id, 'other')[0];
const OWN: CaseReference = { shared: SHARED, unique: UNIQUE, runs: [OPENED_BY] };
/** Text of a workflow or of people, which may quote references. */
const TEXTS = fc.oneof(
  fc.string(),
  fc.constantFrom(
    OTHER,
    `Reference: ${OTHER}`,
    `> Reference: ${OTHER}`,
    renderReference({ shared: OTHER, unique: OTHER, runs: [] }),
    '\n',
    '\n\n',
    '```',
    ' ',
  ),
);
/** What people write below the last line: no reference, and no explanation. */
const NOTES = fc.oneof(
  fc.string(),
  fc.constantFrom('Ask Jo first.', `See ${OTHER}.`, `> Reference: ${OTHER}`, '---', '- [ ] a', '\n', '\r\n'),
);

test('quoted text above the last line is never read as a reference', () => {
  fc.assert(
    fc.property(fc.array(TEXTS), (parts) => {
      const found = parseReference(`${parts.join('')}\n\n${renderReference(OWN)}`);
      expect(found).toEqual({ ...OWN, isAmbiguous: false });
    }),
  );
  expect(parseReference(`Reference: ${OTHER}\n\nAdded below.`)).toBeUndefined();
  expect(parseReference(`A quote: Reference: ${OTHER}`)).toBeUndefined();
});

test('a note below the last line does not hide the reference', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), fc.array(NOTES), (above, below) => {
      const text = above.map((part) => part.replaceAll('ghac', '')).join('\n');
      const note = below.join('\n');
      const found = parseReference(`${text}\n\n${renderReference(OWN)}\n\n${note}`);
      expect(found).toEqual({ ...OWN, isAmbiguous: false });
    }),
  );
});

test.each([
  ['underscores', (text: string) => text.replaceAll('*', '_')],
  ['no markup', (text: string) => text.replaceAll('*', '')],
  ['escaped markup', (text: string) => text.replaceAll('*', '\\*')],
  ['blanks around it', (text: string) => text.replaceAll('*', ' * ').trim()],
  ['no empty line below it', (text: string) => text.replace('\n\n', '\n')],
])('finds the reference above a note if an editor gave the explanation %s', (_, edit) => {
  expect(parseReference(`Words.\n\n${edit(renderReference(OWN))}\n\nA note.`)).toMatchObject(OWN);
});

test('a reference without an explanation does not count above a note', () => {
  expect(parseReference(`Reference: ${SHARED} ${UNIQUE}\n\nA note.`)).toBeUndefined();
  expect(parseReference(`${UNIQUE}\n\n${SHARED}\n\nA note.`)).toBeUndefined();
});

test('of several references above a note, the last one counts, and it is uncertain which one is right', () => {
  const other = renderReference({ shared: OTHER, unique: OTHER, runs: [] });
  const own = renderReference(OWN);
  expect(parseReference(`${other}\n\n${own}\n\nA note.`)).toEqual({ ...OWN, isAmbiguous: true });
  expect(parseReference(`${own}\n\n${own}\n\nA note.`)).toEqual({ ...OWN, isAmbiguous: false });
  expect(parseReference(`${other}\n\nA note.\n\n${own}`)).toEqual({ ...OWN, isAmbiguous: false });
});

test('replacing the reference keeps all words and moves it to the end', () => {
  const news: CaseReference = { ...OWN, runs: [{ id: 43, attempt: 2, repository: 'acme/shop' }] };
  const words = fc
    .array(
      fc.constantFrom('Words.', '- a list', '', '```', `> Reference: ${OTHER}`, `${OTHER} x`, '  x', '*a*'),
    )
    .map((lines) => lines.join('\n').trim());
  fc.assert(
    fc.property(words, words, (above, below) => {
      const before = [above, renderReference(OWN), below].filter((part) => part).join('\n\n');
      const after = replaceReference(before, news);
      expect(after).toBe([above, below, renderReference(news)].filter((part) => part).join('\n\n'));
      expect(parseReference(after)).toEqual({ ...news, isAmbiguous: false });
      expect(replaceReference(after, news)).toBe(after);
    }),
  );
});

test('replacing the reference of version 1.0 leaves no other one', () => {
  expect(replaceReference(`Words.\n\n${UNIQUE}\n\n${SHARED}`, OWN)).toBe(`Words.\n\n${renderReference(OWN)}`);
  expect(replaceReference(SHARED, OWN)).toBe(renderReference(OWN));
  expect(replaceReference('Words.', OWN)).toBe(`Words.\n\n${renderReference(OWN)}`);
  expect(replaceReference('', OWN)).toBe(renderReference(OWN));
});

test.each<[string, string | undefined]>([
  ['workflow_dispatch-0a1', 'workflow_dispatch-0a1'],
  ['workflow\\_dispatch\\-0a1', 'workflow_dispatch-0a1'],
  ['push', 'push'],
  ['push. Fixed.', 'push'],
  ['push and somebody', 'push'],
  ['push_Fixed', undefined],
  ['pull_request-0a1_fixed', undefined],
  ['`push`', undefined],
  ['**push**', undefined],
])('what started a run is read from "%s", unless something is joined to it', (text, trigger) => {
  const line = `Reference: ${SHARED} ${UNIQUE}, opened by run 42 of acme/shop, started by ${text}`;
  expect(parseReference(line)?.runs[0]?.trigger).toBe(trigger);
});
