import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hasHiddenText } from '../../src/base/log-text.ts';
import { listInputNames } from '../../src/inputs/schema.ts';
import { hostileText } from '../support/hostile-text.ts';
import { runStep, validInputs } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog } = useFakes();

const text = fc.string({ unit: 'grapheme', maxLength: 60 });
const names = listInputNames('case').filter((name) => !['api_url', 'timeout'].includes(name));

test('any text in any input results in a valid request or a clear error', async () => {
  const inputs = fc.dictionary(fc.constantFrom(...names), fc.oneof(text, fc.json()), { maxKeys: 4 });
  await fc.assert(
    fc.asyncProperty(inputs, async (overrides) => {
      datadog.cases.length = 0; // A repeated key would find the earlier case.
      const { outputs, hasFailed, visibleText } = await runStep({
        inputs: { ...validInputs(datadog), ...overrides },
      });
      expect(visibleText).not.toMatch(/TypeError|RangeError|\[object Object\]|undefined/);
      if (outputs.outcome === 'created') expect(datadog.cases).toHaveLength(1);
      else
        expect(
          outputs.outcome === 'planned' ||
            (outputs.outcome === 'failed' && hasFailed) ||
            overrides.fail_on_error,
        ).toBeTruthy();
    }),
    { numRuns: 150 },
  );
});

test('sends titles unchanged, except for line breaks and the whitespace around them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(text, hostileText), async (title) => {
      const line = title.replace(/\s*[\n\v\f\r\u0085\u2028\u2029]+\s*/g, ' ').trim();
      // Control and invisible characters are removed, which control-characters.test.ts checks.
      fc.pre(line !== '' && line.isWellFormed() && !hasHiddenText(line));
      const { outputs } = await runStep({ inputs: { ...validInputs(datadog), title } });
      expect(outputs.outcome).toBe('created');
      expect(datadog.cases.at(-1)?.attributes.title).toBe(line);
    }),
    { numRuns: 100 },
  );
});
