import { describe, expect, test } from '@jest/globals';
import { useFakes } from '../support/use-fakes.ts';
import { failing, junit, passing, result, sarif } from './reports.ts';
import { briefly, isOpen, listCases, runSync } from './run-sync.ts';

const fakes = useFakes();
const { datadog, clock } = fakes;

const rules = (count: number) => Array.from({ length: count }, (_, index) => result({ rule: `r${index}` }));
const sync = (results: readonly unknown[], inputs = {}) =>
  runSync(fakes, { 'a.sarif': sarif(results) }, { inputs });
const openTitles = () =>
  datadog.cases
    .filter(isOpen)
    .map(({ attributes }) => attributes.title)
    .sort();

describe('two runs at once', () => {
  test('end with one open case for each finding', async () => {
    await Promise.all([sync(rules(5)), sync(rules(5))]);
    await sync(rules(5));
    expect(openTitles()).toEqual(['r0', 'r1', 'r2', 'r3', 'r4']);
  });

  test('do so as well if the index lags', async () => {
    datadog.indexLagMs = 60_000;
    await Promise.all([sync(rules(5)), sync(rules(5))]);
    clock.time += 120_000;
    const core = await sync(rules(5));
    expect(openTitles()).toEqual(['r0', 'r1', 'r2', 'r3', 'r4']);
    expect(briefly(core)).toMatch(/^synced .*open=5$/);
  });

  test('close a case once', async () => {
    await sync(rules(2));
    await Promise.all([sync(rules(1)), sync(rules(1))]);
    expect(openTitles()).toEqual(['r0']);
    expect(briefly(await sync(rules(2)))).toBe('synced reopened=1 unchanged=1 open=2');
  });
});

describe('an index that lags', () => {
  test('by less than a run opens nothing twice', async () => {
    datadog.indexLagMs = 5000;
    await sync(rules(3));
    clock.time += 10_000;
    expect(briefly(await sync(rules(3)))).toBe('synced unchanged=3 open=3');
  });

  test('shows closed cases as open: they are not closed again', async () => {
    await sync(rules(1));
    await sync([]);
    for (const { id } of datadog.cases) datadog.staleIds.add(id);
    const { length } = datadog.cases[0]?.comments ?? [];
    await sync([]);
    expect(datadog.cases[0]?.comments).toHaveLength(length);
  });
});

describe('create requests', () => {
  test('there is one for each item, whatever becomes of it; the search at the end finds the case', async () => {
    datadog.injectFault({ request: 'POST /api/v2/cases$', phase: 'after', response: { status: 502 } });
    const core = await sync(rules(3));
    expect(datadog.requestLines.filter((line) => line === 'POST /api/v2/cases')).toHaveLength(3);
    expect(briefly(core)).toBe('synced opened=3 open=3');
    expect(core.hasFailed).toBe(false);
  });

  test('if no search finds it, the step says so', async () => {
    datadog.injectFault({ request: 'POST /api/v2/cases$', skip: 1, times: 1, response: { status: 502 } });
    const core = await sync(rules(3));
    expect(briefly(core)).toBe('partial opened=2 open=2');
    expect(core.messages('warning')).toContain('It is unknown whether a case was opened');
  });

  test('after a rejection, only what is essential is sent, and the rest is set afterwards', async () => {
    datadog.injectFault({ request: 'POST /api/v2/cases$', times: 1, response: { status: 400 } });
    expect(briefly(await sync(rules(6)))).toBe('synced opened=6 open=6');
    expect(datadog.cases.map(({ attributes }) => attributes.priority)).toEqual(Array(6).fill('P3'));
  });

  test('if Datadog silently cuts off descriptions, they are short, so that later runs find the cases', async () => {
    datadog.silentMaxDescription = 1200;
    const grown = [
      ...rules(1),
      ...Array.from({ length: 40 }, (_, index) =>
        result({ rule: 'r0', path: `src/a-long-path-${index}.js` }),
      ),
    ];
    const first = await sync(grown);
    expect(first.messages('warning')).toBe('');
    expect(briefly(await sync(grown))).toBe('synced unchanged=1 open=1');
    expect(briefly(await sync(rules(1)))).toBe('synced changed=1 open=1');
  });

  test('if Datadog cuts off or rejects a longer description of an open case, it is short', async () => {
    const many = Array.from({ length: 40 }, (_, index) =>
      result({ rule: 'r0', path: `src/a-long-path-${index}.js` }),
    );
    await sync(rules(1));
    datadog.silentMaxDescription = 1200;
    expect(briefly(await sync(many))).toBe('synced changed=1 open=1');
    expect(briefly(await sync(many))).toBe('synced unchanged=1 open=1');
    datadog.silentMaxDescription = Number.POSITIVE_INFINITY;
    datadog.injectFault({
      request: 'POST /api/v2/cases/[^/]+/description',
      times: 1,
      response: { status: 413 },
    });
    expect(briefly(await sync(many.slice(1)))).toBe('synced changed=1 open=1');
  });

  test('if Datadog takes only short descriptions, they are short', async () => {
    datadog.maxLengths = { ...datadog.maxLengths, description: 1200 };
    const many = Array.from({ length: 40 }, (_, index) =>
      result({ rule: 'r0', path: `src/a-long-path-${index}.js` }),
    );
    expect(briefly(await sync(many))).toBe('synced opened=1 open=1');
  });

  test('without the permission to write, the step fails and says so once', async () => {
    datadog.injectFault({ request: 'POST', response: { status: 403, body: { errors: ['Forbidden'] } } });
    const core = await sync(rules(20));
    expect(core.outputs.outcome).toBe('failed');
    expect(core.hasFailed).toBe(true);
    expect(datadog.requestLines.filter((line) => line.startsWith('POST')).length).toBeLessThan(5);
  });

  test('if the search fails, nothing is opened or closed', async () => {
    await sync(rules(1));
    datadog.injectFault({ request: 'GET /api/v2/cases$', response: { status: 500 } });
    const core = await sync([result({ rule: 'new' })]);
    expect(core.outputs.outcome).toBe('failed');
    expect(listCases(datadog)).toEqual(['r0 open']);
  });

  test('if a phrase search finds nothing although there are cases, nothing is opened twice', async () => {
    await sync(rules(2));
    datadog.findsPhrases = false;
    expect(briefly(await sync(rules(2)))).toBe('synced unchanged=2 open=2');
  });
});

describe('many cases', () => {
  test('unchanged cases cost a request for each hundred', async () => {
    await sync(rules(250), { max_new: '250' });
    datadog.requests.length = 0;
    expect(briefly(await sync(rules(250)))).toBe('synced unchanged=250 open=250');
    expect(datadog.requestLines).toEqual(Array(3).fill('GET /api/v2/cases'));
  });

  test('a case that is opened while pages are read hides none behind another page', async () => {
    await sync(rules(200), { max_new: '200' });
    const [oldest] = datadog.cases;
    if (!oldest) throw new Error('there is no case');
    let isOpened = false;
    datadog.beforeResponse = ({ query }) => {
      if (query.get('page[number]') !== '2' || isOpened) return;
      isOpened = true;
      datadog.cases.push({
        ...oldest,
        id: `${oldest.id.slice(0, -4)}ffff`,
        key: 'OPS-999',
        createdAtMs: clock.now(),
      });
    };
    expect((await sync(rules(200))).outputs).toMatchObject({ outcome: 'synced', opened: '0' });
    expect(datadog.cases).toHaveLength(201);
  });

  test('a rate limit pauses all requests, and loses and doubles nothing', async () => {
    datadog.maxRequestsPerSecond = 15;
    const startedAt = clock.now();
    expect(briefly(await sync(rules(100), { max_new: '100' }))).toBe('synced opened=100 open=100');
    expect(openTitles()).toHaveLength(100);
    expect(clock.now() - startedAt).toBeLessThan(20_000);
  });

  test('a rate limit of a minute is waited for, and nothing is sent meanwhile', async () => {
    await sync([result({ rule: 'gone' })]);
    const response = { status: 429, headers: { 'X-RateLimit-Reset': '60' } };
    datadog.injectFault(
      { request: 'POST /api/v2/cases$', skip: 5, times: 1, response },
      { request: 'POST /api/v2/cases/[^/]+/status', times: 1, response },
    );
    const core = await sync(rules(20));
    expect(briefly(core)).toBe('synced opened=20 closed=1 open=20');
    expect(openTitles()).toHaveLength(20);
    expect(core.messages('warning')).toBe('');
    expect(datadog.requestLines.filter((line) => line === 'POST /api/v2/cases').length).toBeLessThan(30);
  });

  test('a rate limit that is longer than the time leaves the rest to the next run', async () => {
    const response = { status: 429, headers: { 'X-RateLimit-Reset': '3600' } };
    datadog.injectFault({ request: 'POST /api/v2/cases$', skip: 5, response });
    const core = await sync(rules(20));
    expect(briefly(core)).toBe('partial opened=5 deferred=15 open=5');
  });

  test('if time runs out, the rest waits for the next run, and closing is what is lost', async () => {
    await sync([result({ rule: 'gone' })]);
    datadog.beforeResponse = () => {
      clock.time += 1000;
    };
    const core = await sync(rules(30), { max_new: '30', timeout: '20' });
    expect(core.outputs.outcome).toBe('partial');
    expect(Number(core.outputs.deferred)).toBeGreaterThan(5);
    expect(core.summary).toContain('The time ran out');
    expect(openTitles()).toContain('gone');
    datadog.beforeResponse = () => undefined;
    await sync(rules(30), { max_new: '30' });
    expect(openTitles()).toHaveLength(30);
  });

  test('a cancelled step finishes what is under way, starts nothing new, and the next run goes on', async () => {
    const runner = new AbortController();
    let count = 0;
    datadog.beforeResponse = ({ method }) => {
      if (method === 'POST') count += 1;
      if (count === 6) runner.abort();
    };
    const core = await runSync(
      fakes,
      { 'a.sarif': sarif(rules(20)) },
      { inputs: { max_new: '20' }, interruption: runner.signal },
    );
    expect(core.outputs.outcome).toBe('partial');
    expect(Number(core.outputs.opened)).toBe(datadog.cases.length);
    expect(datadog.cases.length).toBeLessThan(12);
    datadog.beforeResponse = () => undefined;
    await sync(rules(20));
    expect(openTitles()).toHaveLength(20);
  });

  test('progress is logged', async () => {
    const core = await sync(rules(25), { max_new: '25' });
    expect(core.messages('info')).toContain('20 of 25 changes made.');
  });
});

describe('a report cut at any byte closes nothing', () => {
  test.each([
    ['sarif', sarif([result({ rule: 'a' }), result({ rule: 'b' })])],
    ['junit', junit(passing('a') + failing('b'))],
    ['json', '[{"key":"a","title":"A"}]'],
    ['lines', '{"key":"a","title":"A"}\n{"complete": true}'],
  ])('%s', async (name, text) => {
    const before: Readonly<Record<string, string>> = {
      sarif: sarif([result({ rule: 'a' }), result({ rule: 'gone' })]),
      junit: junit(failing('a') + failing('b')),
      json: '[{"key":"a","title":"A"},{"key":"gone","title":"G"}]',
      lines: '{"key":"gone","title":"G"}\n{"complete": true}',
    };
    await runSync(fakes, { a: before[name] ?? '' });
    const count = datadog.cases.length;
    const bytes = Buffer.from(text);
    for (let length = 0; length < bytes.length; length += 1)
      await runSync(fakes, { a: bytes.subarray(0, length) });
    expect(datadog.cases.filter(isOpen).length).toBeGreaterThanOrEqual(count);
    expect(datadog.requestLines.filter((line) => line.endsWith('/status'))).toEqual([]);
    await runSync(fakes, { a: text });
    expect(datadog.requestLines.filter((line) => line.endsWith('/status'))).toHaveLength(1);
  });
});
