import { expect, test } from '@jest/globals';
import { DEPLOYMENT_TYPE_ID } from '../support/fake-datadog/catalog.ts';
import { runStep, TestClock, validInputs } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog } = useFakes();

function openCase(inputs: Record<string, string> = {}) {
  return runStep({ inputs: { ...validInputs(datadog), ...inputs }, clock: new TestClock() });
}

test('accepts typed and untyped custom attributes together', async () => {
  const typed = { type: 'SELECT', is_multi: false, value: 'eu' };
  await openCase({
    type_id: 'Deployment failure',
    custom_attributes: JSON.stringify({ region: typed, failures: '3', services: 'cart' }),
  });
  expect(datadog.cases[0]?.attributes.custom_attributes).toEqual({
    region: typed,
    failures: { type: 'NUMBER', is_multi: false, value: 3 },
    services: { type: 'TEXT', is_multi: true, value: ['cart'] },
  });
});

test('leaves out custom attributes that do not fit and sets the others', async () => {
  const core = await openCase({
    type_id: 'Deployment failure',
    custom_attributes: 'regoin: eu\nfailures: many\nservices: cart',
  });
  expect(datadog.cases[0]?.attributes.custom_attributes).toEqual({
    services: { type: 'TEXT', is_multi: true, value: ['cart'] },
  });
  expect(core.messages('warning')).toMatch(/"regoin" is not an attribute.*Did you mean "region"\?/);
  expect(core.messages('warning')).toMatch(/"failures" must be a number, got "many"/);
  expect(datadog.cases[0]?.attributes.description).toContain('regoin');
  expect(datadog.requestLines.filter((line) => line.startsWith('POST'))).toHaveLength(1);
});

test('opens the case without custom attributes when their configuration cannot be fetched', async () => {
  datadog.injectFault({
    request: 'GET /api/v2/cases/types/',
    response: { status: 403, body: { errors: ['Forbidden'] } },
  });
  const core = await openCase({ type_id: DEPLOYMENT_TYPE_ID, custom_attributes: 'region: eu' });
  expect(core.outputs.outcome).toBe('created');
  expect(core.messages('warning')).toContain('cases_read');
});
