import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseDueDate } from '../../src/inputs/due-date.ts';
import { findIssues, NOW, parseEnv, VALID_ENV } from '../support/parse-env.ts';

const NOW_MS = Date.parse(NOW);

test.each([
  ['', ''],
  ['2026-12-31', '2026-12-31'],
  ['2028-02-29', '2028-02-29'],
  ['0d', '2026-01-02'],
  ['3d', '2026-01-05'],
  ['2W', '2026-01-16'],
  ['30d', '2026-02-01'],
  ['2026-01-02', '2026-01-02'],
])('reads the due date "%s" as "%s"', (text, value) => {
  expect(parseDueDate(text, NOW_MS)).toEqual({ value, issues: [] });
});

test.each([
  ['2026-02-30', '"2026-02-30" is not a real date'],
  ['2026-13-01', '"2026-13-01" is not a real date'],
  ['2027-02-29', 'is not a real date'],
  ['-3d', '"-3d" is not valid. Use a date such as 2026-12-31, or days or weeks'],
  ['1.5d', 'is not valid'],
  ['3m', 'is not valid'],
  ['tomorrow', 'is not valid'],
  ['31.12.2026', 'is not valid'],
  ['2026-1-2', 'is not valid'],
  ['2026-12-31T00:00:00Z', 'is not valid'],
  ['99999w', '"99999w" is too far in the future. Use a date such as 2026-12-31'],
  ['10000d', 'is too far in the future'],
])('rejects the due date %s', async (text, message) => {
  expect((await findIssues({ ...VALID_ENV, INPUT_DUE_DATE: text })).due_date).toContain(message);
});

test('omits a due date in the past', async () => {
  const inputs = await parseEnv({ ...VALID_ENV, INPUT_DUE_DATE: '2025-12-31' });
  expect(inputs.dueDate).toBe('');
  expect(inputs.omissions).toEqual([{ input: 'due_date', text: '"2025-12-31" is in the past.' }]);
});

test('accepts a date that is still today in some time zone', () => {
  const justAfterMidnight = Date.parse('2026-01-02T00:30:00Z');
  expect(parseDueDate('2026-01-01', justAfterMidnight)).toEqual({ value: '2026-01-01', issues: [] });
  expect(parseDueDate('2025-12-31', justAfterMidnight).issues).toHaveLength(1);
});

test('any text results in a real date or an issue', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.tuple(fc.nat(99_999), fc.constantFrom('d', 'w', 'W', 'm', '')).map((parts) => parts.join('')),
    fc
      .tuple(fc.nat(9999), fc.nat(20), fc.nat(40))
      .map(([year, month, day]) =>
        [String(year).padStart(4, '0'), String(month).padStart(2, '0'), String(day).padStart(2, '0')].join(
          '-',
        ),
      ),
  );
  fc.assert(
    fc.property(text, (dueDate) => {
      const { value, issues } = parseDueDate(dueDate, NOW_MS);
      if (!value) expect(issues).toHaveLength(dueDate ? 1 : 0);
      else expect(new Date(`${value}T00:00:00Z`).toISOString().slice(0, 10)).toBe(value);
    }),
    { numRuns: 1000 },
  );
});
