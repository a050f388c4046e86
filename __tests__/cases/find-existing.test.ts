import { expect, test } from '@jest/globals';
import { findExisting, findKeyedCases, warnOfOtherRepository } from '../../src/cases/find-existing.ts';
import { parseCase } from '../../src/datadog/case.ts';
import { readRunContext } from '../../src/github/run-context.ts';
import { createCaseContext } from '../support/case-context.ts';
import { PROJECT } from '../support/fake-datadog/catalog.ts';
import { closedAttributes } from '../support/fake-datadog/stored-case.ts';
import { DEDUP_KEY, RUN_ENV, seedKeyedCase } from '../support/keyed-case.ts';
import { useFakes } from '../support/use-fakes.ts';
import { endWatchedJob } from '../support/watch-step.ts';

const { datadog, github, clock } = useFakes();

const REFERENCE = `Reference: ghac${'0'.repeat(32)}`;

function createContext() {
  return createCaseContext(datadog, clock, { INPUT_DEDUP_KEY: DEDUP_KEY });
}

function endJob(inputs: Record<string, string>) {
  return endWatchedJob({ datadog, github, clock, inputs: { run_context: 'false', ...inputs } });
}

test('sorts the cases of a key into open and closed ones, without archived ones', async () => {
  const [open, closed, archived] = [
    seedKeyedCase(datadog),
    seedKeyedCase(datadog, closedAttributes()),
    seedKeyedCase(datadog, { archived_at: '2026-01-02T00:00:00Z' }),
  ];
  const data = [open, closed, archived].map(({ id, attributes }) => ({ id, type: 'case', attributes }));
  datadog.injectFault({ request: 'GET /api/v2/cases$', response: { status: 200, body: { data } } });
  const { context } = await createContext();
  const found = await findKeyedCases(context, context.datadog, PROJECT.id);
  expect(found.open.map(({ id }) => id)).toEqual([open.id]);
  expect(found.closed.map(({ id }) => id)).toEqual([closed.id]);
  expect(found.isComplete).toBe(true);
});

test('leaves out a case that was deleted after the search', async () => {
  const { id } = seedKeyedCase(datadog);
  datadog.injectFault({ request: `GET .*/${id}$`, response: { status: 404 } });
  const { context, warnings } = await createContext();
  const found = await findKeyedCases(context, context.datadog, PROJECT.id);
  expect(found).toEqual({ open: [], closed: [], isComplete: true });
  expect(warnings).toEqual([]);
});

test('believes the search if the case cannot be fetched', async () => {
  const { id } = seedKeyedCase(datadog);
  datadog.injectFault({ request: `GET .*/${id}$`, response: { status: 403 } });
  const { context, warnings } = await createContext();
  const found = await findKeyedCases(context, context.datadog, PROJECT.id);
  expect(found.open.map((datadogCase) => datadogCase.id)).toEqual([id]);
  expect(warnings).toEqual([
    `Could not check that OPS-1 is still open. GET /api/v2/cases/${id} returned 403 (no details). Host: ${new URL(datadog.url).host} (from a test). The credentials work: Datadog accepted them for another request of this step. The application key is probably missing the permission cases_read.`,
  ]);
});

test('warns that a new case may be a duplicate if the search fails', async () => {
  datadog.injectFault({ request: 'GET /api/v2/cases$', response: { status: 403 } });
  const { context, warnings } = await createContext();
  const found = await findExisting(context, context.datadog, Promise.resolve({ id: PROJECT.id }));
  expect(found).toEqual({ open: [], closed: [], isComplete: false });
  expect(warnings).toEqual([
    `Could not check whether a case is open for this dedup_key. GET /api/v2/cases returned 403 (no details). Host: ${new URL(datadog.url).host} (from a test). Check that (1) a test is where you sign in, (2) api_key and app_key are valid and not swapped, (3) the application key has the permission cases_read. A new case is opened; it may be a duplicate.`,
  ]);
});

const ACCIDENT =
  'OPS-1 was opened by acme/blog, which uses the same dedup_key as acme/shop. If these are different problems, add ${{ github.repository }} to the dedup_key.';

test.each([
  ['a description without a reference', 'Words.', 'acme/shop', []],
  ['a reference without a run', REFERENCE, 'acme/shop', []],
  ['the same repository in capitals', `${REFERENCE}, opened by run 1 of Acme/Shop`, 'acme/shop', []],
  ['a step outside of a repository', `${REFERENCE}, opened by run 1 of acme/blog`, '', []],
  ['another repository', `${REFERENCE}, opened by run 1 of acme/blog`, 'acme/shop', [ACCIDENT]],
])('warns only about another repository: %s', async (_, description, repository, expected) => {
  const found = parseCase({ id: 'case', attributes: { key: 'OPS-1', description } }, datadog.url);
  if (!found) throw new Error('not a case');
  const { context, warnings } = await createContext();
  const run = readRunContext({ ...RUN_ENV, GITHUB_REPOSITORY: repository }, undefined);
  warnOfOtherRepository({ ...context, run }, found);
  expect(warnings).toEqual(expected);
});

test('one request is enough for a watched job that succeeds and has no case', async () => {
  const core = await endJob({ job_status: 'success' });
  expect(datadog.requestLines).toEqual(['GET /api/v2/cases']);
  expect(core.allMessages).toEqual([
    { kind: 'info', text: 'The job succeeded, and no case is open for it.' },
  ]);
});

test('a watched job with a key of its own reports that key', async () => {
  const core = await endJob({ job_status: 'success', dedup_key: 'nightly' });
  expect(core.allMessages).toEqual([
    {
      kind: 'info',
      text: 'No case in project "c0ffee00-1111-4222-8333-444455556666" is open for the dedup_key "nightly": nothing to close.',
    },
  ]);
});

test('a dry run checks that the project of a watched job exists', async () => {
  const project = 'c0ffee00-1111-4222-8333-444455559999';
  const core = await endJob({ job_status: 'success', dry_run: 'true', project });
  expect(core.messages('warning')).toBe(
    'Dry run found 1 problem. project: project "c0ffee00-1111-4222-8333-444455559999" not found. Check the UUID, and that the key has access.\nHelp: docs/troubleshooting.md, "Invalid inputs"',
  );
});

test('a watched job that fails says that it has no case yet', async () => {
  const core = await endJob({});
  expect(core.messages('info')).toBe(
    'Project: c0ffee00-1111-4222-8333-444455556666. Case type: Standard.\nNo case is open for this job.\nCreated case OPS-1.',
  );
});

test('a watched job that succeeds closes its open case even if older ones are closed', async () => {
  await endJob({});
  const description = datadog.lastDescription;
  datadog.seed({ description, ...closedAttributes() });
  const core = await endJob({ job_status: 'success' });
  expect(core.messages('warning')).toBe('');
  expect(datadog.openCases).toEqual([]);
});

test('a watched job that succeeds reads the newest cases if phrase search is rejected', async () => {
  await endJob({});
  datadog.injectFault({ request: 'GET /api/v2/cases$', times: 2, response: { status: 400 } });
  const core = await endJob({ job_status: 'success' });
  expect(core.messages('warning')).toBe('');
  expect(datadog.openCases).toEqual([]);
});

test('a watched job that succeeds reports which permission its search needs', async () => {
  datadog.injectFault({ request: 'GET /api/v2/cases$', response: { status: 403 } });
  const core = await endJob({ job_status: 'success' });
  expect(core.messages('warning')).toBe(
    `No case was closed. Could not check whether a case is open for this job. GET /api/v2/cases returned 403 (no details). Host: ${new URL(datadog.url).host} (from the input api_url). Check that (1) api_url is a Datadog API, (2) api_key and app_key are valid and not swapped, (3) the application key has the permission cases_read.\nHelp: docs/troubleshooting.md, "Wrong key, missing permission or wrong site"`,
  );
});
