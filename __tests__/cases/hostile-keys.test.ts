import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { binaryText } from '../support/hostile-text.ts';
import { keyedInputs, RUN_ENV } from '../support/keyed-case.ts';
import { runStep } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, clock } = useFakes();

function openCase(inputs: Record<string, string> = {}) {
  return runStep({ inputs: { ...keyedInputs(datadog), ...inputs }, env: RUN_ENV, clock });
}

const operators = fc.constantFrom(
  '"',
  '\\',
  '\n',
  ' OR ',
  ' AND ',
  '-status:closed',
  'project_id:',
  '*',
  '(',
  ')',
  '$&',
  "'",
);
const hostileKeys = fc.oneof(
  binaryText,
  fc.array(operators, { maxLength: 8 }).map((parts) => `k${parts.join('')}`),
);

test('hostile dedup_keys find their own case and no other', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(hostileKeys, { minLength: 2, maxLength: 3, selector: (text) => text.trim() }),
      async (keys) => {
        fc.pre(keys.every((text) => text.trim()));
        datadog.cases.length = 0;
        const ids = [];
        for (const dedup_key of keys) ids.push((await openCase({ dedup_key })).outputs.case_id);
        expect(new Set(ids).size).toBe(keys.length);
        for (const [index, dedup_key] of keys.entries()) {
          const { outputs } = await openCase({ dedup_key });
          expect(outputs).toMatchObject({ outcome: 'existing', case_id: ids[index] });
        }
      },
    ),
    { numRuns: 40 },
  );
});

test('accepts a dedup_key of 10,000 characters', async () => {
  const dedup_key = '"\\'.repeat(5000);
  await openCase({ dedup_key });
  expect((await openCase({ dedup_key })).outputs.outcome).toBe('existing');
  expect((await openCase({ dedup_key: `${dedup_key}x` })).outputs.outcome).toBe('created');
});
