import { describe, expect, test } from '@jest/globals';
import { closedAttributes } from '../support/fake-datadog/stored-case.ts';
import { useFakes } from '../support/use-fakes.ts';
import { failing, junit, passing, result, sarif } from './reports.ts';
import { briefly, isOpen, lastLine, listCases, openTwice, runSync } from './run-sync.ts';

// What overlapping runs do to each other. Most of it was found by the simulated world.

const fakes = useFakes();
const { datadog, clock } = fakes;

const XSS = result({ rule: 'xss' });
const sync = (results: readonly unknown[], options?: Parameters<typeof runSync>[2]) =>
  runSync(fakes, { 'a.sarif': sarif(results) }, options);
const openCount = () => datadog.cases.filter(isOpen).length;

describe('a case that one run closes while another one writes its description', () => {
  test('is marked again by the run that closes it: it does not look as if a person had', async () => {
    await sync([XSS]);
    datadog.beforeResponse = ({ path }) => {
      const { attributes } = datadog.cases[0] ?? {};
      if (attributes && path.endsWith('/status'))
        attributes.description = attributes.description.replace(/ gone$/, '');
    };
    await sync([]);
    datadog.beforeResponse = () => undefined;
    expect(lastLine(datadog.cases[0])).toMatch(/ gone$/);
    expect(briefly(await sync([XSS]))).toBe('synced reopened=1 open=1');
  });

  test('is marked again by the run that writes it, if that comes last', async () => {
    await sync([XSS]);
    datadog.beforeResponse = ({ path }) => {
      if (path.endsWith('/description'))
        Object.assign(datadog.cases[0]?.attributes ?? {}, closedAttributes(clock.now()));
    };
    const more = [XSS, result({ rule: 'xss', path: 'b.js' })];
    await sync(more);
    datadog.beforeResponse = () => undefined;
    expect(lastLine(datadog.cases[0])).toMatch(/ gone$/);
    expect(briefly(await sync(more))).toBe('synced reopened=1 open=1');
  });

  test('a newer run is still recorded after that', async () => {
    await sync([XSS], { runId: 20 });
    datadog.beforeResponse = ({ path }) => {
      const { attributes } = datadog.cases[0] ?? {};
      if (attributes && path.endsWith('/status'))
        attributes.description = attributes.description.replace(/ r21a1 gone$/, ' r30a1');
    };
    await sync([], { runId: 21 });
    expect(lastLine(datadog.cases[0])).toMatch(/ r30a1 gone$/);
  });
});

describe('duplicates', () => {
  test('are closed together with the case, once the finding is gone', async () => {
    const results = ['a', 'b', 'c', 'd', 'e'].map((rule) => result({ rule }));
    await openTwice(fakes, () => sync(results));
    expect(openCount()).toBe(10);
    expect((await sync([])).outputs).toMatchObject({ outcome: 'synced', closed: '5', open: '0' });
    expect(openCount()).toBe(0);
    expect(briefly(await sync(results))).toBe('synced reopened=5 open=5');
    expect(datadog.cases.map(isOpen)).toEqual([...Array(5).fill(true), ...Array(5).fill(false)]);
  });

  test('stay open with close: false, and are called what they are', async () => {
    await openTwice(fakes, () => sync([XSS]));
    const core = await sync([XSS], { inputs: { close: 'false' } });
    expect(core.outputs).toMatchObject({ outcome: 'synced', open: '2' });
    expect(core.summary).toContain('left as it is (a duplicate, but nothing is closed)');
    expect(core.summary).not.toContain('gone');
  });

  test('of another group_by are left alone', async () => {
    await openTwice(fakes, () => sync([XSS]));
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
      fakes,
      () => syncSuite(failing('a')),
      () => syncSuite(failing('b')),
    );
    await syncSuite(passing('a'));
    expect(listCases(datadog)).toEqual(['Failing: unit open', 'Failing: unit closed']);
    expect(briefly(await syncSuite(passing('a')))).toBe('synced open=1');
    expect(briefly(await syncSuite(passing('a') + passing('b')))).toBe('synced closed=1');
  });
});

test('a case that another run reopens a second time is not closed by a run that has decided before', async () => {
  await sync([XSS]);
  datadog.beforeResponse = ({ method, path }) => {
    const { id, attributes } = datadog.cases[0] ?? {};
    // The fetch before the close.
    if (attributes && method === 'GET' && path.endsWith(`/${id}`))
      attributes.description = attributes.description.replace(/( r\d+a1)$/, '$1 o2');
  };
  expect(briefly(await sync([]))).toBe('synced unchanged=1 open=1');
  expect(openCount()).toBe(1);
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

describe('a service that silently cuts off descriptions', () => {
  test.each([0, 1, 4, 20, 60, 100])('%i characters before their end', async (missing) => {
    await sync([XSS]);
    datadog.silentMaxDescription = datadog.lastDescription.length - missing;
    datadog.cases.length = 0;
    expect(briefly(await sync([XSS]))).toBe('synced opened=1 open=1');
    expect(briefly(await sync([XSS]))).toBe('synced unchanged=1 open=1');
    expect(briefly(await sync([]))).toBe('synced closed=1');
    expect(lastLine(datadog.cases[0])).toMatch(/ gone$/);
    expect(briefly(await sync([XSS]))).toBe('synced reopened=1 open=1');
  });

  test('a last line that was cut off is written again when the case is closed', async () => {
    await sync([XSS]);
    const { attributes } = datadog.cases[0] ?? {};
    if (!attributes) throw new Error('there is no case');
    attributes.description = attributes.description.slice(0, -20);
    datadog.silentMaxDescription = attributes.description.length;
    expect(briefly(await sync([]))).toBe('synced closed=1');
    expect(lastLine(datadog.cases[0])).toMatch(/ gone$/);
    expect(briefly(await sync([XSS]))).toBe('synced reopened=1 open=1');
  });

  test('a case whose description people made too long is left as it is, without a comment in each run', async () => {
    const options = { inputs: { run_context: 'false' } };
    await sync([XSS], options);
    const { attributes, comments } = datadog.cases[0] ?? {};
    if (!attributes) throw new Error('there is no case');
    attributes.description = `${'A long note. '.repeat(200)}\n\n${attributes.description}`;
    const { description } = attributes;
    datadog.silentMaxDescription = description.length;
    const core = await sync([XSS, result({ rule: 'xss', path: 'b.js', message: 'Another one' })], options);
    expect(core.outputs.outcome).toBe('partial');
    expect(core.messages('warning')).toContain(
      'OPS-1 could not be updated. Datadog cuts off its description: it is too long.',
    );
    expect(attributes.description).toBe(description);
    expect(comments).toEqual([]);
  });
});

test.each<[string, string, Record<string, string>]>([
  ['a test of the suite that failed', 'p0123456789abcdef', { group_by: 'suite' }],
  ['a file in which the test failed', 'f01234567', { group_by: 'test' }],
])('a case to which another run adds %s meanwhile stays open', async (_, word, inputs) => {
  const run = (tests: string) => runSync(fakes, { 'a.xml': junit(tests) }, { inputs });
  await run(failing('a'));
  datadog.beforeResponse = ({ method, path }) => {
    const { id, attributes } = datadog.cases[0] ?? {};
    // The fetch before the close.
    if (attributes && method === 'GET' && path.endsWith(`/${id}`) && !attributes.description.includes(word))
      attributes.description = attributes.description.replace(/( r\d+a1)$/, ` ${word}$1`);
  };
  expect(briefly(await run(passing('a')))).toBe('synced unchanged=1 open=1');
  expect(datadog.openCases).toHaveLength(1);
});
