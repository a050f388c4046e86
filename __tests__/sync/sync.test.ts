import { beforeEach, describe, expect, test } from '@jest/globals';
import { hashFiles } from '../../src/sync/case-state.ts';
import { hashParts } from '../../src/sync/identity.ts';
import { closedAttributes } from '../support/fake-datadog/stored-case.ts';
import { FakeGitHub } from '../support/fake-github.ts';
import { useFakes } from '../support/use-fakes.ts';
import { failing, junit, passing, result, sarif } from './reports.ts';
import { briefly, isOpen, lastLine, listCases, runSync, type SyncOptions } from './run-sync.ts';

const { datadog, github, clock } = useFakes();
const DAY_MS = 24 * 3_600_000;

const sync = (files: Readonly<Record<string, string>>, options?: SyncOptions) =>
  runSync({ datadog, clock }, files, options);
const syncSarif = (results: readonly unknown[], options?: SyncOptions) =>
  sync({ 'a.sarif': sarif(results) }, options);
const syncTests = (tests: string, options?: SyncOptions) => sync({ 'a.xml': junit(tests) }, options);

const [XSS, SQL] = [result({ rule: 'xss' }), result({ rule: 'sql' })];
const writes = () => datadog.requestLines.filter((line) => line.startsWith('POST'));

describe('each row of the table', () => {
  test('none, present: opens a case', async () => {
    const core = await syncSarif([XSS]);
    expect(briefly(core)).toBe('synced opened=1 open=1');
    expect(listCases(datadog)).toEqual(['xss open']);
    expect(datadog.cases[0]?.attributes.priority).toBe('P3');
    expect(JSON.parse(core.outputs.cases ?? '')).toEqual([
      { key: 'OPS-1', url: expect.stringContaining('/cases/OPS-1'), title: 'xss', action: 'opened' },
    ]);
  });

  test('open, nothing changed: writes nothing', async () => {
    await syncSarif([XSS, SQL]);
    datadog.requests.length = 0;
    expect(briefly(await syncSarif([SQL, XSS]))).toBe('synced unchanged=2 open=2');
    expect(datadog.requestLines).toEqual(['GET /api/v2/cases']);
  });

  test('open, lines moved: writes nothing', async () => {
    await syncSarif([result({ line: 1 }), result({ line: 2, message: 'b' })]);
    datadog.requests.length = 0;
    await syncSarif([result({ line: 92, message: 'b' }), result({ line: 91 })]);
    expect(writes()).toEqual([]);
  });

  test('open, members changed: writes a description and one comment', async () => {
    await syncSarif([result()]);
    const core = await syncSarif([result(), result({ path: 'b.js' })]);
    expect(briefly(core)).toBe('synced changed=1 open=1');
    expect(datadog.cases[0]?.comments).toEqual([expect.stringContaining('1 → 2 findings')]);
    expect(datadog.lastDescription).toContain('b.js');
    datadog.requests.length = 0;
    await syncSarif([result(), result({ path: 'b.js' })]);
    expect(writes()).toEqual([]);
  });

  test('open, fewer equal findings: one comment with both numbers', async () => {
    const results = Array.from({ length: 20 }, (_, index) => result({ line: index + 1 }));
    const core = await syncSarif(results);
    expect(core.summary).toContain('20 findings');
    expect(datadog.lastDescription).toContain('**20 findings**');
    expect(datadog.lastDescription).toContain('src/a.js:20');
    expect(briefly(await syncSarif(results.slice(19)))).toBe('synced changed=1 open=1');
    expect(datadog.cases[0]?.comments).toEqual([expect.stringContaining('20 → 1 finding**')]);
  });

  test('open, severity changed: sets the priority', async () => {
    await syncSarif([result()]);
    await syncSarif([result({ more: { level: 'error' } })]);
    expect(datadog.cases[0]?.attributes.priority).toBe('P2');
    expect(datadog.cases[0]?.comments).toEqual([expect.stringContaining('severity medium → high')]);
  });

  describe('open, severity changed, and the title names it', () => {
    const log = (severity: string, score: string) =>
      sarif([result({ rule: 'CVE-1' })], {
        tool: {
          driver: {
            name: 'Grype',
            rules: [
              {
                id: 'CVE-1',
                shortDescription: { text: `${severity} vulnerability` },
                properties: { 'security-severity': score },
              },
            ],
          },
        },
      });
    const titles = () => datadog.cases.map(({ attributes }) => attributes.title);

    test('changes the title', async () => {
      await sync({ a: log('medium', '5.0') });
      await sync({ a: log('critical', '9.8') });
      expect(datadog.cases[0]?.attributes).toMatchObject({
        priority: 'P1',
        title: 'CVE-1: critical vulnerability',
      });
      await sync({ a: log('high', '8.0') });
      expect(titles()).toEqual(['CVE-1: high vulnerability']);
      datadog.requests.length = 0;
      await sync({ a: log('high', '8.0') });
      expect(writes()).toEqual([]);
    });

    test('leaves a title that a person wrote', async () => {
      await sync({ a: log('medium', '5.0') });
      Object.assign(datadog.cases[0]?.attributes ?? {}, { title: 'Update openssl' });
      for (const [severity, score] of [
        ['critical', '9.8'],
        ['medium', '5.0'],
      ] as const)
        await sync({ a: log(severity, score) });
      expect(titles()).toEqual(['Update openssl']);
    });

    test('changes the title of a case that is opened again', async () => {
      await sync({ a: log('medium', '5.0') });
      await sync({ a: sarif([], { tool: { driver: { name: 'Grype' } } }) });
      await sync({ a: log('critical', '9.8') });
      expect(titles()).toEqual(['CVE-1: critical vulnerability']);
    });

    test('does the rest if Datadog rejects the title', async () => {
      await sync({ a: log('medium', '5.0') });
      datadog.injectFault({
        request: 'POST .*/title$',
        phase: 'before',
        times: 1,
        response: { status: 400 },
      });
      const core = await sync({ a: log('critical', '9.8') });
      expect(briefly(core)).toBe('synced changed=1 open=1');
      expect(core.messages('warning')).toContain('The title of OPS-1 could not be updated.');
      expect(datadog.cases[0]?.attributes.priority).toBe('P1');
      await sync({ a: log('high', '8.0') });
      expect(titles()).toEqual(['CVE-1: high vulnerability']);
    });

    test('sets a title that an interrupted run has set already, and keeps it up to date', async () => {
      await sync({ a: log('medium', '5.0') });
      datadog.injectFault({
        request: 'POST .*/description$',
        phase: 'before',
        times: 1,
        response: { status: 403 },
      });
      expect((await sync({ a: log('critical', '9.8') })).outputs.outcome).not.toBe('synced');
      await sync({ a: log('critical', '9.8') });
      await sync({ a: log('high', '8.0') });
      expect(titles()).toEqual(['CVE-1: high vulnerability']);
    });

    test('takes the words of the most severe finding', async () => {
      await sync({ a: log('medium', '5.0'), b: log('critical', '9.8'), c: log('low', '1.0') });
      expect(titles()).toEqual(['CVE-1: critical vulnerability']);
    });
  });

  test('open, gone: closes the case, after its last line says so', async () => {
    await syncSarif([XSS, SQL]);
    datadog.requests.length = 0;
    expect(briefly(await syncSarif([XSS]))).toBe('synced closed=1 unchanged=1 open=1');
    expect(listCases(datadog).sort()).toEqual(['sql closed', 'xss open']);
    const id = datadog.cases.find((stored) => !isOpen(stored))?.id;
    expect(writes()).toEqual(
      ['description', 'status', 'comment'].map((name) => `POST /api/v2/cases/${id}/${name}`),
    );
    expect(lastLine(datadog.cases.find((stored) => !isOpen(stored)))).toMatch(/ gone$/);
  });

  test('open, gone, report incomplete: keeps it', async () => {
    await syncSarif([XSS]);
    const core = await sync({ 'a.sarif': sarif([]), 'b.sarif': '' });
    expect(briefly(core)).toBe('synced open=1');
    expect(core.outputs.complete).toBe('false');
    expect(core.summary).toContain('`b.sarif` is empty');
  });

  test('closed by this action, present again: reopens it', async () => {
    await syncSarif([XSS]);
    await syncSarif([]);
    const core = await syncSarif([XSS]);
    expect(briefly(core)).toBe('synced reopened=1 open=1');
    expect(listCases(datadog)).toEqual(['xss open']);
    expect(lastLine(datadog.cases[0])).toMatch(/ o1$/);
  });

  test('closed by this action long ago: opens another one, which names the old one', async () => {
    await syncSarif([XSS]);
    await syncSarif([]);
    clock.time += 31 * DAY_MS;
    expect(briefly(await syncSarif([XSS]))).toBe('synced opened=1 open=1');
    expect(datadog.cases[1]?.comments).toEqual([expect.stringContaining('OPS-1')]);
  });

  test('closed by a person: leaves it', async () => {
    await syncSarif([XSS]);
    Object.assign(datadog.cases[0]?.attributes ?? {}, closedAttributes(clock.now()));
    const core = await syncSarif([XSS]);
    expect(briefly(core)).toBe('synced');
    expect(core.summary).toContain('a person closed it');
    expect(briefly(await syncSarif([XSS], { inputs: { on_closed: 'reopen' } }))).toBe(
      'synced reopened=1 open=1',
    );
  });

  test('after two reopenings, it is left to people', async () => {
    for (const results of [[XSS], [], [XSS], [], [XSS]]) await syncSarif(results);
    expect(briefly(await syncSarif([]))).toBe('synced open=1');
    expect(datadog.cases[0]?.comments.at(-1)).toContain('please close it if it is resolved');
    const { length } = datadog.cases[0]?.comments ?? [];
    expect(briefly(await syncSarif([]))).toBe('synced open=1');
    expect(datadog.cases[0]?.comments).toHaveLength(length);
  });
});

describe('tests', () => {
  test('a test that passes closes its case; one that is missing or skipped keeps it', async () => {
    expect(briefly(await syncTests(failing('a') + failing('b') + failing('c')))).toBe(
      'synced opened=3 open=3',
    );
    const core = await syncTests(`${passing('a')}<testcase classname="Shop" name="b"><skipped/></testcase>`);
    expect(briefly(core)).toBe('synced closed=1 open=2');
    expect(core.summary).toContain('the test did not run');
  });

  test('the case of a suite is closed once all tests passed that failed, and not if others pass', async () => {
    const syncSuite = (tests: string) => syncTests(tests, { inputs: { group_by: 'suite' } });
    const skipped = '<testcase classname="Shop" name="b"><skipped/></testcase>';
    await syncSuite(failing('a') + failing('b'));
    expect(briefly(await syncSuite(passing('a') + skipped))).toBe('synced open=1');
    expect(briefly(await syncSuite(failing('a') + skipped))).toBe('synced changed=1 open=1');
    expect(briefly(await syncSuite(passing('a') + passing('c')))).toBe('synced open=1');
    expect(briefly(await syncSuite(passing('a') + passing('b')))).toBe('synced closed=1');
    await syncSuite(failing('a') + skipped);
    expect(briefly(await syncSuite(passing('a') + skipped))).toBe('synced closed=1');
  });

  test('a test that failed in several suites and files has one case, which shows each failure', async () => {
    const inSuite = (name: string) =>
      `<testsuite name="${name}">${failing('t', `${name} broke`)}</testsuite>`;
    const report = (...names: string[]) => `<testsuites>${names.map(inSuite).join('')}</testsuites>`;
    await sync({ 'a.xml': report('chromium', 'firefox'), 'b.xml': report('webkit') });
    expect(listCases(datadog)).toEqual(['Failing: Shop: t open']);
    expect(datadog.lastDescription).toContain('3 failing tests');
    for (const name of ['chromium', 'firefox', 'webkit']) {
      expect(datadog.lastDescription).toContain(`- \`${name}\`: \`Shop: t\``);
      expect(datadog.lastDescription).toContain(`${name} broke`);
    }
    datadog.requests.length = 0;
    await sync({ 'a.xml': report('firefox 2', 'chromium 2'), 'b.xml': report('webkit 2') });
    expect(writes()).toEqual([]);
    await sync({ 'a.xml': report('firefox 2', 'chromium 2'), 'b.xml': '<testsuites/>' });
    expect(datadog.cases[0]?.comments).toEqual([expect.stringContaining('3 → 2 failing tests')]);
  });

  describe('of a suite with more failing tests than are recorded', () => {
    const syncSuite = (tests: string) => syncTests(tests, { inputs: { group_by: 'suite' } });
    const names = Array.from({ length: 25 }, (_, index) => `t${index}`);
    const passingAll = names.map(passing).join('');
    const skipped = (name: string) => `<testcase classname="Shop" name="${name}"><skipped/></testcase>`;
    /** A report in which the tests passed that are recorded, and the others ended as `toTest` says. */
    const syncOthers = (toTest: (name: string) => string) => {
      const isRecorded = (name: string) =>
        lastLine(datadog.cases[0]).includes(` p${hashParts(['Shop', name]).slice(0, 16)} `);
      return syncSuite(
        names.map((name) => (isRecorded(name) ? passing(name) : toTest(name))).join('') + skipped('x'),
      );
    };
    beforeEach(() => syncSuite(names.map((name) => failing(name)).join('') + skipped('x')));

    test('the case is closed once all tests passed', async () => {
      expect(briefly(await syncSuite(passingAll + skipped('x')))).toBe('synced closed=1');
    });

    test.each([
      ['skipped', skipped],
      ['missing', () => ''],
    ])('it stays open while others are %s', async (_how, toTest) => {
      expect(briefly(await syncOthers(toTest))).toBe('synced open=1');
      expect(briefly(await syncSuite(passingAll))).toBe('synced closed=1');
    });

    test('it stays open if others failed last, and are missing then', async () => {
      expect(briefly(await syncOthers((name) => failing(name)))).toBe('synced changed=1 open=1');
      expect(briefly(await syncSuite(names.slice(0, 20).map(passing).join('')))).toBe('synced open=1');
      expect(briefly(await syncSuite(passingAll))).toBe('synced closed=1');
    });
  });

  test('a case that a person closed is opened again if the test still fails', async () => {
    await syncTests(failing('a'));
    Object.assign(datadog.cases[0]?.attributes ?? {}, closedAttributes(clock.now()));
    expect(briefly(await syncTests(failing('a')))).toBe('synced reopened=1 open=1');
  });

  test('another message of the same failure changes nothing', async () => {
    await syncTests(failing('a', 'took 12 ms'));
    datadog.requests.length = 0;
    await syncTests(failing('a', 'took 13 ms'));
    expect(writes()).toEqual([]);
  });

  test('the description has the last lines of the failure, and nothing that was printed', async () => {
    const lines = Array.from({ length: 40 }, (_, index) => `line ${index}`).join('\n');
    await syncTests(
      `<testcase classname="A" name="t"><failure>${lines}</failure><system-out>SECRET</system-out></testcase>`,
    );
    expect(datadog.lastDescription).toContain('line 39');
    expect(datadog.lastDescription).toContain('line 20');
    expect(datadog.lastDescription).not.toContain('line 19\n');
    expect(datadog.lastDescription).not.toContain('SECRET');
  });
});

describe('limits', () => {
  test('max_new: the most severe are opened first, and the rest by later runs', async () => {
    const results = [XSS, result({ rule: 'bad', more: { level: 'error' } }), SQL];
    const first = await syncSarif(results, { inputs: { max_new: '1' } });
    expect(briefly(first)).toBe('synced opened=1 deferred=2 open=1');
    expect(listCases(datadog)).toEqual(['bad open']);
    expect(briefly(await syncSarif(results))).toBe('synced opened=2 unchanged=1 open=3');
  });

  test('max_closed: if more would be closed, none is', async () => {
    await syncSarif([XSS, SQL, result({ rule: 'r3' })]);
    const core = await syncSarif([XSS], { inputs: { max_closed: '1' } });
    expect(briefly(core)).toBe('synced unchanged=1 open=3');
    expect(core.summary).toContain('max_closed: 2');
    expect(briefly(await syncSarif([XSS], { inputs: { max_closed: '2' } }))).toBe(
      'synced closed=2 unchanged=1 open=1',
    );
  });

  test('min_severity: less severe findings are only counted, but keep an open case', async () => {
    const note = result({ rule: 'n', more: { level: 'note' } });
    const core = await syncSarif([note]);
    expect(briefly(core)).toBe('synced');
    expect(core.summary).toContain('1 below `min_severity`');
    await syncSarif([note], { inputs: { min_severity: 'low' } });
    expect(briefly(await syncSarif([note]))).toBe('synced unchanged=1 open=1');
  });

  test('close: false closes nothing', async () => {
    await syncSarif([XSS]);
    expect(briefly(await syncSarif([], { inputs: { close: 'false' } }))).toBe('synced open=1');
  });

  test.each(['max_closed', 'min_severity', 'close'])(
    'if %s is not understood, nothing is closed',
    async (name) => {
      await syncSarif([XSS]);
      const core = await syncSarif([], { inputs: { [name]: 'soon' } });
      expect(briefly(core)).toBe('synced open=1');
      expect(core.messages('warning')).toContain(`${name}: "soon" is not valid`);
      expect(core.outputs.complete).toBe('false');
    },
  );
});

describe('whose cases', () => {
  test.each<[string, SyncOptions]>([
    ['source', { inputs: { source: 'shard 2' } }],
    ['matrix', { inputs: { matrix: '{"shard": 2}' } }],
    ['job', { env: { GITHUB_JOB: 'other' } }],
    ['workflow', { env: { GITHUB_WORKFLOW_REF: 'acme/shop/.github/workflows/other.yml@refs/heads/main' } }],
    ['repository', { env: { GITHUB_REPOSITORY: 'acme/blog' } }],
    ['server', { env: { GITHUB_SERVER_URL: 'https://ghe.acme.test' } }],
    ['branch', { env: { GITHUB_REF_NAME: 'release/1' }, inputs: { branches: 'default\nrelease/*' } }],
  ])('another %s has cases of its own', async (_name, options) => {
    await syncSarif([XSS]);
    expect(briefly(await syncSarif([], options))).toBe('synced');
    expect(briefly(await syncSarif([XSS], options))).toBe('synced opened=1 open=1');
  });

  test('cases of another source among the newest do not make the first search incomplete', async () => {
    await syncSarif([XSS, SQL]);
    datadog.requests.length = 0;
    const core = await syncSarif([XSS, SQL], { inputs: { source: 'shard 2' } });
    expect(core.outputs).toMatchObject({ opened: '2', complete: 'true' });
    expect(datadog.requestLines.filter((line) => line === 'GET /api/v2/cases')).toHaveLength(3);
  });

  test('another tool is another report', async () => {
    await syncSarif([XSS]);
    const core = await sync({ 'b.sarif': sarif([], { tool: { driver: { name: 'Other' } } }) });
    expect(briefly(core)).toBe('synced');
    expect(listCases(datadog)).toEqual(['xss open']);
  });

  test('cases of another group_by are reported, and never closed', async () => {
    await syncSarif([XSS]);
    const core = await syncSarif([XSS], { inputs: { group_by: 'file' } });
    expect(briefly(core)).toBe('synced opened=1 open=2');
    expect(core.summary).toContain('opened with another `group_by`');
  });

  test('a case whose file was not read is kept, and named', async () => {
    await syncSarif([XSS]);
    const core = await sync({ 'b.sarif': sarif([]) });
    expect(briefly(core)).toBe('synced open=1');
    expect(core.summary).toContain('`OPS-1` came from a file that was not read');
  });

  test('a finding that is in another file now is recorded there, without a comment', async () => {
    await sync({ 'a.sarif': sarif([XSS, SQL]) });
    expect(briefly(await sync({ 'b.sarif': sarif([XSS, SQL]) }))).toBe('synced changed=2 open=2');
    expect(datadog.cases.map(({ comments }) => comments)).toEqual([[], []]);
    expect(datadog.lastDescription).toContain('`b.sarif`');
    expect(briefly(await sync({ 'b.sarif': sarif([XSS]) }))).toBe('synced closed=1 unchanged=1 open=1');
  });

  test('a finding that moved to a file which is not read any more is kept', async () => {
    await sync({ 'a.sarif': sarif([XSS, SQL]) });
    await sync({ 'a.sarif': sarif([SQL]), 'b.sarif': sarif([XSS]) });
    expect(briefly(await sync({ 'a.sarif': sarif([SQL]) }))).toBe('synced unchanged=1 open=2');
  });

  test('a finding that is also in a file which was not read stays in it', async () => {
    const both = { 'a.sarif': sarif([XSS]), 'b.sarif': sarif([result({ rule: 'xss', path: 'b.js' })]) };
    await sync(both);
    const { 'a.sarif': _, ...onlyB } = both;
    expect(briefly(await sync(onlyB))).toBe('synced changed=1 open=1');
    expect(briefly(await sync(onlyB))).toBe('synced unchanged=1 open=1');
    expect(briefly(await sync({ 'b.sarif': sarif([]) }))).toBe('synced open=1');
    expect(briefly(await sync({ 'a.sarif': sarif([]), 'b.sarif': sarif([]) }))).toBe('synced closed=1');
  });

  describe('a finding that was in more files than its case records', () => {
    const inputs = { files: '*.sarif' };
    const names = Array.from({ length: 12 }, (_, index) => `package-${index}.sarif`);
    const syncFiles = (files: readonly string[], results: readonly unknown[]) =>
      sync(Object.fromEntries(files.map((name) => [name, sarif(results)])), { inputs });
    const recorded = (name: string) => lastLine(datadog.cases[0]).includes(`f${[...hashFiles([name])][0]}`);

    test.each([true, false])('stays while one of them is missing (recorded: %p)', async (isRecorded) => {
      await syncFiles(names, [XSS]);
      const missing = names.find((name) => recorded(name) === isRecorded);
      const others = names.filter((name) => name !== missing);
      expect(briefly(await syncFiles(others, []))).toBe('synced open=1');
      await syncFiles(others, [XSS]);
      const core = await syncFiles(others, []);
      expect(briefly(core)).toBe('synced open=1');
      expect(core.summary).toContain('`OPS-1` came from a file that was not read');
      expect(briefly(await syncFiles(names, []))).toBe('synced closed=1');
    });

    test('stays even if there are files of other tools', async () => {
      await syncFiles(names, [XSS]);
      const others = names.filter((name) => recorded(name));
      const other = sarif([], { tool: { driver: { name: 'Other' } } });
      const files = Object.fromEntries([
        ...others.map((name) => [name, sarif([])]),
        ['x.sarif', other],
        ['y.sarif', other],
      ]);
      expect(briefly(await sync(files, { inputs }))).toBe('synced open=1');
    });

    test('is closed if all are read, and the number of files changes without a comment', async () => {
      await syncFiles(names, [XSS]);
      expect(briefly(await syncFiles([...names, 'z.sarif'], [XSS]))).toBe('synced changed=1 open=1');
      expect(briefly(await syncFiles([...names, 'z.sarif'], [XSS]))).toBe('synced unchanged=1 open=1');
      expect(datadog.cases[0]?.comments).toEqual([]);
      expect(briefly(await syncFiles(names, []))).toBe('synced open=1');
      expect(briefly(await syncFiles([...names, 'z.sarif'], []))).toBe('synced closed=1');
    });
  });

  test('a test is kept while the file that it failed in was not read, even if it passed in another one', async () => {
    const inputs = { files: 'out/*.xml' };
    const run = (files: Readonly<Record<string, string>>) => sync(files, { inputs });
    const [passed, failed] = [junit(passing('t')), junit(failing('t') + failing('u'))];
    await run({ 'out/chromium.xml': passed, 'out/firefox.xml': failed });
    const core = await run({ 'out/chromium.xml': junit(passing('t')) });
    expect(briefly(core)).toBe('synced open=2');
    expect(core.outputs.complete).toBe('false');
    expect(core.summary).toContain('`OPS-1` came from a file that was not read');
    expect(briefly(await run({ 'out/chromium.xml': passed, 'out/firefox.xml': passed }))).toBe(
      'synced closed=1 open=1',
    );
  });

  test('tests whose files were read are closed, whatever is missing of others', async () => {
    const inputs = { files: '*.xml' };
    await sync({ 'a.xml': junit(failing('a')), 'b.xml': junit(failing('b')) }, { inputs });
    const core = await sync({ 'a.xml': junit(passing('a') + passing('b')) }, { inputs });
    expect(briefly(core)).toBe('synced closed=1 open=1');
    expect(core.outputs.complete).toBe('false');
    // A class that was deleted, with its file, concerns no other test.
    const other = await sync({ 'a.xml': junit(passing('a')) }, { inputs });
    expect(other.outputs.complete).toBe('true');
  });

  test.each(['test', 'suite'])('a failing %s is recorded in a report of another name', async (group_by) => {
    const run = (name: string, tests: string) => sync({ [name]: junit(tests) }, { inputs: { group_by } });
    await run('a.xml', failing('t'));
    expect(briefly(await run('b.xml', failing('t')))).toBe('synced changed=1 open=1');
    expect(datadog.cases[0]?.comments).toEqual([]);
    expect(briefly(await run('c.xml', passing('t')))).toBe('synced open=1');
    expect(briefly(await run('b.xml', passing('t')))).toBe('synced closed=1');
  });

  test('an older run never changes what a newer one did', async () => {
    await syncSarif([XSS], { runId: 20 });
    expect(briefly(await syncSarif([], { runId: 10 }))).toBe('synced open=1');
    expect(briefly(await syncSarif([result({ rule: 'xss', path: 'b' })], { runId: 10 }))).toBe(
      'synced open=1',
    );
  });
});

describe('runs that only show what would happen', () => {
  const NO_CHANGE = { default_branch: 'main' };
  test.each<[string, SyncOptions, string]>([
    ['a dry run', { inputs: { dry_run: 'true' } }, 'dry run'],
    ['another branch', { env: { GITHUB_REF_NAME: 'topic' } }, 'topic'],
    ['a tag', { env: { GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: 'v1' } }, 'tag'],
    ['an unknown default branch', { event: {} }, 'default branch is unknown'],
    [
      'a pull request',
      {
        env: { GITHUB_EVENT_NAME: 'pull_request' },
        event: {
          repository: NO_CHANGE,
          pull_request: { number: 1, head: { ref: 'main', sha: 'b'.repeat(40) }, base: {} },
        },
      },
      'pull request',
    ],
  ])('%s', async (_name, options, text) => {
    await syncSarif([SQL]);
    datadog.requests.length = 0;
    const core = await syncSarif([XSS], options);
    expect(core.outputs).toMatchObject({ outcome: 'planned', opened: '1' });
    expect(writes()).toEqual([]);
    expect(core.summary).toContain(text);
    expect(core.summary).toContain('would be opened');
  });

  test.each<[string, Record<string, string>]>([
    ['another branch', { GITHUB_REF_NAME: 'topic' }],
    ['a pull request', { GITHUB_EVENT_NAME: 'pull_request', GITHUB_REF_NAME: '1/merge' }],
  ])('on %s, the report is compared with the cases of the default branch', async (_name, env) => {
    await syncSarif([SQL]);
    const { outputs, summary } = await syncSarif([SQL, XSS], { env });
    expect(outputs).toMatchObject({ outcome: 'planned', opened: '1', unchanged: '1', open: '1' });
    expect(summary).toContain('1 would be opened, 1 unchanged; 1 case is open now.');
  });

  test('a named branch has cases of its own', async () => {
    await syncSarif([SQL]);
    const options = { inputs: { branches: 'default\ntopic' }, env: { GITHUB_REF_NAME: 'topic' } };
    expect(briefly(await syncSarif([SQL], options))).toBe('synced opened=1 open=1');
    const planned = await syncSarif([SQL], { ...options, inputs: { ...options.inputs, dry_run: 'true' } });
    expect(planned.outputs).toMatchObject({ outcome: 'planned', unchanged: '1', open: '1' });
  });

  test('GitHub is asked for the default branch if the event does not name it', async () => {
    const options = {
      event: {},
      inputs: { github_token: FakeGitHub.token },
      env: { GITHUB_API_URL: github.url },
    };
    expect(briefly(await syncSarif([XSS], options))).toBe('synced opened=1 open=1');
    expect(github.requestLines).toEqual(['GET /repos/acme/shop']);
  });

  test('branches may name the branch', async () => {
    const core = await syncSarif([XSS], { inputs: { branches: 'topic' }, env: { GITHUB_REF_NAME: 'topic' } });
    expect(briefly(core)).toBe('synced opened=1 open=1');
  });
});

describe('inputs', () => {
  test('all essential problems are listed together, and nothing is sent', async () => {
    const core = await syncSarif([XSS], {
      inputs: { project: '', format: 'xml', group_by: 'line', api_key: '' },
    });
    for (const name of ['project', 'format', 'group_by', 'api_key'])
      expect(core.messages('error')).toContain(name);
    expect(core.outputs.outcome).toBe('failed');
    expect(datadog.requests).toEqual([]);
  });

  test('group_by must fit the format', async () => {
    const core = await syncSarif([XSS], { inputs: { group_by: 'test' } });
    expect(core.messages('error')).toContain('Use one of: rule, file, finding.');
  });

  test('an optional input never costs the case', async () => {
    const core = await syncSarif([XSS], {
      inputs: { priorities: 'high: P9\nmedium: P1', assignee: 'octocat', max_new: 'many', due_date: 'soon' },
    });
    expect(briefly(core)).toBe('synced opened=1 open=1');
    expect(datadog.cases[0]?.attributes.priority).toBe('P1');
    expect(core.messages('warning')).toContain('"high: P9" is not valid');
  });

  test('a dry run reports them all as errors', async () => {
    const core = await syncSarif([XSS], {
      inputs: { dry_run: 'true', assignee: 'octocat', max_new: 'many' },
    });
    expect(core.messages('error')).toContain('assignee');
    expect(core.messages('error')).toContain('max_new');
  });

  test('follow-ups are set', async () => {
    const core = await syncSarif([XSS], { inputs: { attributes: 'service: shop', due_date: '2027-01-31' } });
    expect(core.messages('warning')).toBe('');
    expect(datadog.cases[0]?.attributes).toMatchObject({
      attributes: { service: ['shop'] },
      due_date: '2027-01-31',
    });
  });

  test('an input that only the main action has is a warning', async () => {
    const core = await syncSarif([XSS], { inputs: { title: 'x', fies: 'y' } });
    expect(core.messages('warning')).toContain('"title" is an input of the main action only');
    expect(core.messages('warning')).toContain('Did you mean files?');
  });
});

describe('what people do', () => {
  test('what a person wrote into a description stays', async () => {
    await syncSarif([result()]);
    const [stored] = datadog.cases;
    if (!stored) throw new Error('there is no case');
    const lines = stored.attributes.description.split('\n');
    stored.attributes.description = [
      'My note above.',
      '',
      ...lines.slice(0, 6),
      'A note inside.',
      ...lines.slice(6),
      '',
      'Below.',
    ].join('\n');
    for (const path of ['b.js', 'c.js', 'd.js']) await syncSarif([result(), result({ path })]);
    const { description } = stored.attributes;
    for (const note of ['My note above.', 'A note inside.', 'Below.'])
      expect(description.split(note)).toHaveLength(2);
    expect(description).toContain('d.js');
    expect(description).not.toContain('c.js');
    expect(description.length).toBeLessThan(2000);
    expect(briefly(await syncSarif([]))).toBe('synced closed=1');
  });

  test('a note below the last line does not make the text above look as if somebody had changed it', async () => {
    await syncSarif([result()]);
    const { attributes } = datadog.cases[0] ?? {};
    if (!attributes) throw new Error('there is no case');
    attributes.description += '\n\nBelow.';
    for (const path of ['b.js', 'c.js']) await syncSarif([result(), result({ path })]);
    expect(attributes.description.split('Below.')).toHaveLength(2);
    expect(attributes.description).not.toContain('Kept');
    expect(attributes.description).toContain('c.js');
  });

  test('a person may change the priority', async () => {
    await syncSarif([result()]);
    Object.assign(datadog.cases[0]?.attributes ?? {}, { priority: 'P5' });
    await syncSarif([result(), result({ path: 'b.js' })]);
    expect(datadog.cases[0]?.attributes.priority).toBe('P5');
  });

  test('a case that a person reopened loses the mark of the close', async () => {
    await syncSarif([XSS]);
    await syncSarif([]);
    Object.assign(datadog.cases[0]?.attributes ?? {}, {
      status: 'OPEN',
      status_group: 'SG_OPEN',
      closed_at: null,
    });
    await syncSarif([XSS]);
    expect(lastLine(datadog.cases[0])).not.toContain('gone');
    Object.assign(datadog.cases[0]?.attributes ?? {}, closedAttributes(clock.now()));
    expect(briefly(await syncSarif([XSS]))).toBe('synced');
  });
});
