// Whether a build writes the very bytes that are in a folder.
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** The SHA-256 of everything in a folder that is no folder, by its path in that folder with slashes. */
export function hashFiles(folder: string): ReadonlyMap<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    (entry) => !entry.isDirectory(),
  );
  const paths = files.map(({ parentPath, name }) => join(parentPath, name)).sort();
  return new Map(
    paths.map((path) => [
      path.slice(join(folder).length + 1).replaceAll('\\', '/'),
      createHash('sha256').update(readContent(path)).digest('hex'),
    ]),
  );
}

/** The bytes of a file, or where a link leads: git stores that, too. */
function readContent(path: string): Buffer | string {
  return lstatSync(path).isSymbolicLink() ? `link to ${readlinkSync(path)}` : readFileSync(path);
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
