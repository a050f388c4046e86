import { describe, expect, test } from '@jest/globals';
import { renderReference } from '../../src/datadog/reference.ts';
import { OTHER_PROJECT } from '../support/fake-datadog/catalog.ts';
import { closedAttributes, type StoredCase, toApi } from '../support/fake-datadog/stored-case.ts';
import { keyedInputs, RUN_ENV, SHARED_REFERENCE, seedKeyedCase } from '../support/keyed-case.ts';
import { runStep } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, clock } = useFakes();

function runKeyed(inputs: Record<string, string> = {}) {
  return runStep({ inputs: { ...keyedInputs(datadog), ...inputs }, env: RUN_ENV, clock });
}

const CLOSE = { mode: 'close', title: '' };

/** Makes the search return a case as it was before it was closed. */
function keepInIndex(stored: StoredCase): void {
  const asIndexed = structuredClone(toApi(stored));
  datadog.injectFault({
    request: 'GET /api/v2/cases$',
    response: { status: 200, body: { data: [asIndexed] } },
  });
  Object.assign(stored.attributes, closedAttributes());
}

/** Responds to a fetch of the case as it really is: gone. The search still shows it. */
function remove(stored: StoredCase): void {
  datadog.injectFault({ request: `(GET|POST) .*/${stored.id}`, response: { status: 404 } });
}

test('opens a new case when the search still shows a closed one as open', async () => {
  const closed = seedKeyedCase(datadog);
  keepInIndex(closed);
  const core = await runKeyed();
  expect(core.outputs).toMatchObject({ outcome: 'created', case_key: 'OPS-2' });
  expect(closed.comments).toEqual([]);
  expect(datadog.openCases.map(({ key }) => key)).toEqual(['OPS-2']);
});

test('closes nothing when the search still shows a closed case as open', async () => {
  const closed = seedKeyedCase(datadog);
  keepInIndex(closed);
  const core = await runKeyed(CLOSE);
  expect(core.outputs.outcome).toBe('none');
  expect(closed.comments).toEqual([]);
});

test('opens a new case when the found one is gone', async () => {
  const gone = seedKeyedCase(datadog);
  remove(gone);
  const core = await runKeyed();
  expect(core.outputs).toMatchObject({ outcome: 'created', case_key: 'OPS-2' });
  expect(datadog.openCases.map(({ key }) => key)).toContain('OPS-2');
});

/** Makes the search return a case as it was before this change. */
function changeBehindIndex(stored: StoredCase, change: () => void): void {
  const asIndexed = structuredClone(toApi(stored));
  datadog.injectFault({
    request: 'GET /api/v2/cases$',
    response: { status: 200, body: { data: [asIndexed] } },
  });
  change();
}

describe.each([
  ['was moved to another project', (stored: StoredCase) => (stored.projectId = OTHER_PROJECT.id)],
  [
    'has another description',
    (stored: StoredCase) => (stored.attributes.description = 'About something else.'),
  ],
])('a case that %s, which the search does not show yet,', (_, change) => {
  test('is neither commented on nor closed', async () => {
    const stored = seedKeyedCase(datadog);
    changeBehindIndex(stored, () => change(stored));
    expect((await runKeyed(CLOSE)).outputs.outcome).toBe('none');
    expect((await runKeyed()).outputs).toMatchObject({ outcome: 'created', case_key: 'OPS-2' });
    expect(stored.comments).toEqual([]);
    expect(stored.attributes.status).toBe('OPEN');
  });

  test('is not reopened', async () => {
    const stored = seedKeyedCase(datadog, closedAttributes(clock.time - 60_000));
    changeBehindIndex(stored, () => change(stored));
    const core = await runKeyed({ reopen_within: '24' });
    expect(core.outputs).toMatchObject({ outcome: 'created', case_key: 'OPS-2' });
    expect(stored.attributes.status).toBe('CLOSED');
  });
});

test("leaves a newer run's case open when fetching it returns no description", async () => {
  const runs = [{ id: 43, attempt: 1, repository: 'acme/shop' }];
  const reference = { shared: SHARED_REFERENCE, unique: SHARED_REFERENCE, runs };
  const stored = seedKeyedCase(datadog, { description: renderReference(reference) });
  datadog.injectFault({
    request: `GET .*/${stored.id}$`,
    response: {
      status: 200,
      body: { data: { id: stored.id, type: 'case', attributes: { status: 'OPEN' } } },
    },
  });
  expect((await runKeyed(CLOSE)).outputs.outcome).toBe('none');
});

test('opens a new case when the found one is gone by the time it is commented on', async () => {
  const gone = seedKeyedCase(datadog);
  datadog.injectFault(
    { request: `POST .*/${gone.id}/comment$`, response: { status: 404 } },
    { request: `GET .*/${gone.id}$`, skip: 1, response: { status: 404 } },
  );
  const core = await runKeyed();
  expect(core.outputs).toMatchObject({ outcome: 'created', case_key: 'OPS-2' });
  expect(datadog.openCases.map(({ key }) => key)).toContain('OPS-2');
});

test('only warns if a case that can be fetched cannot be commented on', async () => {
  const found = seedKeyedCase(datadog);
  datadog.injectFault({ request: 'POST .*/comment$', response: { status: 404 } });
  const core = await runKeyed();
  expect(core.outputs).toMatchObject({ outcome: 'existing', case_id: found.id });
  expect(core.messages('warning')).toMatch(/^Could not comment on OPS-1\./);
  expect(datadog.cases).toHaveLength(1);
});

test('names no case if the found one is gone and no other can be opened', async () => {
  const gone = seedKeyedCase(datadog);
  datadog.injectFault(
    { request: `GET .*/${gone.id}$`, skip: 1, response: { status: 404 } },
    { request: `POST .*/${gone.id}/comment$`, response: { status: 404 } },
    { request: 'POST /api/v2/cases$', response: { status: 403 } },
  );
  const core = await runKeyed();
  expect(core.hasFailed).toBe(true);
  expect(core.messages('error')).toContain('No case was opened');
  expect(core.outputs).toMatchObject({ outcome: 'failed', case_id: '', case_key: '', case_url: '' });
});

test('trusts the search when the found case cannot be fetched', async () => {
  const found = seedKeyedCase(datadog);
  datadog.injectFault({ request: `GET .*/${found.id}$`, response: { status: 403 } });
  expect((await runKeyed()).outputs).toMatchObject({ outcome: 'existing', case_id: found.id });
});

test.each([
  { status_group: undefined, status: 'OPEN', closed_at: '2026-01-01T00:00:00Z' },
  { status_group: undefined, status: 'RESOLVED' },
  { status_group: undefined, status: 'COMPLETED' },
  { status_group: undefined, status: 'CANCELLED' },
  { status_group: undefined, status: 'DECLINED' },
])('does not treat a case as open when its response says %j', async (attributes) => {
  seedKeyedCase(datadog, attributes);
  expect((await runKeyed()).outputs).toMatchObject({ outcome: 'created', case_key: 'OPS-2' });
});

test.each([
  'NOT_STARTED',
  'OPEN',
  'TRIGGERED',
  'ACKNOWLEDGED',
  'IN_PROGRESS',
  'PENDING_APPROVAL',
  'APPROVED',
])('treats a case with the status %s and no status_group as open', async (status) => {
  seedKeyedCase(datadog, { status_group: undefined, status });
  expect((await runKeyed()).outputs).toMatchObject({ outcome: 'existing', case_key: 'OPS-1' });
});

test('closes a case when the response has no status_group', async () => {
  const stored = seedKeyedCase(datadog);
  const response = structuredClone(toApi(stored));
  Object.assign(response.attributes as object, {
    status_group: undefined,
    status: 'RESOLVED',
    closed_at: '2026-01-02T03:04:05Z',
  });
  datadog.injectFault({
    request: 'POST .*/status$',
    phase: 'after',
    response: { status: 200, body: { data: response } },
  });
  const core = await runKeyed(CLOSE);
  expect(core.outputs.outcome).toBe('closed');
  expect(core.hasFailed).toBe(false);
});

test('finds an open case behind 250 closed ones with the same reference', async () => {
  const open = seedKeyedCase(datadog);
  for (let index = 0; index < 250; index += 1) seedKeyedCase(datadog, closedAttributes());
  // Newest first, so that the open case is on the last page.
  for (const [index, stored] of datadog.cases.entries()) Object.assign(stored, { createdAtMs: index });
  expect((await runKeyed()).outputs).toMatchObject({ outcome: 'existing', case_id: open.id });
});
