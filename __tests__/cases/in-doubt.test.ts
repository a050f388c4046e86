import { expect, test } from '@jest/globals';
import { closedAttributes } from '../support/fake-datadog/stored-case.ts';
import { keyedInputs, RUN_ENV, seedKeyedCase } from '../support/keyed-case.ts';
import { REFERENCE, runStep } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

// Situations in which it can't be known whether a case is open.

const HOUR_MS = 3_600_000;

const { datadog, clock } = useFakes();

function fail(inputs: Record<string, string> = {}) {
  return runStep({ inputs: { ...keyedInputs(datadog), ...inputs }, env: RUN_ENV, clock });
}

function seedClosed(agoMs: number) {
  return seedKeyedCase(datadog, closedAttributes(clock.time - agoMs));
}

test('keeps its own case open if an older one, which the search shows as open, cannot be checked', async () => {
  datadog.staleIds.add(seedClosed(HOUR_MS).id);
  datadog.injectFault({ request: 'GET /api/v2/cases/[^/]+$', skip: 1, response: { status: 403 } });
  const core = await fail();
  expect(core.outputs).toMatchObject({ outcome: 'created', case_key: 'OPS-2' });
  expect(datadog.openCases.map(({ key }) => key)).toEqual(['OPS-2']);
  expect(core.messages('warning')).toContain(
    'Could not check that OPS-1 is still open, so OPS-2 stays open; it may be a duplicate.',
  );
});

test('warns if a request without a response may still open a case later', async () => {
  datadog.injectFault({ request: 'POST /api/v2/cases$', times: 1, response: { status: 504 } });
  const core = await fail();
  expect(core.outputs.outcome).toBe('created');
  expect(core.messages('warning')).toContain(
    `Datadog may have opened another case for this step. Search Datadog for ${REFERENCE}`,
  );
});

test('closes the case that a request without a response opens seconds later', async () => {
  datadog.injectFault({ request: 'POST /api/v2/cases$', times: 1, response: { status: 504 } });
  let late = false;
  datadog.beforeResponse = ({ method, path }) => {
    if (late || method !== 'GET' || path !== '/api/v2/cases' || !datadog.cases.length) return;
    late = true;
    const [created] = datadog.cases;
    datadog.seed({ description: created?.attributes.description ?? '' });
  };
  const core = await fail();
  expect(datadog.cases).toHaveLength(2);
  expect(datadog.openCases.map(({ id }) => id)).toEqual([core.outputs.case_id]);
  expect(core.messages('warning')).toBe('');
});

test('sets attributes and due date of the case that stays, not only of the one that is closed', async () => {
  datadog.indexLagMs = 8000;
  datadog.injectFault({
    request: 'POST /api/v2/cases$',
    times: 1,
    phase: 'after',
    response: { status: 502 },
  });
  // Finding out takes more than half of it.
  const core = await fail({ attributes: 'env: prod', due_date: '3d', timeout: '18' });
  const [open] = datadog.openCases;
  expect([open?.key, core.outputs.case_key]).toEqual(['OPS-1', 'OPS-1']);
  expect(open?.attributes).toMatchObject({ attributes: { env: ['prod'] }, due_date: '2026-01-05' });
});

test('ends with one open case if a reopening without a response takes effect later', async () => {
  const closed = seedClosed(HOUR_MS);
  datadog.injectFault({ request: 'POST .*/status$', times: 9, response: { status: 504 } });
  datadog.beforeResponse = ({ method, path }) => {
    if (method !== 'POST' || path !== '/api/v2/cases') return;
    Object.assign(closed.attributes, { status: 'OPEN', status_group: 'SG_OPEN', closed_at: null });
    datadog.injectFault({ request: 'none', response: 'drop' });
  };
  const core = await fail({ reopen_within: '24' });
  expect(core.outputs).toMatchObject({ outcome: 'existing', case_key: 'OPS-1' });
  expect(core.messages('warning')).toContain('Check whether OPS-1 is open as well.');
});

test('ends with one open case if another step reopens the case that this step found closed', async () => {
  const closed = seedClosed(24.5 * HOUR_MS);
  datadog.beforeResponse = ({ method, path }) => {
    if (method === 'POST' && path === '/api/v2/cases')
      Object.assign(closed.attributes, { status: 'OPEN', status_group: 'SG_OPEN', closed_at: null });
  };
  datadog.staleIds.clear();
  const core = await fail({ reopen_within: '24' });
  expect(core.outputs).toMatchObject({ outcome: 'existing', case_key: 'OPS-1' });
  expect(datadog.openCases.map(({ key }) => key)).toEqual(['OPS-1']);
});

test('reopens although a lookup of a watcher takes all the time it has', async () => {
  seedClosed(HOUR_MS);
  datadog.injectFault({ request: 'GET /api/v2/users', response: 'hang' });
  const core = await fail({ reopen_within: '24', watchers: 'ada@acme.example' });
  expect(core.outputs).toMatchObject({ outcome: 'reopened', case_key: 'OPS-1' });
});

test('treats a case with an unknown status group as closed if it has a closing time', async () => {
  seedKeyedCase(datadog, { status_group: 'SG_RESOLVED', closed_at: '2026-01-01T00:00:00Z' });
  expect((await fail()).outputs).toMatchObject({ outcome: 'created', case_key: 'OPS-2' });
});
