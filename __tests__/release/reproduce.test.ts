import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findDifferences, hashFiles } from '../../scripts/release/reproduce.ts';

describe('findDifferences', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'case-dist-'));
    await mkdir(join(folder, 'chunks'));
    await writeFile(join(folder, 'index.js'), 'main();\n');
    await writeFile(join(folder, 'chunks', '1.js'), 'lazy();\n');
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('finds none if every byte is the same', () => {
    const hashes = hashFiles(folder);
    expect([...hashes.keys()]).toEqual(['chunks/1.js', 'index.js']);
    expect(findDifferences(hashes, hashFiles(folder))).toEqual([]);
  });

  test('finds a link, wherever it leads', async () => {
    const committed = hashFiles(folder);
    await symlink('index.js', join(folder, 'stray.js'));
    expect(findDifferences(hashFiles(folder), committed)).toEqual([
      'stray.js is committed, but the build does not write it.',
    ]);
  });

  test('finds a different line ending, a missing file and a new file', async () => {
    const committed = hashFiles(folder);
    await writeFile(join(folder, 'index.js'), 'main();\r\n');
    await rm(join(folder, 'chunks', '1.js'));
    await writeFile(join(folder, 'chunks', '2.js'), 'lazy();\n');
    expect(findDifferences(committed, hashFiles(folder))).toEqual([
      'chunks/1.js is committed, but the build does not write it.',
      'chunks/2.js is written by the build, but not committed.',
      'index.js differs from what the build writes.',
    ]);
  });
});
