import { expect, test } from '@jest/globals';
import { ACTIVE_USER, DEPLOYMENT_TYPE_ID, OTHER_PROJECT } from '../support/fake-datadog/catalog.ts';
import { runStep, TestClock, validInputs } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog } = useFakes();

function openCase(inputs: Record<string, string> = {}) {
  return runStep({ inputs: { ...validInputs(datadog), ...inputs }, clock: new TestClock() });
}

test('a dry run with IDs checks the credentials and the project, shows the request and creates nothing', async () => {
  const core = await openCase({ dry_run: 'true', priority: 'P4' });
  expect(datadog.requestLines).toEqual(['GET /api/v2/cases/projects']);
  expect(core.outputs.outcome).toBe('planned');
  expect(JSON.parse(core.outputs.request ?? '')).toMatchObject({ data: { attributes: { priority: 'P4' } } });
  expect(core.summary).toContain('"priority": "P4"');
});

test('a dry run reports a missing description_file as an error', async () => {
  const core = await openCase({ dry_run: 'true', description_file: 'gone.md' });
  expect(core.outputs.outcome).toBe('failed');
  expect(core.messages('error')).toContain('gone.md');
});

test('a dry run looks up names, shows the request and creates nothing', async () => {
  const core = await openCase({
    dry_run: 'true',
    project: 'PAY',
    assignee: ACTIVE_USER.email,
    attributes: 'env: prod',
  });
  expect(core.outputs.outcome).toBe('planned');
  expect(core.outputs.request).toContain(OTHER_PROJECT.id);
  expect(core.summary).toContain('"env"');
  expect(datadog.requestLines.filter((line) => line.startsWith('POST'))).toEqual([]);
});

test('a dry run warns if the status cannot be checked', async () => {
  datadog.injectFault({ request: 'GET /api/v2/cases/types', response: { status: 200, body: { data: [] } } });
  const core = await openCase({ dry_run: 'true', status_name: 'Triage' });
  expect(core.outputs.outcome).toBe('planned');
  expect(core.messages('warning')).toBe(
    'status_name: not checked, because Datadog lists no statuses for this case type.',
  );
});

test('a dry run reports inputs that no longer apply as errors', async () => {
  const core = await openCase({
    dry_run: 'true',
    assignee: 'gone@acme.example',
    custom_attributes: 'nope: x',
  });
  expect(core.hasFailed).toBe(true);
  expect(core.messages('error')).toMatch(/assignee: [\s\S]*custom_attributes: /);
});

test.each([
  ['wrong keys', { app_key: 'not-the-right-key' }, /403/],
  [
    'a project that does not exist',
    { project: 'c0ffee00-1111-4222-8333-000000000000' },
    /project: .*not found/,
  ],
  [
    'a case type that does not exist',
    { type_id: 'dec1de00-1111-4222-8333-000000000000' },
    /type_id: .*not found/,
  ],
  [
    'an assignee who does not exist',
    { assignee: 'ba5e0000-1111-4222-8333-999999999999' },
    /assignee: .*not found/,
  ],
  ['a disabled assignee', { assignee: 'ba5e0000-1111-4222-8333-000000000001' }, /assignee: .*is disabled/],
  [
    'a status that the case type does not have',
    { type_id: DEPLOYMENT_TYPE_ID, status_name: 'Gone' },
    /status_name: .*"Gone".*Use one of: Open, Triage, In Progress\./,
  ],
])('a dry run with IDs reports %s', async (_, inputs, message) => {
  const core = await openCase({ dry_run: 'true', ...inputs });
  expect(core.outputs.outcome).toBe('failed');
  expect(core.messages('error')).toMatch(message);
});

test('a dry run accepts a status in lower case, and an assignee whom the key may not look up', async () => {
  datadog.injectFault({ request: 'GET /api/v2/users/', response: { status: 403 } });
  const core = await openCase({
    dry_run: 'true',
    type_id: DEPLOYMENT_TYPE_ID,
    status_name: 'triage',
    assignee: ACTIVE_USER.id,
  });
  expect(core.outputs.outcome).toBe('planned');
  expect(core.messages('info')).toContain('Could not check the assignee');
});

test('a dry run of mode: close reports wrong keys and a project that does not exist', async () => {
  const close = { dry_run: 'true', mode: 'close', dedup_key: 'k' };
  expect((await openCase({ ...close, app_key: 'not-the-right-key' })).outputs.outcome).toBe('failed');
  const core = await openCase({ ...close, project: 'c0ffee00-1111-4222-8333-000000000000' });
  expect(core.messages('error')).toMatch(/project: .*not found/);
});
