import { expect, test } from '@jest/globals';
import {
  ACTIVE_USER,
  DEPLOYMENT_TYPE_ID,
  PROJECT,
  STANDARD_TYPE_ID,
} from '../support/fake-datadog/catalog.ts';
import { FakeDatadog } from '../support/fake-datadog.ts';
import { holdUntilArrived } from '../support/hold-requests.ts';
import { FOOTER, REFERENCE, runStep, type StepOptions, validInputs } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, clock } = useFakes();

function openCase(inputs: Record<string, string> = {}, options: Partial<StepOptions> = {}) {
  return runStep({ inputs: { ...validInputs(datadog), ...inputs }, clock, ...options });
}

test('creates a case in one request that contains only the given fields', async () => {
  await openCase();
  expect(datadog.requestLines).toEqual(['POST /api/v2/cases']);
  expect(datadog.requests[0]?.body).toEqual({
    data: {
      type: 'case',
      attributes: {
        title: 'Deploy failed',
        type_id: STANDARD_TYPE_ID,
        description: `${FOOTER}${REFERENCE}`,
        priority: 'NOT_DEFINED',
      },
      relationships: { project: { data: { id: PROJECT.id, type: 'project' } } },
    },
  });
  expect(datadog.requests[0]?.headers).toMatchObject({
    'content-type': 'application/json',
    'dd-api-key': FakeDatadog.apiKey,
    'dd-application-key': FakeDatadog.appKey,
    'user-agent': expect.stringMatching(/^datadog-case-action\/\d+\.\d+\.\d+$/),
  });
});

test('sends every field', async () => {
  const customAttributes = { region: { type: 'SELECT', is_multi: true, value: ['eu', 'us'] } };
  await openCase(
    {
      type_id: 'security',
      priority: 'p1',
      assignee: 'AAAAAAAA-1111-4222-8333-444455556666',
      description: 'First.',
      description_file: 'more.md',
      status_name: 'In Progress',
      custom_attributes: JSON.stringify(customAttributes),
    },
    { files: { 'more.md': 'Second.\n' } },
  );
  expect(datadog.requests[0]?.body).toMatchObject({
    data: {
      attributes: {
        type_id: '00000000-0000-0000-0000-000000000003',
        priority: 'P1',
        description: `First.\n\nSecond.\n\n${FOOTER}${REFERENCE}`,
        status_name: 'In Progress',
        custom_attributes: customAttributes,
      },
      relationships: { assignee: { data: { id: 'aaaaaaaa-1111-4222-8333-444455556666', type: 'user' } } },
    },
  });
});

test('authenticates with an access token', async () => {
  const { outputs } = await openCase({ api_key: '', app_key: '', access_token: FakeDatadog.token });
  expect(outputs.outcome).toBe('created');
  expect(datadog.requests[0]?.headers).not.toHaveProperty('dd-api-key');
});

test('sets all outputs', async () => {
  const { outputs } = await openCase({ site: 'us5.datadoghq.com' });
  expect(outputs).toMatchObject({
    case_id: datadog.cases[0]?.id,
    case_key: 'OPS-1',
    case_url: 'https://us5.datadoghq.com/cases/OPS-1',
    case_status: 'Open',
    outcome: 'created',
  });
  expect(JSON.parse(outputs.case ?? '')).toMatchObject({ id: datadog.cases[0]?.id, type: 'case' });
  expect(JSON.parse(outputs.request ?? '')).toEqual(datadog.requests[0]?.body);
});

test.each([
  [
    { id: 'x-1', attributes: {} },
    { case_id: 'x-1', case_key: '', case_url: 'https://app.datadoghq.com/cases/x-1', case_status: '' },
  ],
  [
    { id: 'x-1', attributes: { key: 'OPS-9', status: 'OPEN' } },
    { case_key: 'OPS-9', case_status: 'OPEN' },
  ],
  [
    { id: 'x-1', attributes: { status_group: 'SG_IN_PROGRESS', status: 'OPEN' } },
    { case_status: 'IN_PROGRESS' },
  ],
  [{ id: 'x-1' }, { case_id: 'x-1' }],
])('accepts a minimal response: %j', async (data, outputs) => {
  datadog.injectFault({ request: 'POST', phase: 'after', response: { status: 201, body: { data } } });
  expect((await openCase()).outputs).toMatchObject({ outcome: 'created', ...outputs });
});

test('takes one request when all inputs are IDs', async () => {
  const typed = JSON.stringify({ region: { type: 'SELECT', is_multi: false, value: 'eu' } });
  await openCase({ type_id: DEPLOYMENT_TYPE_ID, assignee: ACTIVE_USER.id, custom_attributes: typed });
  expect(datadog.requestLines).toEqual(['POST /api/v2/cases']);
});

test('runs lookups in parallel', async () => {
  holdUntilArrived([datadog], 3, /^GET /);
  const core = await openCase({ project: 'OPS', type_id: 'Deployment failure', assignee: ACTIVE_USER.email });
  expect(core.outputs.outcome).toBe('created');
  expect(datadog.requestLines).toHaveLength(4);
});
