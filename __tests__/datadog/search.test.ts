import { expect, test } from '@jest/globals';
import { OTHER_PROJECT, PROJECT } from '../support/fake-datadog/catalog.ts';
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

test('ignores a case of another project that the search returns', async () => {
  const other = {
    id: 'other',
    attributes: { description: SHARED_REFERENCE },
    relationships: { project: { data: { id: OTHER_PROJECT.id } } },
  };
  datadog.injectFault({
    request: 'GET /api/v2/cases$',
    times: 2,
    response: { status: 200, body: { data: [other, null] } },
  });
  expect((await openCase()).outputs.outcome).toBe('created');
});

test('matches a case whose project is missing from the search result', async () => {
  const { id } = seedCase();
  const found = { id, attributes: { description: SHARED_REFERENCE } };
  datadog.injectFault({
    request: 'GET /api/v2/cases$',
    response: { status: 200, body: { data: [found] } },
  });
  expect((await openCase()).outputs.case_id).toBe(id);
});

test('finds the case among 200 with at most two searches', async () => {
  for (let index = 0; index < 100; index += 1) datadog.seed({});
  const match = seedCase();
  for (let index = 0; index < 99; index += 1) datadog.seed({});
  expect((await openCase()).outputs.case_id).toBe(match.id);
  expect(datadog.requestLines.filter((line) => line === 'GET /api/v2/cases').length).toBeLessThanOrEqual(2);
});

test('falls back to the newest cases when phrase search finds nothing', async () => {
  for (let index = 0; index < 150; index += 1) datadog.seed({});
  const match = seedCase();
  for (let index = 0; index < 150; index += 1) datadog.seed({}, OTHER_PROJECT.id);
  datadog.injectFault({
    request: 'GET /api/v2/cases$',
    times: 1,
    response: { status: 200, body: { data: [] } },
  });
  expect((await openCase()).outputs.case_id).toBe(match.id);
});

test('falls back to the newest cases when phrase search is rejected', async () => {
  const match = seedCase();
  datadog.injectFault({ request: 'GET /api/v2/cases$', times: 1, response: { status: 400 } });
  const core = await openCase();
  expect(core.outputs.case_id).toBe(match.id);
  expect(core.messages('warning')).toBe('');
});

test('opens a new case with a warning when the search keeps failing', async () => {
  datadog.injectFault({
    request: 'GET /api/v2/cases$',
    response: { status: 403, body: { errors: ['Forbidden'] } },
  });
  const core = await openCase();
  expect(core.outputs.outcome).toBe('created');
  expect(core.messages('warning')).toMatch(
    /Could not check whether a case is open.*cases_read.*A new case is opened/,
  );
});

test.each(['', '.', '..'])('does not accept a case with the ID "%s"', async (id) => {
  datadog.injectFault({
    request: 'GET /api/v2/cases$',
    response: { status: 200, body: { data: [{ id, attributes: { description: SHARED_REFERENCE } }] } },
  });
  expect((await openCase()).outputs).toMatchObject({ outcome: 'created', case_key: 'OPS-1' });
});
