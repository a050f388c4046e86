import { describe, expect, test } from '@jest/globals';
import { ReportCollector } from '../../src/sync/read/collector.ts';
import { JUnitReader } from '../../src/sync/read/junit.ts';
import { failing, itemIds, junit, readFiles } from './reports.ts';

const read = (text: string, groupBy?: 'suite') => readFiles({ 'a.xml': text }, { groupBy });

describe('which test it is', () => {
  const isSame = async (a: string, b: string) => {
    const [first, second] = await Promise.all([read(a), read(b)]);
    return itemIds(first).join() === itemIds(second).join();
  };
  const failed = '<failure/></testcase>';

  test('the suite, the time, the file and the line are not part of it', async () => {
    const a = `<testsuite name="one"><testcase classname="A" name="t" time="1" file="a" line="1">${failed}</testsuite>`;
    const b = `<testsuite name="two"><testcase classname="A" name="t" time="2" file="b" line="2">${failed}</testsuite>`;
    expect(await isSame(a, b)).toBe(true);
  });

  test('without a class, the suite is', async () => {
    const inSuite = (name: string) => `<testsuite name="${name}"><testcase name="t">${failed}</testsuite>`;
    expect(await isSame(inSuite('one'), inSuite('two'))).toBe(false);
    expect(await isSame(inSuite('one'), inSuite('one'))).toBe(true);
  });

  test.each(['test', ''])('with the class "%s", suite and name are', async (className) => {
    const inSuite = (name: string) =>
      `<testsuite name="${name}"><testcase classname="${className}" name="t">${failed}</testsuite>`;
    expect(await isSame(inSuite('GET /users'), inSuite('GET /orders'))).toBe(false);
  });

  test.each(['classname="test"', ''])('without a class (%s) and a suite, the file is', async (given) => {
    const inFile = (file: string) =>
      `<testsuites><testcase ${given} name="t" file="${file}">${failed}</testsuites>`;
    expect(await isSame(inFile('a.mjs'), inFile('b.mjs'))).toBe(false);
    expect(await isSame(inFile('a.mjs:12:3'), inFile('./a.mjs:14'))).toBe(true);
  });

  test("in Node's tests, suites of one name in different files are different", async () => {
    const inFile = (file: string) =>
      `<testsuite name="s"><testcase classname="test" name="t" file="${file}">${failed}</testsuite>`;
    expect(await isSame(inFile('a.mjs'), inFile('b.mjs'))).toBe(false);
  });

  test.each([
    ['addresses', 'at 0x7f3a2b', 'at 0x7faaaa'],
    ['addresses as long as a pointer', 'f(0x7f3a2b4c5d6e)', 'f(0x7faaaaaaaaaa)'],
    ['padded addresses', 'f(0x00007FF6A0B1C2D3)', 'f(0x00007FF6FFFFFFFF)'],
    ['hashes of Java objects', '[1] com.acme.Order@6d06d69c', '[1] com.acme.Order@1b28cdfa'],
    ['colors', '&#x241b;[31mred&#x241b;[0m', 'red'],
    ['colors without their escape character', '[31mred[39m', 'red'],
    ['colors around a parameter', '[2mwait[22m[5ms]', 'wait[5ms]'],
    ['spaces', 'a  b', 'a b'],
  ])('%s are not part of it', async (_name, a, b) => {
    expect(await isSame(junit(failing(a)), junit(failing(b)))).toBe(true);
  });

  test.each([
    ['a range in a query', 'rate[5m]', 'rate[1m]'],
    ['a parameter in brackets', 'test_wait[5ms]', 'test_wait[10ms]'],
    ['a word in brackets', 'test_conn[mysql]', 'test_conn[mssql]'],
    ['a length in brackets', 'swims [25m freestyle]', 'swims [50m freestyle]'],
    ['a parameter beside colors', '[2mwait[22m[5ms]', '[2mwait[22m[1ms]'],
    ['a hexadecimal parameter', 'parses 0xFF0000', 'parses 0x00FF00'],
    ['a long hexadecimal parameter', 'decodes 0x7fffffff', 'decodes 0x7f000001'],
    ['a very long hexadecimal parameter', 'adds 0xFFFFFFFFFFFFFFFF', 'adds 0x8000000000000000'],
    ['an address of somebody', 'mails a.Bob@cafe1.com', 'mails a.Bob@cafe2.com'],
  ])('%s is', async (_name, a, b) => {
    expect(await isSame(junit(failing(a)), junit(failing(b)))).toBe(false);
  });

  test('the workspace is not part of it', async () => {
    const readIn = (workspace: string) => {
      const collector = new ReportCollector();
      const reader = new JUnitReader({ file: 'a', workspace }, collector);
      reader.write(junit(`<testcase classname="A" name="${workspace}/a.test.mjs">${failed}`));
      reader.close();
      return itemIds(collector);
    };
    expect(readIn('/home/runner-1/shop')).toEqual(readIn('/home/runner-2/shop'));
  });

  test.each([undefined, 'suite'] as const)('the time of a run is not (group_by: %s)', async (groupBy) => {
    const inRun = (time: string) =>
      read(`<testsuite name="db.Test-${time}"><testcase name="t">${failed}</testsuite>`, groupBy);
    const [first, second] = await Promise.all([inRun('20260101010101'), inRun('20260102010101')]);
    expect(itemIds(first)).toEqual(itemIds(second));
  });
});
