import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ReportCollector } from '../../src/sync/read/collector.ts';
import {
  failing,
  itemIds,
  junit,
  passing,
  problemKinds,
  readFiles,
  readWorkspace,
  result,
  sarif,
  withFiles,
} from './reports.ts';

const REPORTS: Readonly<Record<string, string>> = {
  sarif: sarif([result(), result({ rule: 'r2', path: '\u00fc.js' })], {
    invocations: [{ executionSuccessful: true }],
  }),
  'sarif, indented': JSON.stringify(JSON.parse(sarif([result()])), null, 2),
  junit: junit(passing('a') + failing('b', '<![CDATA[at \u00fc]]>') + passing('c')),
  'a junit suite': `<testsuite name="s">\n${passing('a')}\n<!-- end -->\n</testsuite>`,
  'a list': '[{"key": "a", "title": "A"}, {"key": "b", "title": "\u00fc"}]',
  'an empty list': '[]',
  lines: '{"key": "a", "title": "A"}\n{"key": "b", "title": "B"}\n{"complete": true}',
};

test.each(Object.keys(REPORTS))('%s: cut at any byte, it is never complete', async (name) => {
  const bytes = Buffer.from(REPORTS[name] ?? '');
  expect(problemKinds(await readFiles({ a: bytes }))).toEqual([]);
  const complete: number[] = [];
  await withFiles({ a: '' }, async (workspace) => {
    for (let length = 0; length < bytes.length; length += 1) {
      await writeFile(join(workspace, 'a'), bytes.subarray(0, length));
      if (!problemKinds(await readWorkspace(workspace, ['a'])).length) complete.push(length);
    }
  });
  expect(complete).toEqual([]);
});

test.each([
  [
    'a test',
    '<testcase classname="A" name="t"><failure message="no">',
    'boom</failure><system-out><![CDATA[x]]></system-out></testcase>',
  ],
  ['a suite', '<error>', 'boom</error><system-err>x</system-err>'],
])('once %s has failed, it is in the report wherever that is cut', async (_name, failed, rest) => {
  const start = `<testsuites><testsuite name="s" tests="0" errors="1">${failed}`;
  const text = `${start}${rest}</testsuite></testsuites>`;
  for (let length = start.length; length < text.length; length += 1) {
    const report = await readFiles({ a: text.slice(0, length) });
    expect([length, itemIds(report).length, problemKinds(report)]).toEqual([length, 1, ['malformed']]);
  }
});

test('of a failure that is cut off, only the message is kept', async () => {
  const { tools } = await readFiles({ a: '<testcase name="t"><failure message="no">half a sec' });
  const [item] = tools[0]?.items.values() ?? [];
  expect([...(item?.members.values() ?? [])].map(({ message }) => message)).toEqual(['no']);
});

test('a collector without files is complete, but has no tools', () => {
  expect(new ReportCollector().tools).toEqual([]);
});
