import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseReference, renderReference } from '../../src/datadog/reference.ts';
import {
  type CaseState,
  hasSuitePassed,
  mergeTests,
  parseTail,
  renderTail,
} from '../../src/sync/case-state.ts';

const REPORT = `ghac${'a'.repeat(32)}`;
const STATE: CaseState = {
  report: REPORT,
  kind: 'rule',
  tool: 'aabbccdd',
  item: '0123456789abcdef',
  severity: 'high',
  memberCount: 12,
  members: '1a2b3c4d',
  tests: ['fedcba9876543210'],
  counts: { ran: 104, skipped: 3 },
  files: ['00000001', '00000002'],
  fileCount: 12,
  title: '77777777',
  text: '99999999',
  run: { id: 987, attempt: 2 },
  reopenCount: 1,
  closedAs: 'gone',
  isLeftToPeople: true,
};

test('is words of letters and digits', () => {
  expect(renderTail(STATE)).toBe(
    `; report ${REPORT} rule kaabbccdd i0123456789abcdef high n12 m1a2b3c4d pfedcba9876543210 c104s3 f00000001 f00000002 c12 h77777777 t99999999 r987a2 o1 gone left`,
  );
});

test('is read as it was written, on the last line of a description', () => {
  const hash = fc.stringMatching(/^[0-9a-f]{8}$/);
  const state = fc.record({
    report: fc.constant(REPORT),
    kind: fc.constantFrom('rule', 'file', 'finding', 'test', 'suite', 'item'),
    tool: hash,
    item: fc.stringMatching(/^[0-9a-f]{16}$/),
    severity: fc.constantFrom('critical', 'high', 'medium', 'low'),
    memberCount: fc.nat(1_000_000),
    members: hash,
    tests: fc.array(fc.stringMatching(/^[0-9a-f]{16}$/), { maxLength: 20 }),
    counts: fc.option(fc.record({ ran: fc.nat(999_999_999), skipped: fc.nat(999) }), { nil: undefined }),
    files: fc.array(hash, { maxLength: 10 }),
    fileCount: fc.integer({ min: 11, max: 5000 }),
    title: hash,
    text: hash,
    run: fc.option(
      fc.record({
        id: fc.integer({ min: 1, max: 999_999_999_999_999 }),
        attempt: fc.integer({ min: 1, max: 999 }),
      }),
      { nil: undefined },
    ),
    reopenCount: fc.nat(999),
    closedAs: fc.constantFrom('gone', 'duplicate', undefined),
    isLeftToPeople: fc.boolean(),
  });
  fc.assert(
    fc.property(state, (written) => {
      const line = renderReference({
        shared: `ghac${'b'.repeat(32)}`,
        unique: `ghac${'c'.repeat(32)}`,
        runs: [{ id: 1, attempt: 3, repository: 'acme/shop' }],
        tail: renderTail(written as CaseState),
      });
      expect(parseTail(parseReference(line)?.tail ?? '')).toEqual(written);
    }),
  );
});

test('the number of files is left out if all are recorded', () => {
  const state = { ...STATE, fileCount: 2 };
  expect(renderTail(state)).not.toContain(' c2');
  expect(parseTail(renderTail(state))).toEqual(state);
});

describe('the tests of a suite', () => {
  const list = (count: number, from = 0) =>
    Array.from({ length: count }, (_, index) => String(from + index).padStart(16, '0'));
  const none = { tests: [], counts: undefined };

  test('are recorded as they are, up to 20', () => {
    expect(mergeTests({ tests: list(20), counts: undefined }, none, { ran: 50, skipped: 0 })).toEqual({
      tests: list(20),
      counts: undefined,
    });
  });

  test('are cut beyond, and then the size of the suite is recorded', () => {
    expect(mergeTests({ tests: list(21), counts: undefined }, none, { ran: 50, skipped: 2 })).toEqual({
      tests: list(20),
      counts: { ran: 50, skipped: 2 },
    });
  });

  test('stay cut, with the most tests and the fewest skipped ones that the suite had', () => {
    const known = { tests: list(1), counts: { ran: 50, skipped: 2 } };
    expect(mergeTests(known, none, { ran: 40, skipped: 1 }).counts).toEqual({ ran: 50, skipped: 1 });
    expect(mergeTests(known, none, { ran: 60, skipped: 3 }).counts).toEqual({ ran: 60, skipped: 2 });
    expect(mergeTests(none, known).counts).toEqual({ ran: 50, skipped: 2 });
  });

  test('of two cases that are too many together are not known to pass', () => {
    const [a, b] = [list(35), list(35, 35)].map((tests) => ({ tests, counts: undefined }));
    const { tests, counts } = mergeTests(a ?? none, b ?? none);
    const passed = { size: 70, has: () => true };
    const suites = new Map([[STATE.item, { ran: 1000, skipped: 0 }]]);
    expect(hasSuitePassed({ ...STATE, tests, counts }, { passed, suites })).toBe(false);
  });
});

test('words of later versions are ignored', () => {
  expect(parseTail(`${renderTail(STATE)} later9 z1`)).toEqual(STATE);
});

test.each([
  '',
  'some text',
  '; report',
  '; report ghac1 rule',
  `; report ${REPORT}`,
  `; report ${REPORT} other`,
])('%p is not about a report', (tail) => {
  expect(parseTail(tail)).toBeUndefined();
});
