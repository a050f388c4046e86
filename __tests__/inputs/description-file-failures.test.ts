import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readWorkspaceFile } from '../../src/inputs/description-file.ts';
import { testOnUnix } from '../support/unix-files.ts';

/** More than any of these files takes. */
const BUDGET_MS = 60_000;
const MIB = 1024 * 1024;

let workspace: string;
beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'case-workspace-'));
});
afterEach(async () => {
  await rm(workspace, { recursive: true });
});

test('a file of 1 MiB is read', async () => {
  await writeFile(join(workspace, 'report.md'), 'x'.repeat(MIB));
  expect(await readWorkspaceFile(workspace, 'report.md', BUDGET_MS)).toHaveLength(MIB);
});

test.each([
  [MIB + 1, '1.0'],
  [2.5 * MIB, '2.5'],
])('a file of %i bytes is too large', async (size, shown) => {
  await writeFile(join(workspace, 'report.md'), 'x'.repeat(size));
  await expect(readWorkspaceFile(workspace, 'report.md', BUDGET_MS)).rejects.toHaveProperty(
    'message',
    `File "report.md" is too large (${shown} MiB; at most 1 MiB).`,
  );
});

testOnUnix('a folder is not a regular file', async () => {
  await mkdir(join(workspace, 'docs'));
  await expect(readWorkspaceFile(workspace, 'docs', BUDGET_MS)).rejects.toHaveProperty(
    'message',
    'File "docs" is not a regular file.',
  );
});

test('a file that is not read in time is given up', async () => {
  const controller = new AbortController();
  const budgets: number[] = [];
  const { timeout } = AbortSignal;
  AbortSignal.timeout = (milliseconds) => {
    budgets.push(milliseconds);
    return controller.signal;
  };
  try {
    const reading = readWorkspaceFile(workspace, 'missing.md', 1234.5);
    controller.abort();
    await expect(reading).rejects.toHaveProperty(
      'message',
      'File "missing.md" could not be read within 1.2 s.',
    );
    expect(budgets).toEqual([1235]);
  } finally {
    AbortSignal.timeout = timeout;
  }
});
