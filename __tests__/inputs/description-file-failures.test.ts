import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readWorkspaceFile } from '../../src/inputs/description-file.ts';
import { readText } from '../support/read-text.ts';
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
  const { text, problems } = await readText(workspace, 'report.md', BUDGET_MS);
  expect([text.length, problems]).toEqual([MIB, []]);
});

test.each([
  [MIB + 2, '1.0'],
  [2.5 * MIB, '2.5'],
])('of a file of %i bytes, the first 1 MiB is used', async (size, shown) => {
  await writeFile(join(workspace, 'report.md'), `${'x'.repeat(MIB - 6)} \nkey❤${'x'.repeat(size - MIB - 2)}`);
  expect(await readText(workspace, 'report.md', BUDGET_MS)).toEqual({
    text: `${'x'.repeat(MIB - 6)} `,
    problems: [`File "report.md" is too large (${shown} MiB): only the first 1 MiB is used.`],
  });
});

test('Base64 that may hold half a secret at the cut of a file is left out as a whole', async () => {
  const line = `${'x'.repeat(76)}\n`;
  await writeFile(join(workspace, 'report.md'), `Words:\n${' \n'.repeat(MIB / 2 - 500)}${line.repeat(20)}`);
  const { text } = await readText(workspace, 'report.md', BUDGET_MS);
  expect(text).toMatch(/^Words:[ \n]+$/);
});

test('a secret at the cut of a file with one long line is left out as a whole', async () => {
  await writeFile(join(workspace, 'report.md'), `${'x'.repeat(MIB - 20_000)}${'key'.repeat(10_000)}`);
  const { text } = await readText(workspace, 'report.md', BUDGET_MS);
  expect(text).toMatch(/^x{900000,}$/);
});

const LITTLE_ENDIAN = Buffer.from('\ufeff# Bericht: Grüße ❤', 'utf16le');

test.each([
  ['UTF-8', Buffer.from('# Bericht: Grüße ❤')],
  ['UTF-8 with a byte order mark', Buffer.from('\ufeff# Bericht: Grüße ❤')],
  ['UTF-16, little endian', LITTLE_ENDIAN],
  ['UTF-16, big endian', Buffer.from(LITTLE_ENDIAN).swap16()],
])('a file is read in %s', async (_, bytes) => {
  await writeFile(join(workspace, 'report.md'), bytes);
  expect(await readText(workspace, 'report.md', BUDGET_MS)).toEqual({
    text: '# Bericht: Grüße ❤',
    problems: [],
  });
});

test.each([
  ['UTF-8', Buffer.from('Gr\xfc\xdfe', 'latin1'), 'Gr\ufffd\ufffde'],
  ['UTF-16', LITTLE_ENDIAN.subarray(0, 7), '# \ufffd'],
])('a file that is not valid %s is read as far as possible', async (encoding, bytes, text) => {
  await writeFile(join(workspace, 'report.md'), bytes);
  expect(await readText(workspace, 'report.md', BUDGET_MS)).toEqual({
    text,
    problems: [`File "report.md" is not valid ${encoding}: \ufffd stands for what could not be read.`],
  });
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
