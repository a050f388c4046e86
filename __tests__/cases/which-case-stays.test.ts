import { expect, test } from '@jest/globals';
import type { Creation } from '../../src/cases/create/create-once.ts';
import { settle } from '../../src/cases/create/settle.ts';
import { type Case, parseCase } from '../../src/datadog/case.ts';
import { renderReference } from '../../src/datadog/reference.ts';
import { createTools } from '../support/case-context.ts';
import { PROJECT } from '../support/fake-datadog/catalog.ts';
import { closedAttributes, type StoredCase, toApi } from '../support/fake-datadog/stored-case.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, clock } = useFakes();

const SHARED = `ghac${'5'.repeat(32)}`;
const HOUR_MS = 3_600_000;
const OWN = `ghac${'0'.repeat(32)}`;
const OTHER = `ghac${'1'.repeat(32)}`;

/** Stores a case that was created in this second of the day. */
function seed(unique: string, second: number, attributes = {}): StoredCase {
  return datadog.seed({
    description: renderReference({ shared: SHARED, unique, runs: [] }),
    created_at: `2026-01-02T00:00:${String(second).padStart(2, '0')}Z`,
    ...attributes,
  });
}

function parse(stored: StoredCase): Case {
  const parsed = parseCase(structuredClone(toApi(stored)), 'https://app.datadoghq.com');
  if (!parsed) throw new Error('not a case');
  return parsed;
}

interface Situation {
  readonly created: Case;
  readonly isConfirmed?: boolean;
  readonly uncertainCount?: number;
  readonly maybeReopened?: Case;
  readonly remainingMs?: number;
}

/** Settles after a create; the log and the warnings are whole lines. */
async function settleAfter(situation: Situation) {
  const { created, isConfirmed = true, uncertainCount = 0, remainingMs = 60_000 } = situation;
  const { maybeReopened } = situation;
  const { tools, warnings } = createTools(datadog, clock);
  const log: string[] = [];
  const client = {
    ...tools.datadog,
    deadlineMs: clock.time + remainingMs,
    log: (line: string) => void log.push(line),
  };
  const creation: Creation = { case: created, isConfirmed, uncertainCount };
  const settled = await settle({ ...tools, datadog: client, log: (line) => void log.push(line) }, creation, {
    reference: { shared: SHARED, unique: OWN, runs: [] },
    projectId: PROJECT.id,
    closed: maybeReopened ? [maybeReopened] : [],
  });
  return { label: settled.case.label, isOwn: settled.isOwn, warnings, log };
}

function openLabels(): string[] {
  return datadog.openCases.map(({ key }) => key);
}

const LATE =
  "Datadog's search doesn't show the new case yet. A case that another step opened at the same time may still be open.";
const QUIET = { warnings: [], log: [] };

test('keeps the only case after one search', async () => {
  const created = parse(seed(OWN, 5));
  expect(await settleAfter({ created })).toEqual({ label: 'OPS-1', isOwn: true, ...QUIET });
  expect(clock.delays).toEqual([300]);
});

test('keeps the older of two cases', async () => {
  const created = parse(seed(OWN, 5));
  seed(OTHER, 9);
  expect(await settleAfter({ created })).toEqual({ label: 'OPS-1', isOwn: true, ...QUIET });
  expect(openLabels()).toEqual(['OPS-1', 'OPS-2']);
});

test('gives way to an older case of another step', async () => {
  const created = parse(seed(OWN, 5));
  seed(OTHER, 3);
  seed(OTHER, 4);
  expect(await settleAfter({ created })).toEqual({ label: 'OPS-2', isOwn: false, ...QUIET });
  expect(openLabels()).toEqual(['OPS-2', 'OPS-3']);
});

test('ignores older cases that are closed', async () => {
  const created = parse(seed(OWN, 5));
  seed(OTHER, 3, closedAttributes());
  expect(await settleAfter({ created })).toEqual({ label: 'OPS-1', isOwn: true, ...QUIET });
  expect(openLabels()).toEqual(['OPS-1']);
});

test('skips an older case that the search shows as open although it is closed', async () => {
  const created = parse(seed(OWN, 5));
  datadog.staleIds.add(seed(OTHER, 3, closedAttributes()).id);
  expect(await settleAfter({ created })).toEqual({
    label: 'OPS-1',
    isOwn: true,
    warnings: [],
    log: ['OPS-2 was found open, but it is closed.'],
  });
  expect(openLabels()).toEqual(['OPS-1']);
});

test('keeps its case with a warning if an older one cannot be checked', async () => {
  const created = parse(seed(OWN, 5));
  const { id } = seed(OTHER, 3);
  datadog.injectFault({ request: `GET .*/${id}$`, response: { status: 403 } });
  const settled = await settleAfter({ created });
  expect(settled).toMatchObject({ label: 'OPS-1', isOwn: true, log: [] });
  expect(settled.warnings).toEqual([
    `Could not check that OPS-2 is still open, so OPS-1 stays open; it may be a duplicate. GET /api/v2/cases/${id} returned 403 (no details). Host: ${new URL(datadog.url).host} (from a test). The credentials work: Datadog accepted them for another request of this step. The application key is probably missing the permission cases_read.`,
  ]);
});

test('logs that the search does not show the new case', async () => {
  datadog.indexLagMs = 1e9;
  const created = parse(seed(OWN, 5));
  expect(await settleAfter({ created })).toEqual({ label: 'OPS-1', isOwn: true, warnings: [], log: [LATE] });
  expect(clock.delays).toEqual([300, 700, 2000, 3000, 4000]);
});

test.each([
  [3300, []],
  [3301, [300]],
  [4001, [300, 700]],
  [6001, [300, 700, 2000]],
])('with %d ms left, searches after these pauses: %j', async (remainingMs, delays) => {
  datadog.indexLagMs = 1e9;
  const created = parse(seed(OWN, 5));
  expect((await settleAfter({ created, remainingMs })).log).toEqual([LATE]);
  expect(clock.delays).toEqual(delays);
});

test('gives way to an older case even if the search does not show its own', async () => {
  const created = { ...parse(seed(OTHER, 5)), id: 'own', label: 'own' };
  datadog.cases.pop();
  seed(OTHER, 3);
  const settled = await settleAfter({ created });
  expect(settled).toMatchObject({ label: 'OPS-1', isOwn: false });
});

test('warns if a request whose fate is unknown may have created another case', async () => {
  const created = parse(seed(OWN, 5));
  expect(await settleAfter({ created, uncertainCount: 1 })).toEqual({
    label: 'OPS-1',
    isOwn: true,
    warnings: [
      `Datadog may have opened another case for this step. Search Datadog for ${OWN} and close every case except OPS-1.`,
    ],
    log: [],
  });
});

test('closes the other cases of its own requests', async () => {
  const created = parse(seed(OWN, 5));
  seed(OWN, 6);
  expect(await settleAfter({ created, uncertainCount: 1 })).toEqual({
    label: 'OPS-1',
    isOwn: true,
    ...QUIET,
  });
  expect(openLabels()).toEqual(['OPS-1']);
});

test('gives way to a case that was reopened, not to an older one that the search wrongly shows as open', async () => {
  datadog.staleIds.add(seed(OTHER, 1, closedAttributes()).id);
  const maybeReopened = parse(seed(OTHER, 3));
  const created = parse(seed(OWN, 5));
  expect(await settleAfter({ created, maybeReopened })).toMatchObject({ label: 'OPS-2', isOwn: false });
  expect(openLabels()).toEqual(['OPS-2']);
});

test.each([
  ['gives way to an older case that was reopened', true, 'OPS-1', ['OPS-1']],
  ['keeps its case if the older one is still closed', false, 'OPS-2', ['OPS-2']],
])('%s', async (_, wasReopened, label, open) => {
  const before = seed(OTHER, 3, closedAttributes(clock.time));
  const maybeReopened = parse(before);
  if (wasReopened) Object.assign(before.attributes, { status: 'OPEN', status_group: 'SG_OPEN' });
  const created = parse(seed(OWN, 5));
  const settled = await settleAfter({ created, maybeReopened });
  expect(settled).toEqual({ label, isOwn: !wasReopened, ...QUIET });
  expect(openLabels()).toEqual(open);
  expect(datadog.requestLines.filter((line) => line.endsWith(before.id))).toHaveLength(1);
});

test('gives way to an older case that was reopened, which the search still shows as closed', async () => {
  const before = seed(OTHER, 3, closedAttributes(clock.time - HOUR_MS));
  const asIndexed = structuredClone(toApi(before));
  const created = parse(seed(OWN, 5));
  const data = [asIndexed, toApi(datadog.cases[1] ?? before)];
  datadog.injectFault({ request: 'GET /api/v2/cases$', response: { status: 200, body: { data } } });
  Object.assign(before.attributes, { status: 'OPEN', status_group: 'SG_OPEN', closed_at: undefined });
  expect(await settleAfter({ created })).toMatchObject({
    label: 'OPS-1',
    isOwn: false,
  });
  expect(openLabels()).toEqual(['OPS-1']);
});

test('asks only for the three cases that were closed last', async () => {
  const closed = [5, 1, 4, 2, 3].map((hours) =>
    seed(OTHER, 1, closedAttributes(clock.time - hours * HOUR_MS)),
  );
  const created = parse(seed(OWN, 5));
  await settleAfter({ created });
  const asked = datadog.requestLines.filter((line) => line !== 'GET /api/v2/cases');
  expect(asked.sort()).toEqual(
    [closed[1], closed[3], closed[4]].map((stored) => `GET /api/v2/cases/${stored?.id}`).sort(),
  );
});
