import { expect, test } from '@jest/globals';
import { runStep, TestClock, validInputs } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog } = useFakes();

function openCase(inputs: Record<string, string> = {}) {
  return runStep({ inputs: { ...validInputs(datadog), ...inputs }, clock: new TestClock() });
}

test('sets attributes once the case exists', async () => {
  const core = await openCase({ attributes: 'service: checkout\nenv: prod' });
  expect(datadog.requestLines).toEqual([
    'POST /api/v2/cases',
    `POST /api/v2/cases/${datadog.cases[0]?.id}/attributes`,
  ]);
  expect(datadog.cases[0]?.attributes.attributes).toEqual({ service: ['checkout'], env: ['prod'] });
  expect(core.messages('warning')).toBe('');
});

test('keeps the case and names the attributes that could not be set', async () => {
  datadog.injectFault({
    request: 'POST .*/attributes',
    response: { status: 400, body: { errors: ['no such attribute'] } },
  });
  const core = await openCase({ attributes: 'service: checkout\nenv: prod' });
  expect(core.hasFailed).toBe(false);
  expect(core.outputs).toMatchObject({ case_key: 'OPS-1', outcome: 'created' });
  expect(core.messages('warning')).toMatch(/Could not set attributes \(service, env\)\..*no such attribute/);
});
