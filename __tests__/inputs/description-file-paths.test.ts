import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix, win32 } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { isInside, readWorkspaceFile } from '../../src/inputs/description-file.ts';
import { readText } from '../support/read-text.ts';
import { createPipe, testOnUnix } from '../support/unix-files.ts';

/** More than any of these files takes. */
const BUDGET_MS = 60_000;

describe('isInside', () => {
  test.each([
    ['/home/runner/work/shop', '/home/runner/work/shop/report.md', true],
    ['/home/runner/work/shop', '/home/runner/work/shop/docs/report.md', true],
    ['/home/runner/work/shop', '/home/runner/work/shop/..report.md', true],
    ['/home/runner/work/shop', '/home/runner/work/shop/...', true],
    ['/home/runner/work/shop', '/home/runner/work', false],
    ['/home/runner/work/shop', '/home/runner/work/report.md', false],
    ['/home/runner/work/shop', '/home/runner/work/shop-secrets/report.md', false],
    ['/home/runner/work/shop', '/home/runner/work/SHOP/report.md', false],
    ['/home/runner/work/shop', '/etc/passwd', false],
    ['/home/runner/work/shop', '/home/runner/work/shop\\..\\report.md', false],
    ['/home/runner/work/shop', '/home/runner/work/shop/..\\report.md', true],
  ])('follows the rules of Linux and macOS: %s, %s: %s', (folder, path, expected) => {
    expect(isInside(folder, path, posix)).toBe(expected);
  });

  test.each([
    ['D:\\a\\shop\\shop', 'D:\\a\\shop\\shop\\report.md', true],
    ['D:\\a\\shop\\shop', 'D:\\a\\shop\\shop\\docs\\report.md', true],
    ['D:\\a\\shop\\shop', 'D:/a/shop/shop/docs/report.md', true],
    ['D:\\a\\shop\\shop', 'd:\\A\\Shop\\SHOP\\report.md', true],
    ['D:\\a\\shop\\shop', 'D:\\a\\shop\\shop\\..report.md', true],
    ['D:\\a\\shop\\shop', 'D:\\a\\shop', false],
    ['D:\\a\\shop\\shop', 'D:\\a\\shop\\report.md', false],
    ['D:\\a\\shop\\shop', 'D:\\a\\shop\\shop-secrets\\report.md', false],
    ['D:\\a\\shop\\shop', 'C:\\a\\shop\\shop\\report.md', false],
    ['D:\\a\\shop\\shop', 'C:\\Windows\\win.ini', false],
    ['D:\\a\\shop\\shop', '\\\\server\\share\\report.md', false],
    ['\\\\server\\share\\shop', '\\\\server\\share\\shop\\report.md', true],
    ['\\\\server\\share\\shop', '\\\\server\\other\\shop\\report.md', false],
    ['D:\\', 'D:\\report.md', true],
  ])('follows the rules of Windows: %s, %s: %s', (folder, path, expected) => {
    expect(isInside(folder, path, win32)).toBe(expected);
  });
});

describe('a file in the workspace', () => {
  let folder: string;
  let workspace: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'case-workspace-'));
    workspace = join(folder, 'shop');
    await mkdir(workspace);
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('is read by its relative and by its absolute path', async () => {
    await writeFile(join(workspace, 'report.md'), '# Report');
    expect(await readText(workspace, 'report.md', BUDGET_MS)).toEqual({
      text: '# Report',
      problems: [],
    });
    expect(await readText(workspace, join(workspace, 'report.md'), BUDGET_MS)).toEqual({
      text: '# Report',
      problems: [],
    });
  });

  test('is read if the workspace itself is reached through a link', async () => {
    await writeFile(join(workspace, 'report.md'), '# Report');
    // 'junction' needs no privilege on Windows, and means nothing elsewhere.
    await symlink(workspace, join(folder, 'link'), 'junction');
    expect(await readText(join(folder, 'link'), 'report.md', BUDGET_MS)).toEqual({
      text: '# Report',
      problems: [],
    });
  });

  test('is not read through a link that leads out of the workspace', async () => {
    await mkdir(join(folder, 'secrets'));
    await writeFile(join(folder, 'secrets', 'report.md'), 'secret');
    await symlink(join(folder, 'secrets'), join(workspace, 'docs'), 'junction');
    await expect(readWorkspaceFile(workspace, 'docs/report.md', BUDGET_MS)).rejects.toThrow(
      /outside the workspace/,
    );
    await expect(readWorkspaceFile(workspace, '../secrets/report.md', BUDGET_MS)).rejects.toThrow(
      /outside the workspace/,
    );
  });

  test('is not read in a .git folder, where actions/checkout keeps its token', async () => {
    await mkdir(join(workspace, '.git'));
    await writeFile(join(workspace, '.git', 'config'), 'secret');
    await symlink(join(workspace, '.git'), join(workspace, 'docs'), 'junction');
    for (const path of ['.git/config', 'docs/config'])
      await expect(readWorkspaceFile(workspace, path, BUDGET_MS)).rejects.toThrow(/is in a \.git folder/);
  });

  testOnUnix('is never a named pipe to wait for', async () => {
    createPipe(join(workspace, 'report.md'));
    await expect(readWorkspaceFile(workspace, 'report.md', BUDGET_MS)).rejects.toThrow(/report\.md/);
  });
});
