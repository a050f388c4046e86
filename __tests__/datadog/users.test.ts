import { expect, test } from '@jest/globals';
import { ACTIVE_USER } from '../support/fake-datadog/catalog.ts';
import { runStep, TestClock, validInputs } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog } = useFakes();

function openCase(inputs: Record<string, string> = {}) {
  return runStep({ inputs: { ...validInputs(datadog), ...inputs }, clock: new TestClock() });
}

const FORBIDDEN = { status: 403, body: { errors: ['Forbidden'] } };

test('assigns the active account whose address matches in upper or lower case', async () => {
  await openCase({ assignee: 'Ada@ACME.example' });
  expect(datadog.cases[0]?.assigneeId).toBe(ACTIVE_USER.id);
});

test('finds a user beyond the first page', async () => {
  await openCase({ assignee: 'late@acme.example' });
  expect(datadog.cases[0]?.assigneeId).toMatch(/5$/);
  expect(datadog.requestLines.filter((line) => line === 'GET /api/v2/users')).toHaveLength(2);
});

test.each([
  ['says that there are more', { page: { total_filtered_count: 121, total_count: 200 } }],
  ["doesn't say how many there are", {}],
])('finds a user beyond a page that holds fewer than asked for and %s', async (_, meta) => {
  const attributes = { email: 'x0.late@acme.example' };
  const data = [{ id: 'ba5e0000-1111-4222-8333-000000000100', type: 'users', attributes }];
  const response = { status: 200, body: { data, meta } };
  datadog.injectFault({ request: 'GET /api/v2/users$', times: 1, response });
  await openCase({ assignee: 'late@acme.example' });
  expect(datadog.cases[0]?.assigneeId).toMatch(/5$/);
});

test.each([
  ['nobody@acme.example', 'No Datadog user with e-mail address'],
  ['gone@acme.example', 'disabled'],
])('opens the case unassigned, with a warning, when the assignee is %s', async (assignee, message) => {
  const core = await openCase({ assignee });
  expect(core.outputs.outcome).toBe('created');
  expect(core.messages('warning')).toContain(message);
  expect(core.messages('warning')).toContain('The case is opened without an assignee.');
  expect(core.messages('info')).toContain(
    'A scheduled dry run finds such changes before an incident: examples/check.yml',
  );
  expect(datadog.cases[0]?.assigneeId).toBeUndefined();
  expect(datadog.cases[0]?.attributes.description).toContain(`"${assignee}"`);
});

test('opens unassigned and names the missing permission when users cannot be listed', async () => {
  datadog.injectFault({ request: 'GET /api/v2/users', response: FORBIDDEN });
  const core = await openCase({ assignee: ACTIVE_USER.email });
  expect(core.outputs.outcome).toBe('created');
  expect(core.messages('warning')).toContain('user_access_read');
});
