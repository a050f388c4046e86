import { expect, test } from '@jest/globals';
import { runStep, TestClock, validInputs } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog } = useFakes();

function openCase(inputs: Record<string, string> = {}) {
  return runStep({ inputs: { ...validInputs(datadog), ...inputs }, clock: new TestClock() });
}

const FORBIDDEN = { status: 403, body: { errors: ['Forbidden'] } };

test.each([
  ['/api/v2/cases/projects', 'Could not look up the project "OPS".'],
  ['/api/v2/cases/types', 'Could not look up the case type "Deployment failure".'],
])('names the subject and the missing permission when GET %s returns 403', async (path, message) => {
  datadog.injectFault({ request: `GET ${path}`, response: FORBIDDEN });
  const core = await openCase({ project: 'OPS', type_id: 'Deployment failure' });
  expect(core.messages('error')).toContain(message);
  expect(core.messages('error')).toContain('permission cases_read');
  expect(datadog.cases).toEqual([]);
});

test('treats a 503 during a lookup as an outage', async () => {
  datadog.injectFault({ request: 'GET', response: { status: 503 } });
  const core = await openCase({ project: 'OPS', fail_on_error: 'config' });
  expect(core.hasFailed).toBe(false);
  expect(core.messages('warning')).not.toContain('may have been created');
});

test('rejects a response that is not a list', async () => {
  datadog.injectFault({ request: 'GET', response: { status: 200, body: { data: { odd: true } } } });
  expect((await openCase({ project: 'OPS' })).messages('error')).toContain('but the response is not a list');
});
