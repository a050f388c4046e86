import { describe, expect, test } from '@jest/globals';
import { useFakes } from '../support/use-fakes.ts';
import { failing, junit, passing, result, sarif } from './reports.ts';
import { briefly, isOpen, listCases, runSync } from './run-sync.ts';

// What overlapping runs do to each other. Most of it was found by the simulated world.

const fakes = useFakes();
const { datadog, clock } = fakes;

const XSS = result({ rule: 'xss' });
const sync = (results: readonly unknown[], options?: Parameters<typeof runSync>[2]) =>
  runSync(fakes, { 'a.sarif': sarif(results) }, options);
const openCount = () => datadog.cases.filter(isOpen).length;

/** Two runs that don't see each other's cases. */
async function openTwice(open: () => Promise<unknown>, openAgain = open): Promise<void> {
  datadog.indexLagMs = 60_000;
  await open();
  await openAgain();
  clock.time += 120_000;
}

describe('duplicates', () => {
  test('are closed together with the case, once the finding is gone', async () => {
    const results = ['a', 'b', 'c', 'd', 'e'].map((rule) => result({ rule }));
    await openTwice(() => sync(results));
    expect(openCount()).toBe(10);
    expect((await sync([])).outputs).toMatchObject({ outcome: 'synced', closed: '5', open: '0' });
    expect(openCount()).toBe(0);
    expect(briefly(await sync(results))).toBe('synced reopened=5 open=5');
    expect(datadog.cases.map(isOpen)).toEqual([...Array(5).fill(true), ...Array(5).fill(false)]);
  });

  test('of another group_by are left alone', async () => {
    await openTwice(() => sync([XSS]));
    await sync([XSS], { inputs: { group_by: 'file' } });
    expect(listCases(datadog)).toEqual(['xss open', 'xss open', expect.stringContaining('src/a.js')]);
  });

  test('are closed by the run that opened them, even if the case of a newer run stays', async () => {
    datadog.indexLagMs = 700;
    await sync([XSS], { runId: 20 });
    expect(briefly(await sync([XSS], { runId: 10 }))).toBe('synced unchanged=1 open=1');
    expect(listCases(datadog)).toEqual(['xss open', 'xss closed']);
  });

  test('of a suite leave the tests that only they knew to the case that stays', async () => {
    const syncSuite = (tests: string) =>
      runSync(fakes, { 'a.xml': junit(tests) }, { inputs: { group_by: 'suite' } });
    await openTwice(
      () => syncSuite(failing('a')),
      () => syncSuite(failing('b')),
    );
    await syncSuite(passing('a'));
    expect(listCases(datadog)).toEqual(['Failing: unit open', 'Failing: unit closed']);
    expect(briefly(await syncSuite(passing('a')))).toBe('synced open=1');
    expect(briefly(await syncSuite(passing('a') + passing('b')))).toBe('synced closed=1');
  });
});

test('a case of a create request without a response gets everything that the others get', async () => {
  datadog.injectFault({
    request: 'POST /api/v2/cases$',
    phase: 'after',
    times: 1,
    response: { status: 502 },
  });
  const core = await sync([XSS], { inputs: { attributes: 'service: shop', due_date: '2027-01-31' } });
  expect(briefly(core)).toBe('synced opened=1 open=1');
  expect(datadog.cases[0]?.attributes).toMatchObject({
    attributes: { service: ['shop'] },
    due_date: '2027-01-31',
  });
});
