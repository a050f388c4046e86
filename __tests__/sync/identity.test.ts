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

describe('what is no finding', () => {
  test.each<[string, object]>([
    ['a result of another kind', { kind: 'pass' }],
    ['an absent result', { baselineState: 'absent' }],
    ['a suppressed result', { suppressions: [{ kind: 'external', status: 'accepted' }] }],
  ])('%s closes the case', async (_name, more) => {
    expect(await syncBoth(finding({}), finding({ more }))).toBe('synced closed=1');
  });

  test.each(['underReview', 'rejected'])('a suppression that is %s does not', async (status) => {
    expect(await syncBoth(finding({}), finding({ more: { suppressions: [{ status }] } }))).toBe(SAME);
  });
});
