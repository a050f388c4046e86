import { expect, test } from '@jest/globals';
import { Unredacted } from '../../src/base/unredacted.ts';
import { fetchKeyedCases, warnOfOtherRepository } from '../../src/cases/keyed-cases.ts';
import { parseCase } from '../../src/datadog/case.ts';
import { readRunContext } from '../../src/github/run-context.ts';
import { createTools } from '../support/case-context.ts';
import { PROJECT } from '../support/fake-datadog/catalog.ts';
import { closedAttributes } from '../support/fake-datadog/stored-case.ts';
import { holdUntilArrived } from '../support/hold-requests.ts';
import { DEDUP_KEY, keyedInputs, RUN_ENV, seedKeyedCase } from '../support/keyed-case.ts';
import { runStep } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';
import { endWatchedJob } from '../support/watch-step.ts';

const { datadog, github, clock } = useFakes();

const REFERENCE = `Reference: ghac${'0'.repeat(32)}`;

/** Finds the cases of the key, with the warnings. */
async function find() {
  const { tools, warnings } = createTools(datadog, clock);
  const key = { projectId: PROJECT.id, dedupKey: new Unredacted(DEDUP_KEY), isDerived: false };
  return { ...(await fetchKeyedCases(tools, tools.datadog, key)), warnings };
}

function endJob(inputs: Record<string, string>, env: Record<string, string> = {}) {
  return endWatchedJob({ datadog, github, clock, env, inputs: { run_context: 'false', ...inputs } });
}

const NEXT_RUN = { GITHUB_RUN_ID: '43' };

test('sorts the cases of a key into open and closed ones, without archived ones', async () => {
  const [open, closed, archived] = [
    seedKeyedCase(datadog),
    seedKeyedCase(datadog, closedAttributes()),
    seedKeyedCase(datadog, { archived_at: '2026-01-02T00:00:00Z' }),
  ];
  const data = [open, closed, archived].map(({ id, attributes }) => ({ id, type: 'case', attributes }));
  datadog.injectFault({ request: 'GET /api/v2/cases$', response: { status: 200, body: { data } } });
  const found = await find();
  expect(found.open.map(({ id }) => id)).toEqual([open.id]);
  expect(found.closed.map(({ id }) => id)).toEqual([closed.id]);
  expect(found.isComplete).toBe(true);
});

test('leaves out a case that was deleted after the search', async () => {
  const { id } = seedKeyedCase(datadog);
  datadog.injectFault({ request: `GET .*/${id}$`, response: { status: 404 } });
  expect(await find()).toEqual({
    open: [],
    closed: [],
    uncheckedIds: new Set(),
    isComplete: true,
    warnings: [],
  });
});

test('believes the search if the case cannot be fetched', async () => {
  const { id } = seedKeyedCase(datadog);
  datadog.injectFault({ request: `GET .*/${id}$`, response: { status: 403 } });
  const found = await find();
  expect(found.open.map((datadogCase) => datadogCase.id)).toEqual([id]);
  expect(found.uncheckedIds).toEqual(new Set([id]));
  expect(found.warnings).toEqual([
    `Could not check that OPS-1 is still open. GET /api/v2/cases/${id} returned 403 (no details). Host: ${new URL(datadog.url).host} (from a test). The credentials work: Datadog accepted them for another request of this step. The application key is probably missing the permission cases_read.`,
  ]);
});

test('a search that fails is a lookup that failed', async () => {
  datadog.injectFault({ request: 'GET /api/v2/cases$', response: { status: 403 } });
  await expect(find()).rejects.toMatchObject({
    name: 'LookupError',
    task: 'check whether a case is open for this dedup_key',
    permission: 'cases_read',
  });
});

test('warns that a new case may be a duplicate if the search fails', async () => {
  datadog.injectFault({ request: 'GET /api/v2/cases$', times: 2, response: { status: 403 } });
  const core = await runStep({ inputs: keyedInputs(datadog), clock });
  expect(core.outputs.outcome).toBe('created');
  expect(core.messages('warning')).toMatch(
    /^Could not check whether a case is open for this dedup_key\. .* A new case is opened; it may be a duplicate\.$/,
  );
});

const ACCIDENT =
  'OPS-1 was opened by acme/blog, which uses the same dedup_key as acme/shop. If these are different problems, add `${{ github.repository }}` to the dedup_key.';

test.each([
  ['a description without a reference', 'Words.', 'acme/shop', []],
  ['a reference without a run', REFERENCE, 'acme/shop', []],
  ['the same repository in capitals', `${REFERENCE}, opened by run 1 of Acme/Shop`, 'acme/shop', []],
  ['a step outside of a repository', `${REFERENCE}, opened by run 1 of acme/blog`, '', []],
  ['another repository', `${REFERENCE}, opened by run 1 of acme/blog`, 'acme/shop', [ACCIDENT]],
  [
    'the same repository on another server',
    `${REFERENCE}, opened by run 1 of acme/shop on ghe.acme.example`,
    'acme/shop',
    [
      'OPS-1 was opened by acme/shop on ghe.acme.example, which uses the same dedup_key as acme/shop on github.com. If these are different problems, add `${{ github.server_url }}` to the dedup_key.',
    ],
  ],
])('warns only about another repository: %s', async (_, description, repository, expected) => {
  const found = parseCase({ id: 'case', attributes: { key: 'OPS-1', description } }, datadog.url);
  if (!found) throw new Error('not a case');
  const { tools, warnings } = createTools(datadog, clock);
  warnOfOtherRepository(tools, found, readRunContext({ ...RUN_ENV, GITHUB_REPOSITORY: repository }, {}));
  expect(warnings).toEqual(expected);
});

test('a watched job that succeeds and has no case searches and checks its project at the same time', async () => {
  // The searches, and whether the project still exists.
  holdUntilArrived([datadog], 3);
  const core = await endJob({ job_status: 'success' });
  expect(datadog.requestLines.toSorted()).toEqual([
    'GET /api/v2/cases',
    'GET /api/v2/cases',
    'GET /api/v2/cases/projects',
  ]);
  expect(core.allMessages).toEqual([
    { kind: 'info', text: 'Nothing to close: the result is a success, and no case is open for it.' },
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
    'Project: c0ffee00-1111-4222-8333-444455556666. Case type: Standard.\nNo case is open for this problem.\nCreated case OPS-1.',
  );
});

test('a watched job that succeeds closes its open case even if older ones are closed', async () => {
  await endJob({});
  const description = datadog.lastDescription;
  datadog.seed({ description, ...closedAttributes() });
  const core = await endJob({ job_status: 'success' }, NEXT_RUN);
  expect(core.messages('warning')).toBe('');
  expect(datadog.openCases).toEqual([]);
});

test('a watched job that succeeds reads the newest cases if phrase search is rejected', async () => {
  await endJob({});
  datadog.injectFault({ request: 'GET /api/v2/cases$', query: '"', response: { status: 400 } });
  const core = await endJob({ job_status: 'success' }, NEXT_RUN);
  expect(core.messages('warning')).toBe('');
  expect(datadog.openCases).toEqual([]);
});

test('a watched job that succeeds reports which permission its search needs', async () => {
  datadog.injectFault({ request: 'GET /api/v2/cases$', response: { status: 403 } });
  datadog.injectFault({ request: 'GET /api/v2/cases/projects', response: { status: 403 } });
  const core = await endJob({ job_status: 'success' });
  expect(core.messages('warning')).toBe(
    `No case was closed. Could not check whether a case is open for this problem. GET /api/v2/cases returned 403 (no details). Host: ${new URL(datadog.url).host} (from the input api_url). Check that (1) api_url is a Datadog API, (2) api_key and app_key are valid and not swapped, (3) the application key has the permission cases_read.\nHelp: docs/troubleshooting.md, "Wrong key, missing permission or wrong site"`,
  );
});
