import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { MAX_FILE_BYTES } from '../../src/sync/read/read-file.ts';
import {
  failing,
  itemIds,
  junit,
  problemKinds,
  readFiles,
  readWorkspace,
  result,
  sarif,
  withFiles,
} from './reports.ts';

const item = (key: string) => JSON.stringify({ key, title: `Title ${key}` });

describe('the format is found by the content', () => {
  test.each([
    ['SARIF', sarif([result()]), 'sarif', 1],
    ['SARIF without runs', '{"version":"2.1.0"}', undefined, 0],
    ['JUnit', junit(failing('t')), 'junit', 1],
    ['JUnit after white space', `\n ${junit(failing('t'))}`, 'junit', 1],
    ['a list', `[${item('a')},${item('b')}]`, 'json', 2],
    ['lines', `${item('a')}\n${item('b')}\n{"complete": true}\n`, 'json', 2],
    ['one line', '{"complete": true}', 'json', 0],
    ['a byte order mark', `\ufeff${sarif([result()])}`, 'sarif', 1],
  ])('%s', async (_name, text, format, count) => {
    const report = await readFiles({ 'a.txt': text });
    expect(report.tools[0]?.format).toBe(format);
    expect(itemIds(report)).toHaveLength(count);
  });

  test.each([
    ['SARIF with a byte order mark', `\ufeff${sarif([result()])}`],
    ['SARIF', sarif([result({ path: '\u00fc.js' })])],
    ['a list', `\n[${item('a')}]`],
    ['JUnit', junit(failing('t'))],
  ])('UTF-16 is understood: %s', async (_name, text) => {
    const littleEndian = Buffer.from(text, 'utf16le');
    for (const bytes of [littleEndian, Buffer.from(littleEndian).swap16()]) {
      const report = await readFiles({ a: bytes });
      expect(itemIds(report)).toEqual(itemIds(await readFiles({ a: text })));
      expect(itemIds(report)).toHaveLength(1);
      expect(problemKinds(report)).toEqual([]);
    }
  });

  test.each([
    ['nothing', '', 'empty'],
    ['white space', ' \n', 'empty'],
    ['text', 'scan failed', 'unknown-format'],
    ['a list that is cut off', '[{"key":"a"', 'malformed'],
    ['a log that is cut off', '{"runs":[', 'malformed'],
    ['npm audit', '{\n  "auditReportVersion": 2,\n  "vulnerabilities": {}\n}', 'other-json'],
    ['npm audit on one line', '{"auditReportVersion":2,"vulnerabilities":{}}', 'other-json'],
    ['an item that is no line', '{\n  "key": "a"\n}', 'other-json'],
    ['a number', '1', 'unknown-format'],
  ])('%s is none', async (_name, text, kind) => {
    const report = await readFiles({ 'a.txt': text });
    expect(problemKinds(report)).toEqual([kind]);
    expect([...report.files]).toEqual([]);
  });

  test.each([
    ['sarif', junit('')],
    ['sarif', '[]'],
    ['json', sarif([])],
    ['sarif', '{"auditReportVersion": 2}'],
  ] as const)('format: %s accepts no other', async (format, text) => {
    const [kind] = problemKinds(await readFiles({ a: text }, { format }));
    expect(['other-format', 'unknown-format']).toContain(kind);
  });
});

describe('JSON', () => {
  test('lines without an end are incomplete', async () => {
    expect(problemKinds(await readFiles({ a: `${item('a')}\n` }))).toEqual(['not-marked-complete']);
  });

  test('an end that something follows is none', async () => {
    expect(problemKinds(await readFiles({ a: `{"complete": true}\n${item('a')}` }))).toEqual([
      'not-marked-complete',
    ]);
  });

  test.each(['[{"title":"x"}]', '[1]', '[{"key":""}]', '[null]'])(
    '%s has an entry that is no item',
    async (text) => {
      expect(problemKinds(await readFiles({ a: text }))).toEqual(['malformed-entry']);
    },
  );

  test('of many entries that are no items, the first is named', async () => {
    const { tools } = await readFiles({ a: `[${item('a')},1,2,3]` });
    expect(tools[0]?.problems).toEqual([{ kind: 'malformed-entry', file: 'a', position: 2 }]);
  });

  test('what an item says is used', async () => {
    const report = await readFiles({
      a: '[{"key":7,"title":"T","severity":"critical","description":"D","url":"https://example.com"},{"key":"8"}]',
    });
    const items = [...(report.tools[0]?.items.values() ?? [])];
    expect(items.map(({ title, severity, details, url }) => [title, severity, details, url])).toEqual([
      ['T', 'critical', 'D', 'https://example.com'],
      ['8', 'medium', '', ''],
    ]);
  });
});

describe('files', () => {
  test('patterns are expanded, and each line must match', async () => {
    const files = { 'r/a.json': `[${item('a')}]`, 'r/x/b.json': `[${item('b')}]` };
    const report = await readFiles(files, { patterns: ['r/**/*.json', 'no/*.json'] });
    expect([...report.files]).toEqual(['r/a.json', 'r/x/b.json']);
    expect(report.problems).toEqual([{ kind: 'no-match', pattern: 'no/*.json' }]);
  });

  test('a file may have the characters of a pattern in its name', async () => {
    const report = await readFiles({ 'app/[id]/a.json': `[${item('a')}]` });
    expect([...report.files]).toEqual(['app/[id]/a.json']);
    expect(report.problems).toEqual([]);
  });

  test('blank text before a report, longer than a piece, is skipped', async () => {
    const report = await readFiles({
      a: ' \n'.repeat(300_000) + junit(failing('t')),
      b: ' \n'.repeat(300_000),
    });
    expect(report.tools[0]?.items.size).toBe(1);
    expect(report.problems).toEqual([{ kind: 'empty', file: 'b' }]);
  });

  test('a file that is missing is unreadable', async () => {
    const report = await readFiles({}, { patterns: ['a.json'] });
    expect(report.problems).toMatchObject([{ kind: 'unreadable', file: 'a.json' }]);
  });

  test('a file that two lines match is read once', async () => {
    const report = await readFiles(
      { 'a.json': `[${item('a')}]` },
      { patterns: ['a.json', '*.json', './a.json'] },
    );
    expect(report.problems).toEqual([]);
    expect([...report.files]).toEqual(['a.json']);
  });

  test('what is outside, in a .git folder or no file is not read', () =>
    withFiles({ 'in/.git/a.json': '[]', 'secret.json': '[]' }, async (folder) => {
      const workspace = join(folder, 'in');
      await symlink(join(folder, 'secret.json'), join(workspace, 'link.json'));
      await mkdir(join(workspace, 'dir.json'));
      const patterns = ['../secret.json', 'link.json', '.git/a.json', 'dir.json'];
      const report = await readWorkspace(workspace, patterns);
      expect(report.problems.map((problem) => 'detail' in problem && problem.detail)).toEqual([
        'is in a .git folder',
        'is outside the workspace',
        'is not a regular file',
        'is outside the workspace',
      ]);
      expect(report.tools).toEqual([]);
    }));

  test('a file over 64 MiB is not read', () =>
    withFiles({}, async (workspace) => {
      await writeFile(join(workspace, 'a.json'), Buffer.alloc(MAX_FILE_BYTES + 1, ' '));
      const report = await readWorkspace(workspace, ['a.json']);
      expect(problemKinds(report)).toEqual(['too-large']);
    }));

  test('reading ends when the time is up', async () => {
    const signal = AbortSignal.abort();
    await expect(readFiles({ 'a.json': '[]' }, { signal })).rejects.toThrow();
  });

  test('the same tool in two files has one report', async () => {
    const report = await readFiles({ a: sarif([result()]), b: sarif([result({ path: 'b.js' })]) });
    expect(report.tools).toHaveLength(1);
    const [only] = report.tools[0]?.items.values() ?? [];
    expect([...(only?.files ?? [])]).toEqual(['a', 'b']);
  });
});
