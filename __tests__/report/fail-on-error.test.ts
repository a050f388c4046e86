import { expect, test } from '@jest/globals';
import { runStep, TestClock, validInputs } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog } = useFakes();

function openCase(inputs: Record<string, string> = {}) {
  return runStep({ inputs: { ...validInputs(datadog), ...inputs }, clock: new TestClock() });
}

test.each([
  ['true', 503, true],
  ['true', 403, true],
  ['false', 503, false],
  ['false', 403, false],
  ['config', 503, false],
  ['config', 429, false],
  ['config', 403, true],
  ['config', 400, true],
])('fail_on_error: %s decides whether status %d fails the step: %j', async (policy, status, shouldFail) => {
  datadog.injectFault({ request: 'POST', response: { status } });
  const core = await openCase({ fail_on_error: policy });
  expect(core.hasFailed).toBe(shouldFail);
  expect(core.outputs.outcome).toBe('failed');
  const isConfig = policy === 'config' ? ', and this is not a configuration error' : '';
  if (!shouldFail)
    expect(core.messages('warning')).toContain(
      `\nThe step passes because fail_on_error is ${policy}${isConfig}.`,
    );
});

test('fail_on_error applies to essential inputs', async () => {
  expect((await openCase({ fail_on_error: 'config', title: '' })).hasFailed).toBe(true);
  expect((await openCase({ fail_on_error: 'false', title: '' })).hasFailed).toBe(false);
});
