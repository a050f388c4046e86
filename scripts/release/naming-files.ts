// The files that may name the repository or its version.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { namesRepository } from './identity.ts';

/** Their texts, by path. */
export function listNamingFiles(): ReadonlyMap<string, string> {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
  });
  const paths = listed.split('\0').filter((path) => path && namesRepository(path));
  return new Map(paths.map((path) => [path, readFileSync(path, 'utf8')]));
}
