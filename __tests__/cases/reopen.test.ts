import { expect, test } from '@jest/globals';
import { OTHER_PROJECT } from '../support/fake-datadog/catalog.ts';
import { closedAttributes } from '../support/fake-datadog/stored-case.ts';
import { FakeGitHub } from '../support/fake-github.ts';
import { keyedInputs, RUN_ENV, RUN_URL, SHARED_REFERENCE, seedKeyedCase } from '../support/keyed-case.ts';
import { runStep } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, clock } = useFakes();

const HOUR_MS = 3_600_000;

function fail(inputs: Record<string, string> = {}) {
  return runStep({
    inputs: { ...keyedInputs(datadog), reopen_within: '24', ...inputs },
    env: RUN_ENV,
    clock,
  });
}

function close() {
  return runStep({ inputs: { ...keyedInputs(datadog), mode: 'close', title: '' }, env: RUN_ENV, clock });
}

/** A case that was closed this many milliseconds ago. */
function seedClosed(agoMs: number, attributes = {}) {
  return seedKeyedCase(datadog, { ...closedAttributes(clock.time - agoMs), ...attributes });
}

test('reopens the case that was closed, with a comment that links the run', async () => {
  await fail();
  await close();
  clock.time += HOUR_MS;
  const core = await fail({ title: 'Deploy failed again' });
  expect(core.outputs).toMatchObject({ outcome: 'reopened', case_key: 'OPS-1', case_status: 'Open' });
  expect(datadog.openCases.map(({ key }) => key)).toEqual(['OPS-1']);
  expect(datadog.cases[0]?.comments.at(-1)).toContain(`(${RUN_URL})`);
  expect(datadog.cases[0]?.comments.at(-1)).toMatch(/Reopened.*`Deploy failed again`/);
  expect(core.messages('notice')).toContain('Reopened OPS-1');
  expect(core.summary).toContain('reopened in Datadog');
  expect(core.messages('warning')).toBe('');
  expect((await close()).outputs.outcome).toBe('closed');
});

test('records the run that reopened the case', async () => {
  seedClosed(HOUR_MS, { description: `Words.\n\n${SHARED_REFERENCE}` });
  await fail();
  expect(datadog.cases[0]?.attributes.description).toMatch(
    new RegExp(
      `^Words\\.\n\n.*\n\nReference: ${SHARED_REFERENCE}, opened by run 42 of acme/shop, attempt 2$`,
    ),
  );
});

test('records the run when the response to reopening has no description', async () => {
  const { id, attributes } = seedClosed(HOUR_MS);
  datadog.injectFault({
    request: 'POST .*/status$',
    phase: 'after',
    response: { status: 200, body: { data: { id, type: 'case', attributes: { status: 'OPEN' } } } },
  });
  await fail();
  expect(attributes.description).toMatch(/^Words\..*opened by run 42 of acme\/shop, attempt 2$/s);
});

test.each([
  ['just inside', 24 * HOUR_MS - 1000, 'reopened'],
  ['just outside', 24 * HOUR_MS, 'created'],
])('a case that was closed %s the window is %s', async (_, agoMs, outcome) => {
  seedClosed(agoMs);
  expect((await fail()).outputs.outcome).toBe(outcome);
});

test.each([
  ['archived', { archived_at: '2026-01-02T00:00:00Z' }],
  ['closed at an unknown time', { closed_at: null, modified_at: undefined }],
])('does not reopen a case that is %s', async (_, attributes) => {
  seedClosed(HOUR_MS, attributes);
  expect((await fail()).outputs.outcome).toBe('created');
});

test('goes by the last change of a closed case without a closing time', async () => {
  const modified = (agoMs: number) => ({
    closed_at: undefined,
    modified_at: new Date(clock.time - agoMs).toISOString(),
  });
  seedClosed(0, modified(25 * HOUR_MS));
  expect((await fail()).outputs.outcome).toBe('created');
  datadog.cases.length = 0;
  seedClosed(0, modified(HOUR_MS));
  expect((await fail()).outputs).toMatchObject({ outcome: 'reopened', case_key: 'OPS-1' });
});

test('does not reopen by default', async () => {
  seedClosed(HOUR_MS);
  expect((await fail({ reopen_within: '0' })).outputs.outcome).toBe('created');
});

test.each([
  ['0', 'created'],
  ['1', 'reopened'],
])("with reopen_within: %s, a case that was closed in the runner's future is %s", async (hours, outcome) => {
  seedClosed(-5000);
  expect((await fail({ reopen_within: hours })).outputs.outcome).toBe(outcome);
});

test('of two closed cases, reopens the one that was closed last', async () => {
  const last = seedClosed(HOUR_MS);
  seedClosed(2 * HOUR_MS);
  expect((await fail()).outputs).toMatchObject({ outcome: 'reopened', case_id: last.id });
});

test('prefers an open case to a closed one', async () => {
  seedClosed(HOUR_MS);
  const open = seedKeyedCase(datadog);
  expect((await fail()).outputs).toMatchObject({ outcome: 'existing', case_id: open.id });
});

test('reopens a case that was closed seconds ago, which the search still shows as open', async () => {
  const closed = seedClosed(5000);
  datadog.staleIds.add(closed.id);
  expect((await fail()).outputs).toMatchObject({ outcome: 'reopened', case_id: closed.id });
});

test('comments on a case that was reopened by hand, which the search still shows as closed', async () => {
  const stored = seedClosed(HOUR_MS);
  datadog.injectFault({
    request: 'GET /api/v2/cases$',
    response: {
      status: 200,
      body: { data: [{ id: stored.id, attributes: structuredClone(stored.attributes) }] },
    },
  });
  Object.assign(stored.attributes, { status: 'OPEN', status_group: 'SG_OPEN', closed_at: null });
  expect((await fail()).outputs).toMatchObject({ outcome: 'existing', case_id: stored.id });
});

test('records the run before the case is open, so that no older run closes it', async () => {
  const stored = seedClosed(HOUR_MS);
  let recorded = '';
  datadog.beforeResponse = ({ path }) => {
    if (path.endsWith('/status')) recorded = stored.attributes.description;
  };
  expect((await fail()).outputs.outcome).toBe('reopened');
  expect(recorded).toMatch(/, opened by run 42 of acme\/shop, attempt 2$/);
});

test('opens a new case if the reopened one turns out to be in another project', async () => {
  const stored = seedClosed(HOUR_MS);
  datadog.injectFault({ request: `GET .*/${stored.id}$`, response: { status: 403 } });
  datadog.beforeResponse = ({ path }) => {
    if (path.endsWith('/status')) stored.projectId = OTHER_PROJECT.id;
  };
  const core = await fail();
  expect(core.outputs).toMatchObject({ outcome: 'created', case_key: 'OPS-2' });
  expect(core.messages('warning')).toBe(
    'OPS-1 was reopened, but somebody had moved it to another project, so a new case is opened. Close OPS-1 if it should not be open.',
  );
});

test.each([
  ['refused', { status: 403 }],
  ['rejected', { status: 400, body: { errors: ['invalid status transition'] } }],
  ['not found', { status: 404 }],
  ['accepted without effect', { status: 200, body: {} }],
])('opens a new case with a warning when reopening is %s', async (_, response) => {
  seedClosed(HOUR_MS);
  datadog.injectFault({ request: 'POST .*/status$', response });
  const core = await fail();
  expect(core.outputs).toMatchObject({ outcome: 'created', case_key: 'OPS-2' });
  expect(core.messages('warning')).toContain('Could not reopen OPS-1');
  expect(datadog.openCases.map(({ key }) => key)).toEqual(['OPS-2']);
});

test.each([500, 409])('finds that a case is open again when reopening it returns %d', async (status) => {
  const closed = seedClosed(HOUR_MS);
  datadog.injectFault({ request: 'POST .*/status$', phase: 'after', response: { status } });
  const core = await fail();
  expect(core.outputs).toMatchObject({ outcome: 'reopened', case_id: closed.id });
  expect(core.messages('warning')).toBe('');
});

test.each(['comment', 'description'])('only warns when the %s of a reopened case fails', async (resource) => {
  seedClosed(HOUR_MS);
  datadog.injectFault({ request: `POST .*/${resource}$`, response: { status: 403 } });
  const core = await fail();
  expect(core.outputs.outcome).toBe('reopened');
  expect(core.messages('warning')).toContain('OPS-1');
});

test('reopens even if the streak of failures is short', async () => {
  const github = await FakeGitHub.start();
  try {
    seedClosed(HOUR_MS);
    const core = await runStep({
      inputs: {
        ...keyedInputs(datadog),
        reopen_within: '24',
        after_failures: '3',
        run_context: 'false',
        github_token: FakeGitHub.token,
      },
      env: github.env(),
      clock,
    });
    expect(core.outputs.outcome).toBe('reopened');
  } finally {
    await github.stop();
  }
});

test('a dry run says that the case would be reopened, and changes nothing', async () => {
  seedClosed(HOUR_MS);
  const core = await fail({ dry_run: 'true' });
  expect(core.messages('notice')).toContain(
    'OPS-1 was closed recently and would be reopened. Nothing was changed.',
  );
  expect(core.summary).toMatch(/^### \[OPS-1\]\(\S+\) was closed recently and would be reopened \(dry run\)/);
  expect(datadog.requestLines.filter((line) => line.startsWith('POST'))).toEqual([]);
});

test('without a dedup_key, reopen_within is ignored: an empty expression must not cost the case', async () => {
  const core = await fail({ dedup_key: '' });
  expect(core.outputs.outcome).toBe('created');
  expect(core.messages('warning')).toBe(
    'reopen_within needs a dedup_key, which finds the case to reopen. The dedup_key is missing or empty. The input is ignored.',
  );
  expect((await fail({ dedup_key: '', dry_run: 'true' })).messages('error')).toContain(
    'reopen_within needs a',
  );
});

test('closes a case that another step opens meanwhile, because it reopens none', async () => {
  seedClosed(HOUR_MS);
  datadog.beforeResponse = async ({ path }) => {
    if (!path.endsWith('/status') || datadog.cases.length > 1) return;
    datadog.beforeResponse = () => undefined;
    await runStep({
      inputs: { ...keyedInputs(datadog), reopen_within: '0' },
      env: { ...RUN_ENV, GITHUB_RUN_ID: '43' },
      clock,
    });
  };
  const core = await fail();
  expect(core.outputs).toMatchObject({ outcome: 'reopened', case_key: 'OPS-1' });
  expect(datadog.openCases.map(({ key }) => key)).toEqual(['OPS-1']);
  // An older run must not close it.
  expect(datadog.cases[0]?.attributes.description).toContain('run 43 of acme/shop');
  expect(datadog.cases[1]?.comments.at(-1)).toContain('OPS-1');
});

test('warns if it cannot look for such a case', async () => {
  seedClosed(HOUR_MS);
  datadog.injectFault({
    request: 'GET /api/v2/cases$',
    skip: 2,
    times: 99,
    response: { status: 403, body: { errors: ['Forbidden'] } },
  });
  const core = await fail();
  expect(core.outputs.outcome).toBe('reopened');
  expect(core.messages('warning')).toContain(
    'Could not check whether another step has opened a case meanwhile.',
  );
});
