import { access, glob } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { Problem } from './problems.ts';

/** The most files of one step. */
const MAX_FILES = 5000;

interface FoundFiles {
  /** Relative to the workspace, with forward slashes, in alphabetical order. */
  readonly files: readonly string[];
  readonly problems: readonly Problem[];
}

/**
 * The files that the lines of `files` name: paths, or patterns as in a shell. Folders that match a pattern are left out.
 * A path without special characters counts even if the file is missing, so that reading it says why.
 */
export async function findFiles(
  workspace: string,
  patterns: readonly string[],
  signal: AbortSignal,
): Promise<FoundFiles> {
  const found = new Set<string>();
  const problems: Problem[] = [];
  for (const pattern of patterns) {
    const expanded = isPattern(pattern) ? await expand(workspace, pattern, signal) : [];
    const isPath = !isPattern(pattern) || (!expanded.length && (await exists(workspace, pattern)));
    const matches = isPath ? [pattern] : expanded;
    if (!matches.length) problems.push({ kind: 'no-match', pattern });
    for (const match of matches) found.add(toRelative(workspace, match));
  }
  const files = [...found].sort();
  if (files.length > MAX_FILES)
    problems.push({ kind: 'too-many-files', count: files.length, max: MAX_FILES });
  return { files: files.slice(0, MAX_FILES), problems };
}

function isPattern(text: string): boolean {
  return /[*?[\]{}]/.test(text);
}

/** Whether there is a file of this name, such as `app/[id]/report.xml`. */
async function exists(workspace: string, path: string): Promise<boolean> {
  return access(resolve(workspace, path)).then(
    () => true,
    () => false,
  );
}

async function expand(workspace: string, pattern: string, signal: AbortSignal): Promise<string[]> {
  const matches: string[] = [];
  for await (const entry of glob(pattern, { cwd: workspace, withFileTypes: true })) {
    signal.throwIfAborted();
    if (!entry.isDirectory()) matches.push(resolve(entry.parentPath, entry.name));
    if (matches.length > MAX_FILES) break;
  }
  return matches;
}

function toRelative(workspace: string, path: string): string {
  const absolute = isAbsolute(path) ? path : resolve(workspace, path);
  const inWorkspace = relative(workspace, absolute);
  return (inWorkspace.startsWith('..') ? absolute : inWorkspace).split(sep).join('/');
}
