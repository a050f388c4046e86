import { expect, test } from '@jest/globals';
import { OTHER_PROJECT, PROJECT } from '../support/fake-datadog/catalog.ts';
import { closedAttributes } from '../support/fake-datadog/stored-case.ts';
import { holdUntilArrived } from '../support/hold-requests.ts';
import { keyedInputs, RUN_ENV, SHARED_REFERENCE, seedKeyedCase } from '../support/keyed-case.ts';
import { runStep } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, clock } = useFakes();

/** The query of a search for a reference. */
const PHRASE = '"';
/** The query for the newest cases. */
const NEWEST = '^[^"]*$';

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

test('searches for the phrase and reads the newest cases at the same time', async () => {
  holdUntilArrived([datadog], 2, /^GET /);
  await openCase();
  const [first, second] = datadog.requests;
  const filters = [first, second].map((request) => request?.query.get('filter'));
  expect(filters.sort()).toEqual([
    `project_id:${PROJECT.id}`,
    `project_id:${PROJECT.id} AND "${SHARED_REFERENCE}"`,
  ]);
});

test('does not wait for the newest cases if the phrase search shows an open case', async () => {
  const { id } = seedCase();
  datadog.injectFault({ request: 'GET /api/v2/cases$', query: NEWEST, response: 'hang' });
  const startedAt = clock.time;
  expect((await openCase()).outputs.case_id).toBe(id);
  expect(clock.time).toBe(startedAt);
});

test('believes the closed cases that the phrase search shows if the newest cases cannot be read', async () => {
  const { id } = seedCase(closedAttributes(clock.time - 60_000));
  datadog.injectFault({ request: 'GET /api/v2/cases$', query: NEWEST, response: { status: 403 } });
  expect((await openCase({ reopen_within: '1' })).outputs).toMatchObject({
    outcome: 'reopened',
    case_id: id,
  });
});

test('finds a new case that the phrase search does not show yet, besides closed ones that it does', async () => {
  const [closed, open] = [seedCase(closedAttributes()), seedCase()];
  const data = [{ id: closed.id, attributes: closed.attributes }];
  datadog.injectFault({
    request: 'GET /api/v2/cases$',
    query: PHRASE,
    response: { status: 200, body: { data } },
  });
  expect((await openCase()).outputs.case_id).toBe(open.id);
});

/** Answers the phrase search with these pages, whatever their lengths. */
function setPages(pages: readonly object[][], meta?: object): void {
  const answer = (data: object[]) => ({ status: 200, body: { data, ...(meta && { meta }) } });
  pages.forEach((data) => {
    datadog.injectFault({ request: 'GET /api/v2/cases$', query: PHRASE, times: 1, response: answer(data) });
  });
  datadog.injectFault({ request: 'GET /api/v2/cases$', query: NEWEST, response: answer([]) });
}

/** The pages that the phrase search asked for until the open case was known. */
function searchedPages(): (string | null)[] {
  return datadog.requests
    .filter(({ query }) => query.get('filter')?.includes('"'))
    .map(({ query }) => query.get('page[number]'));
}

test.each<[string, number[], object | undefined, string[]]>([
  ['the number of pages', [1, 1, 1], { page: { total: 3 } }, ['1', '2', '3']],
  ['the number of pages, although one is empty', [1, 0, 1], { page: { total: 3 } }, ['1', '2', '3']],
  ['an empty page, without that number', [1, 1, 1, 0], undefined, ['1', '2', '3', '4']],
  [
    'an empty page, with a number that is no number',
    [100, 1, 1, 0],
    { page: { total: 'x' } },
    ['1', '2', '3', '4'],
  ],
])('only %s ends a search, never a short page', async (_, lengths, meta, pages) => {
  const open = seedCase();
  const closed = (id: string) => ({ id, attributes: { description: SHARED_REFERENCE, status: 'CLOSED' } });
  const last = lengths.findLastIndex((length) => length > 0);
  setPages(
    lengths.map((length, page) =>
      Array.from({ length }, (_, index) =>
        page === last ? { id: open.id, attributes: open.attributes } : closed(`closed-${page}-${index}`),
      ),
    ),
    meta,
  );
  expect((await openCase()).outputs).toMatchObject({ outcome: 'existing', case_id: open.id });
  expect(searchedPages()).toEqual(pages);
});

test('reads at most ten pages, and then the newest cases', async () => {
  const page = [{ id: 'closed', attributes: { description: SHARED_REFERENCE, status: 'CLOSED' } }];
  datadog.injectFault({
    request: 'GET /api/v2/cases$',
    query: PHRASE,
    times: 20,
    response: { status: 200, body: { data: page, meta: { page: { total: 99 } } } },
  });
  await openCase({ dry_run: 'true' });
  expect(searchedPages()).toHaveLength(11);
});

test('asks for the oldest cases first, so that a new case moves no other to a page that was read', async () => {
  await openCase({ dry_run: 'true' });
  const [byPhrase, newest] = datadog.requests.map(({ query }) => query.get('sort[asc]'));
  expect([byPhrase, newest]).toEqual(['true', 'false']);
});

test('falls back to the newest cases when phrase search finds nothing', async () => {
  for (let index = 0; index < 150; index += 1) datadog.seed({});
  clock.time += 1;
  const match = seedCase();
  for (let index = 0; index < 150; index += 1) datadog.seed({}, OTHER_PROJECT.id);
  datadog.injectFault({
    request: 'GET /api/v2/cases$',
    query: PHRASE,
    response: { status: 200, body: { data: [] } },
  });
  expect((await openCase()).outputs.case_id).toBe(match.id);
});

test('falls back to the newest cases when phrase search is rejected', async () => {
  const match = seedCase();
  datadog.injectFault({ request: 'GET /api/v2/cases$', query: PHRASE, response: { status: 400 } });
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
