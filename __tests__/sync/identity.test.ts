import { describe, expect, test } from '@jest/globals';
import { useFakes } from '../support/use-fakes.ts';
import { junit, type ResultOptions, result, sarif } from './reports.ts';
import { briefly, runSync } from './run-sync.ts';

const fakes = useFakes();

/** Syncs one report after the other, and returns how the second run ended. */
async function syncBoth(first: string, second: string, inputs = {}): Promise<string> {
  await runSync(fakes, { a: first }, { inputs });
  return briefly(await runSync(fakes, { a: second }, { inputs }));
}

const finding = (options: ResultOptions) => sarif([result(options)]);
const SAME = 'synced unchanged=1 open=1';
const byFinding = { group_by: 'finding' };

describe('the same finding', () => {
  test.each<[string, ResultOptions, ResultOptions]>([
    ['on another line', { line: 1 }, { line: 2 }],
    ['with another GUID', { more: { guid: 'a' } }, { more: { guid: 'b', correlationGuid: 'c' } }],
    [
      'by its fingerprint',
      { more: { fingerprints: { h: 'x' } }, message: 'a' },
      { more: { fingerprints: { h: 'x' } }, message: 'b' },
    ],
    [
      'by the value of a fingerprint that is an object',
      { more: { fingerprints: { h: { value: 'x', time: 1 } } } },
      { more: { fingerprints: { h: { value: 'x', time: 2 } } } },
    ],
    [
      'by the highest version of a fingerprint',
      { more: { fingerprints: { 'h/v1': 'a', 'h/v2': 'x' } } },
      { more: { fingerprints: { 'h/v1': 'b', 'h/v2': 'x' } } },
    ],
    [
      'by primaryLocationLineHash',
      { more: { partialFingerprints: { a: '1', primaryLocationLineHash: 'x' } } },
      { more: { partialFingerprints: { a: '2', primaryLocationLineHash: 'x' } } },
    ],
    [
      'by another partial fingerprint',
      { more: { partialFingerprints: { a: '1' } }, snippet: 'x' },
      { more: { partialFingerprints: { a: '1' } }, snippet: 'y' },
    ],
    ['by its snippet', { snippet: 'f( x )', message: 'a' }, { snippet: 'f(x)', message: 'b' }],
    ['in a path that is encoded', { path: 'a%20b.js' }, { path: 'a b.js' }],
    ['in a path with a dot', { path: './a.js' }, { path: 'a.js' }],
    ['in the workspace of a container', { path: 'file:///github/workspace/a.js' }, { path: 'a.js' }],
    ['in a path in another Unicode form', { path: 'u\u0308.js' }, { path: '\u00fc.js' }],
  ])('%s', async (_name, a, b) => {
    expect(await syncBoth(finding(a), finding(b), byFinding)).toBe(SAME);
  });

  test('of a category that names the run', async () => {
    const log = (id: string) => sarif([result()], { automationDetails: { id } });
    expect(await syncBoth(log('scan/1'), log('scan/2'))).toBe(SAME);
  });

  test.each<[string, object, object]>([
    ['rule.id', { rule: { id: 'r' } }, { ruleId: 'r' }],
    ['ruleIndex', { ruleIndex: 0 }, { ruleId: 'r' }],
  ])('of a rule that is named by %s', async (_name, a, b) => {
    const tool = { driver: { name: 'Scanner', rules: [{ id: 'r' }] } };
    const log = (more: object) => sarif([{ ...result(), ruleId: undefined, ...more }], { tool });
    expect(await syncBoth(log(a), log(b))).toBe(SAME);
  });
});

describe('another finding', () => {
  test.each<[string, ResultOptions, ResultOptions]>([
    ['by its path', {}, { path: 'b.js' }],
    ['by its rule', {}, { rule: 'other' }],
    ['by its message, if nothing else tells', {}, { message: 'other' }],
  ])('%s', async (_name, a, b) => {
    expect(await syncBoth(finding(a), finding(b), byFinding)).toBe('synced opened=1 closed=1 open=1');
  });

  test('by its message, if Semgrep gives no fingerprint because nobody is signed in', async () => {
    const more = { fingerprints: { 'matchBasedId/v1': 'requires login' } };
    const [a, b] = [finding({ more, message: 'a' }), finding({ more, message: 'b' })];
    expect(await syncBoth(a, b, byFinding)).toBe('synced opened=1 closed=1 open=1');
  });

  test('if several share a fingerprint', async () => {
    const more = { fingerprints: { cve: 'CVE-1' } };
    const log = sarif([result({ more, message: 'a' }), result({ more, message: 'b' })]);
    expect(briefly(await runSync(fakes, { a: log }, { inputs: byFinding }))).toBe('synced opened=2 open=2');
  });

  test('of another category', async () => {
    const log = (id: string) => sarif([result()], { automationDetails: { id } });
    expect(await syncBoth(log('a/1'), log('b/1'))).toBe('synced opened=1 open=1');
  });
});

describe('another finding beside it', () => {
  const leak = (commitSha: string, snippet: string) =>
    result({
      message: `generic-api-key has detected secret for file a.env at commit ${commitSha}.`,
      snippet,
      more: { partialFingerprints: { commitSha, email: 'a@example.com', author: 'Ann', date: '2026-01-01' } },
    });

  test.each<[string, object, object]>([
    ['by the same author', leak('c1', 'AAA'), leak('c2', 'BBB')],
    ['in the same commit', leak('c1', 'AAA'), leak('c1', 'BBB')],
    [
      'with the same vulnerability',
      result({ message: 'b', more: { fingerprints: { cve: 'CVE-2026-1' } } }),
      result({ message: 'a', more: { fingerprints: { cve: 'CVE-2026-1' } } }),
    ],
    [
      'with the same fingerprint',
      result({ message: 'b', more: { fingerprints: { h: 'x' } } }),
      result({ message: 'a', more: { fingerprints: { h: 'x' } } }),
    ],
    ['that is equal', result({ line: 9 }), result({ line: 5 })],
  ])('%s changes nothing about it', async (_name, first, second) => {
    expect(await syncBoth(sarif([first]), sarif([first, second]), byFinding)).toBe(
      'synced opened=1 unchanged=1 open=2',
    );
    expect(await syncBoth(sarif([second, first]), sarif([first]), byFinding)).toBe(
      'synced closed=1 unchanged=1 open=1',
    );
  });
});

describe('the same test', () => {
  const failed = (attributes: string) => junit(`<testcase ${attributes}><failure/></testcase>`);

  test.each([
    ['with another time', 'classname="A" name="t" time="1"', 'classname="A" name="t" time="2"'],
    ['with colors', 'classname="A" name="t"', 'classname="A" name="[31mt[0m"'],
    [
      'with another address',
      'classname="A" name="t 0x7f00aa11bb22"',
      'classname="A" name="t 0x7f00cc33dd44"',
    ],
  ])('%s', async (_name, a, b) => {
    expect(await syncBoth(failed(a), failed(b))).toBe(SAME);
  });

  test.each([
    ['5ms', '10ms'],
    ['0x60806040', '0x60606060'],
  ])('of the parameter %s is not closed because that of %s passed', async (a, b) => {
    const named = (name: string, end = '') =>
      `<testcase classname="A" name="wait[${name}]">${end}</testcase>`;
    const before = junit(named(a, '<failure/>') + named(b));
    const after = junit(named(a, '<skipped/>') + named(b));
    expect(await syncBoth(before, after)).toBe('synced open=1');
  });

  test('that passed when it was repeated', async () => {
    const flaky = junit('<testcase classname="A" name="t"><flakyFailure/></testcase>');
    expect(await syncBoth(failed('classname="A" name="t"'), flaky)).toBe('synced closed=1');
  });

  test('of several entries of which one failed', async () => {
    const twice = junit(
      '<testcase classname="A" name="t"/><testcase classname="A" name="t"><failure/></testcase>',
    );
    expect(await syncBoth(failed('classname="A" name="t"'), twice)).toBe(SAME);
  });

  test('of a suite that did not run, and runs now', async () => {
    const broken = '<testsuite name="db"><error message="x"/></testsuite>';
    const runs = '<testsuite name="db"><testcase classname="A" name="t"/></testsuite>';
    expect(await syncBoth(broken, runs)).toBe('synced closed=1');
  });
});

describe('what did not run', () => {
  const suite = (attributes: string, tests: string) =>
    `<testsuites><testsuite ${attributes}>${tests}</testsuite></testsuites>`;
  const test1 = (attributes: string, end = '') => `<testcase ${attributes}>${end}</testcase>`;
  const ERROR = '<error message="x"/>';

  /** Each tool writes it as a test, which isn't in the report any more once it runs. */
  const TOOLS: readonly [tool: string, broken: string, fixed: string][] = [
    [
      'gotestsum',
      suite('tests="0" name="shop/b"', test1('classname="" name="TestMain"', '<failure message="Failed"/>')),
      suite('tests="1" name="shop/b"', test1('classname="shop/b" name="TestY"')),
    ],
    [
      'go-junit-report',
      suite('name="shop/b" tests="1" errors="1"', test1('name="[build failed]" classname="shop/b"', ERROR)),
      suite('name="shop/b" tests="1"', test1('name="TestY" classname="shop/b"')),
    ],
    [
      'pytest',
      suite(
        'name="pytest" errors="1"',
        test1('classname="" name="t.test_b"', '<error message="collection failure"/>'),
      ),
      suite('name="pytest" errors="0"', test1('classname="t.test_b.TestX" name="test_x"')),
    ],
    [
      'surefire',
      suite('name="s.BTest" tests="1" errors="1"', test1('name="" classname="s.BTest"', ERROR)),
      suite('name="s.BTest" tests="1"', test1('name="x" classname="s.BTest"')),
    ],
    [
      'JUnit 4',
      suite('name="s.BTest" tests="1"', test1('name="initializationError" classname="s.BTest"', ERROR)),
      suite('name="s.BTest" tests="1"', test1('name="x" classname="s.BTest"')),
    ],
    [
      'vitest',
      suite('name="a.test.js" failures="1"', test1('classname="a.test.js" name="a.test.js"', '<failure/>')),
      suite('name="a.test.js"', test1('classname="a.test.js" name="x"')),
    ],
    [
      'unittest-xml-reporting',
      suite(
        'name="unittest.suite._ErrorHolder-20260101010101"',
        test1('classname="" name="setUpClass (db.Test)"', ERROR),
      ),
      suite('name="db.Test-20260102010101"', test1('classname="db.Test" name="test_x"')),
    ],
  ];

  describe.each(['test', 'suite'])('group_by: %s', (group_by) => {
    test.each(TOOLS)('%s: it is closed once a test of it ran', async (_tool, broken, fixed) => {
      const inputs = { group_by };
      const other = suite('name="other"', test1('classname="other.C" name="t"'));
      expect(await syncBoth(broken, broken, inputs)).toBe(SAME);
      expect(briefly(await runSync(fakes, { a: other }, { inputs }))).toBe('synced open=1');
      expect(briefly(await runSync(fakes, { a: fixed }, { inputs }))).toBe('synced closed=1');
    });
  });

  test('it is kept while a test of it ran, but something else says that it is broken', async () => {
    const tests = (more: string) => suite('name="s.BTest"', test1('name="x" classname="s.BTest"') + more);
    const after = test1('name="" classname="s.BTest"', ERROR);
    expect(await syncBoth(tests(after), tests(after))).toBe(SAME);
    expect(briefly(await runSync(fakes, { a: tests('') }))).toBe('synced closed=1');
  });

  test('a test that has the name of its class and suite is kept while it is skipped', async () => {
    const tests = (end: string) =>
      suite(
        'name="c.Cart"',
        test1('name="c.Cart" classname="c.Cart"', end) + test1('name="x" classname="c.Cart"'),
      );
    expect(await syncBoth(tests('<failure/>'), tests('<skipped/>'))).toBe('synced open=1');
    expect(briefly(await runSync(fakes, { a: tests('') }))).toBe('synced closed=1');
  });

  test.each(['Cart', 'TestMain', 'setUpClass'])('a test of the name %s is a test', async (name) => {
    const tests = (end: string) => suite('name="s"', end + test1('name="x" classname="Cart"'));
    expect(await syncBoth(tests(test1(`name="${name}" classname="Cart"`, '<failure/>')), tests(''))).toBe(
      'synced open=1',
    );
  });
});

describe('what is no finding', () => {
  test.each<[string, object]>([
    ['a result of another kind', { kind: 'pass' }],
    ['a result of another kind in capitals', { kind: 'NOT_APPLICABLE' }],
    ['an absent result', { baselineState: 'absent' }],
    ['a suppressed result', { suppressions: [{ kind: 'external', status: 'accepted' }] }],
    ['a result suppressed twice', { suppressions: [{ status: 'ACCEPTED' }, {}] }],
  ])('%s closes the case', async (_name, more) => {
    expect(await syncBoth(finding({}), finding({ more }))).toBe('synced closed=1');
  });

  test.each<[string, object]>([
    ['whose suppression is under review', { suppressions: [{ status: 'underReview' }] }],
    ['whose suppression was rejected', { suppressions: [{ status: 'rejected' }] }],
    ['with a status in another spelling', { suppressions: [{ status: 'UNDER_REVIEW' }] }],
    ['with a status that is unknown', { suppressions: [{ status: 'maybe' }] }],
    ['with a second suppression that was rejected', { suppressions: [{}, { status: 'Rejected' }] }],
    ['of the kind FAIL', { kind: 'FAIL', level: 'WARNING' }],
    ['of no kind', { kind: null }],
    ['of an empty kind', { kind: '' }],
    ['of an unknown kind', { kind: 'violation' }],
  ])('a result %s keeps it', async (_name, more) => {
    expect(await syncBoth(finding({}), finding({ more }))).toBe(SAME);
  });
});
