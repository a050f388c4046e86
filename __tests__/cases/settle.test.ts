import { expect, test } from '@jest/globals';
import { PROJECT } from '../support/fake-datadog/catalog.ts';
import { keyedInputs, RUN_ENV, SHARED_REFERENCE, seedKeyedCase } from '../support/keyed-case.ts';
import { runStep } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, clock } = useFakes();

function openCase(inputs: Record<string, string> = {}) {
  return runStep({ inputs: { ...keyedInputs(datadog), ...inputs }, env: RUN_ENV, clock });
}

function seedCase(attributes = {}, projectId = PROJECT.id) {
  return seedKeyedCase(datadog, attributes, projectId);
}

test('closes its case as a duplicate and reports the older one', async () => {
  let older: string | undefined;
  datadog.beforeResponse = ({ method, path }) => {
    if (method === 'POST' && path === '/api/v2/cases' && !older) {
      older = seedCase().id;
      clock.time += 1;
    }
  };
  const core = await openCase();
  expect(core.outputs).toMatchObject({ outcome: 'existing', case_id: older });
  expect(datadog.openCases.map(({ id }) => id)).toEqual([older]);
  expect(datadog.cases[1]?.comments).toEqual([
    expect.stringContaining('Duplicate of [`OPS-1`](https://app.datadoghq.com/cases/OPS-1)'),
  ]);
  expect(datadog.cases[0]?.comments).toEqual([expect.stringContaining('Failed again')]);
  expect(core.messages('warning')).toBe('');
});

test('uses the search result’s creation time when the create response has none', async () => {
  datadog.beforeResponse = ({ method, path }) => {
    if (method === 'POST' && path === '/api/v2/cases' && !datadog.cases.length) seedCase();
  };
  const id = '5eed0000-0000-4000-8000-000000000002';
  datadog.injectFault({
    request: 'POST /api/v2/cases$',
    phase: 'after',
    response: { status: 201, body: { data: { id, type: 'case' } } },
  });
  expect((await openCase()).outputs).toMatchObject({ outcome: 'existing', case_key: 'OPS-1' });
  expect(datadog.openCases.map(({ key }) => key)).toEqual(['OPS-1']);
});

test('keeps its case when the search finds only a younger one', async () => {
  const younger = {
    id: 'younger',
    attributes: { description: SHARED_REFERENCE, created_at: '2026-12-31T00:00:00Z' },
  };
  datadog.injectFault({
    request: 'GET /api/v2/cases$',
    skip: 2,
    response: { status: 200, body: { data: [younger] } },
  });
  expect((await openCase()).outputs).toMatchObject({ outcome: 'created', case_key: 'OPS-1' });
  expect(datadog.openCases).toHaveLength(1);
});

test('keeps its case when there is no time to search for duplicates', async () => {
  expect((await openCase({ timeout: '1' })).outputs.outcome).toBe('created');
  expect(clock.delays).toEqual([]);
});

test('keeps its case when no response has a creation time', async () => {
  datadog.beforeResponse = ({ method, path }) => {
    if (method === 'POST' && path === '/api/v2/cases')
      Object.assign(seedCase().attributes, { created_at: undefined });
  };
  datadog.injectFault({
    request: 'POST /api/v2/cases$',
    phase: 'after',
    response: { status: 201, body: { data: { id: 'own', type: 'case' } } },
  });
  expect((await openCase()).outputs).toMatchObject({ outcome: 'created', case_id: 'own' });
});

test('keeps its case and warns when the search for duplicates fails', async () => {
  datadog.injectFault({ request: 'GET /api/v2/cases$', skip: 2, response: { status: 403 } });
  const core = await openCase();
  expect(core.outputs.outcome).toBe('created');
  expect(core.messages('warning')).toContain('Could not check for a duplicate opened at the same time');
});

test('warns when its duplicate cannot be closed', async () => {
  datadog.beforeResponse = ({ method, path }) => {
    if (method === 'POST' && path === '/api/v2/cases' && !datadog.cases.length) seedCase();
  };
  datadog.injectFault({ request: 'POST .*/status', response: { status: 403 } });
  const core = await openCase();
  expect(core.outputs.outcome).toBe('existing');
  expect(core.messages('warning')).toContain('OPS-2 is a duplicate of OPS-1');
});

test('says so if its duplicate is closed without a comment', async () => {
  datadog.beforeResponse = ({ method, path }) => {
    if (method === 'POST' && path === '/api/v2/cases' && !datadog.cases.length) seedCase();
  };
  datadog.injectFault({ request: 'POST .*/comment', times: 1, response: { status: 403 } });
  const core = await openCase();
  expect(datadog.openCases.map(({ key }) => key)).toEqual(['OPS-1']);
  expect(core.messages('warning')).toContain(
    'OPS-2 is a duplicate of OPS-1 and was closed without a comment.',
  );
  expect(core.messages('warning')).not.toContain('could not be closed');
});
