import { expect, test } from '@jest/globals';
import { STANDARD_TYPE_ID } from '../support/fake-datadog/catalog.ts';
import { runStep, TestClock, validInputs } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog } = useFakes();

function openCase(inputs: Record<string, string> = {}) {
  return runStep({ inputs: { ...validInputs(datadog), ...inputs }, clock: new TestClock() });
}

const FORBIDDEN = { status: 403, body: { errors: ['Forbidden'] } };

test('names the subject and the missing permission when projects cannot be listed', async () => {
  datadog.injectFault({ request: 'GET /api/v2/cases/projects', response: FORBIDDEN });
  const core = await openCase({ project: 'OPS' });
  expect(core.messages('error')).toContain('Could not look up the project "OPS".');
  expect(core.messages('error')).toContain('permission cases_read');
  expect(datadog.cases).toEqual([]);
});

test.each([FORBIDDEN, { status: 503 }])(
  'opens a case of type Standard when types cannot be listed: %j',
  async (response) => {
    datadog.injectFault({ request: 'GET /api/v2/cases/types', response });
    const core = await openCase({ type_id: 'Deployment failure', custom_attributes: 'region: eu' });
    expect(datadog.cases[0]?.attributes.type_id).toBe(STANDARD_TYPE_ID);
    expect(core.messages('warning')).toMatch(
      /^type_id: Could not look up the case type "Deployment failure": .* The case is opened without this type, as Standard\.\ncustom_attributes: not set, because the case type was not found\. /,
    );
  },
);

test('a dry run needs to look up the case type', async () => {
  datadog.injectFault({ request: 'GET /api/v2/cases/types', response: FORBIDDEN });
  const core = await openCase({ type_id: 'Deployment failure', dry_run: 'true' });
  expect(core.messages('error')).toContain('Could not look up the case type "Deployment failure".');
  expect(core.messages('error')).toContain('permission cases_read');
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
