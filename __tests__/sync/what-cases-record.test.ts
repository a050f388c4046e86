import { describe, expect, test } from '@jest/globals';
import { useFakes } from '../support/use-fakes.ts';
import { failing, junit, passing, result, sarif } from './reports.ts';
import { briefly, listCases, openTwice, runSync } from './run-sync.ts';

const fakes = useFakes();
const { datadog } = fakes;

const openCount = () => datadog.openCases.length;
const suiteOf = (tests: string) => `<testsuites><testsuite name="unit">${tests}</testsuite></testsuites>`;
const skipped = (name: string) => `<testcase classname="Shop" name="${name}"><skipped/></testcase>`;
const list = (from: number, to: number, make: (name: string) => string) =>
  Array.from({ length: to - from }, (_, index) => make(`t${from + index}`)).join('');
const syncSuite = (tests: string) =>
  runSync(fakes, { 'a.xml': suiteOf(tests) }, { inputs: { group_by: 'suite' } });

describe('the files of a duplicate', () => {
  test.each([
    ['a test', junit(failing('t')), junit(passing('t'))],
    ['a finding', sarif([result()]), sarif([])],
  ])('are left to the case of %s that stays', async (_name, bad, good) => {
    await openTwice(
      fakes,
      () => runSync(fakes, { a: bad }),
      () => runSync(fakes, { b: bad }),
    );
    for (const report of [bad, good, good]) {
      // `b` is missing from now on.
      await runSync(fakes, { a: report });
      expect(openCount()).toBe(1);
    }
    await runSync(fakes, { a: good, b: good });
    expect(openCount()).toBe(0);
  });
});

describe('of a suite with more than 20 failing tests', () => {
  test('the case stays open if any of them is missing, even if the suite has grown', async () => {
    await syncSuite(list(0, 25, failing));
    expect(briefly(await syncSuite(list(0, 25, failing) + list(25, 55, passing)))).toBe(
      'synced changed=1 open=1',
    );
    expect(datadog.cases[0]?.comments).toEqual([]);
    for (let missing = 0; missing < 25; missing += 1) {
      await syncSuite(list(0, missing, passing) + list(missing + 1, 55, passing));
      expect([missing, openCount()]).toEqual([missing, 1]);
    }
  });

  test('the case is closed once they pass, and what was no test is gone', async () => {
    const test = (name: string, inner = '') =>
      `<testcase classname="mod.Shop" name="${name}">${inner}</testcase>`;
    const broken =
      '<testcase classname="" name="tearDownClass (mod.Shop)"><error message="no">x</error></testcase>';
    await syncSuite(list(0, 25, (name) => test(name, '<failure message="no"/>')) + broken);
    expect(openCount()).toBe(1);
    await syncSuite(list(0, 25, test));
    expect(openCount()).toBe(0);
  });
});

describe('two cases of a suite that know more than 20 failing tests together', () => {
  const openBoth = () =>
    openTwice(
      fakes,
      () => syncSuite(list(0, 15, failing) + list(15, 30, passing)),
      () => syncSuite(list(0, 15, passing) + list(15, 30, failing)),
    );

  test('are closed once all of them pass', async () => {
    await openBoth();
    expect(openCount()).toBe(2);
    await syncSuite(list(0, 30, passing));
    await syncSuite(list(0, 30, passing));
    expect(openCount()).toBe(0);
  });

  test('are merged if all are skipped, and the case is closed once all of them pass', async () => {
    await openBoth();
    await syncSuite(list(0, 30, skipped));
    expect(openCount()).toBe(1);
    await syncSuite(list(0, 15, passing) + list(15, 30, skipped));
    expect(openCount()).toBe(1);
    await syncSuite(list(0, 30, passing));
    expect(openCount()).toBe(0);
  });
});

test('of equal findings in two files, none is closed while one of the files was not read', async () => {
  const inputs = { group_by: 'finding', files: '*.sarif' };
  const log = (line: number) => sarif([result({ line, snippet: 'eval(x)' })]);
  await runSync(fakes, { 'a.sarif': log(10), 'b.sarif': log(50) }, { inputs });
  expect(openCount()).toBe(2);
  const core = await runSync(fakes, { 'b.sarif': log(50) }, { inputs });
  expect(core.outputs.complete).toBe('false');
  expect(listCases(datadog).every((text) => text.endsWith('open'))).toBe(true);
  await runSync(fakes, { 'a.sarif': sarif([]), 'b.sarif': log(50) }, { inputs });
  expect(openCount()).toBe(1);
});
