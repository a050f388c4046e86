import { expect, test } from '@jest/globals';
import { ACTIVE_USER, DEPLOYMENT_TYPE_ID } from '../support/fake-datadog/catalog.ts';
import { runStep, type StepOptions, validInputs } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, clock } = useFakes();

const ATTRIBUTES = JSON.stringify({ region: { type: 'SELECT', is_multi: false, value: 'eu' } });
const FULL_INPUTS = {
  type_id: DEPLOYMENT_TYPE_ID,
  assignee: ACTIVE_USER.id,
  status_name: 'Triage',
  custom_attributes: ATTRIBUTES,
};

function openCase(inputs: Record<string, string> = {}, options: Partial<StepOptions> = {}) {
  return runStep({ inputs: { ...validInputs(datadog), ...inputs }, clock, ...options });
}

function rejectCreate(...texts: string[]): void {
  for (const text of texts)
    datadog.injectFault({
      request: 'POST /api/v2/cases$',
      times: 1,
      response: { status: 400, body: { errors: [text] } },
    });
}

test('warns once about each omission, and lists all of them in the description', async () => {
  const core = await openCase({ description_file: 'gone.md', status_name: 'Gone' });
  expect(core.messages('warning').split('\n')).toEqual([
    'description_file: File "gone.md" was not found in the workspace. The case is opened without it.',
    'status_name: Datadog rejected this value (invalid status Gone). Use one of: Open, In Progress, Closed. The case has the default status of its type.',
  ]);
  expect(datadog.lastDescription.split('\n\n').slice(0, -2)).toEqual([
    '*Omitted:* description_file: `File "gone.md" was not found in the workspace.`',
    '*Omitted:* status_name: `Datadog rejected this value (invalid status Gone). Use one of: Open, In Progress, Closed.`',
  ]);
});

test('lists the statuses of the case type', async () => {
  const core = await openCase({ type_id: DEPLOYMENT_TYPE_ID, status_name: 'Gone' });
  expect(core.messages('warning')).toBe(
    'status_name: Datadog rejected this value (invalid status Gone). Use one of: Open, Triage, In Progress, Closed, Resolved. The case has the default status of its type.',
  );
});

test('leaves the status out if the statuses cannot be looked up', async () => {
  datadog.injectFault({ request: 'GET .*/types$', response: { status: 403 } });
  const core = await openCase({ type_id: DEPLOYMENT_TYPE_ID, status_name: 'Gone' });
  expect(core.messages('warning')).toBe(
    'status_name: Datadog rejected this value (invalid status Gone). The case has the default status of its type.',
  );
});

test('leaves out the assignee that is named first, then everything else', async () => {
  rejectCreate('invalid assignee', 'invalid status');
  const core = await openCase(FULL_INPUTS);
  expect(core.messages('warning').split('\n')).toEqual([
    'assignee: Datadog rejected this value (invalid assignee). The case was opened without it.',
    'status_name: Datadog rejected this value (invalid status). The case has the default status of its type.',
    'custom_attributes: region: Datadog rejected this value (invalid status). The case was opened without it.',
  ]);
  expect(datadog.requestLines).toEqual(['POST /api/v2/cases', 'POST /api/v2/cases', 'POST /api/v2/cases']);
});

test('leaves out everything optional if nothing is named', async () => {
  rejectCreate('no');
  const core = await openCase(FULL_INPUTS);
  expect(core.messages('warning').split('\n')).toEqual([
    'assignee: Datadog rejected this value (no). The case was opened without it.',
    'status_name: Datadog rejected this value (no). The case has the default status of its type.',
    'custom_attributes: region: Datadog rejected this value (no). The case was opened without it.',
  ]);
  expect(datadog.cases[0]?.assigneeId).toBeUndefined();
  expect(datadog.cases[0]?.attributes).not.toHaveProperty('custom_attributes');
});

test('says which texts are too long', async () => {
  datadog.maxLengths = { title: 300, description: 20_000 };
  const core = await openCase({ title: 'x'.repeat(301), description: 'y'.repeat(30_000) });
  expect(core.messages('warning').split('\n')).toEqual([
    'title: Too long for Datadog (title is too long). It was shortened.',
    'description: Too long for Datadog (title is too long). It was shortened.',
  ]);
});

test('does not shorten texts after an error that is not about the content', async () => {
  datadog.injectFault({ request: 'POST', response: { status: 403 } });
  const core = await openCase({ ...FULL_INPUTS, description: 'y'.repeat(30_000) });
  expect(core.hasFailed).toBe(true);
  expect(datadog.requestLines).toEqual(['POST /api/v2/cases']);
});
