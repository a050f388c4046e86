// Whether a build writes the very bytes that are in a folder.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The SHA-256 of every file of a folder, by its path in that folder with slashes. */
export function hashFiles(folder: string): ReadonlyMap<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = files.map(({ parentPath, name }) => join(parentPath, name)).sort();
  return new Map(
    paths.map((path) => [
      path.slice(join(folder).length + 1).replaceAll('\\', '/'),
      createHash('sha256').update(readFileSync(path)).digest('hex'),
    ]),
  );
}

/** Which files differ, are missing or are new; empty if the two folders were the same. */
export function findDifferences(
  committed: ReadonlyMap<string, string>,
  built: ReadonlyMap<string, string>,
): string[] {
  const paths = [...new Set([...committed.keys(), ...built.keys()])].sort();
  return paths.flatMap((path) => {
    if (!built.has(path)) return [`${path} is committed, but the build does not write it.`];
    if (!committed.has(path)) return [`${path} is written by the build, but not committed.`];
    return committed.get(path) === built.get(path) ? [] : [`${path} differs from what the build writes.`];
  });
}
