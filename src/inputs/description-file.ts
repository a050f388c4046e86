import { type FileHandle, open, realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { quoteShort } from '../base/truncate.ts';

const MAX_DESCRIPTION_FILE_BYTES = 1024 * 1024;

/**
 * Reads a text file of the workspace. `path` is relative to `root`, or absolute. Throws an Error with a whole sentence
 * if the file is missing, unreadable, not a file, over 1 MiB, or outside the workspace once links are followed.
 */
export async function readWorkspaceFile(root: string, path: string): Promise<string> {
  try {
    await using file = await open(await resolveInside(root, path));
    await checkFile(file);
    return await file.readFile('utf8');
  } catch (cause) {
    throw new Error(`${quoteShort(path)} is not read, because ${describeCause(cause)}.`, { cause });
  }
}

async function resolveInside(root: string, path: string): Promise<string> {
  const rootPath = await realpath(root);
  const realPath = await realpath(resolve(rootPath, path));
  const relativePath = relative(rootPath, realPath);
  if (relativePath === '..' || relativePath.startsWith(`..${sep}`) || isAbsolute(relativePath))
    throw new Error('it is outside the workspace');
  return realPath;
}

async function checkFile(file: FileHandle): Promise<void> {
  const stats = await file.stat();
  if (!stats.isFile()) throw new Error('it is no file');
  if (stats.size > MAX_DESCRIPTION_FILE_BYTES)
    throw new Error(`it has ${stats.size} bytes, and ${MAX_DESCRIPTION_FILE_BYTES} are the most`);
}

function describeCause(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if (!('code' in cause) || !cause.code) return cause.message;
  return cause.code === 'ENOENT' ? 'it is not there' : `it cannot be read (${cause.code})`;
}
