import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { runStep, validInputs } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog } = useFakes();

const keys = fc.oneof(
  fc.constantFrom('region', 'services', 'failures', 'runbook', 'summary', '__proto__'),
  fc.string(),
);
const values = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.record({
    type: fc.constantFrom('TEXT', 'NUMBER', 'X'),
    is_multi: fc.boolean(),
    value: fc.jsonValue({ maxDepth: 1 }),
  }),
);
const json = fc.dictionary(keys, values, { maxKeys: 4 }).map((value) => JSON.stringify(value));
const lines = fc
  .array(fc.tuple(keys, fc.string()).map(([key, value]) => `${key}: ${value}`))
  .map((all) => all.join('\n'));
const text = fc.oneof(
  json,
  lines,
  fc.string({ unit: 'grapheme' }),
  json.map((value) => value.slice(0, -1)),
);

test('any text in custom_attributes or attributes results in a well-formed request or a clear error', async () => {
  await fc.assert(
    fc.asyncProperty(text, text, async (customAttributes, attributes) => {
      const earlierCount = datadog.requests.length;
      const inputs = {
        ...validInputs(datadog),
        type_id: 'Deployment failure',
        custom_attributes: customAttributes,
        attributes,
      };
      const core = await runStep({ inputs });
      // The fake Datadog rejects what is not well-formed.
      const posts = datadog.requests.slice(earlierCount).filter(({ method }) => method === 'POST');
      expect(core.visibleText).not.toMatch(
        /TypeError|RangeError|\[object Object\]|must be an array of strings|Bad Request/,
      );
      if (core.outputs.outcome === 'failed') expect(posts).toEqual([]);
      else expect(core.outputs.outcome).toBe('created');
    }),
    { numRuns: 200 },
  );
});
