import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import platformPath, { type PlatformPath } from 'node:path';
import { quoteShort } from '../base/truncate.ts';

const MIB = 1024 * 1024;
const MAX_DESCRIPTION_FILE_BYTES = MIB;
/** Opening a named pipe would otherwise wait for a writer, past every time limit. Windows has no such flag. */
export const READ_WITHOUT_WAITING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Reads a text file of the workspace. `path` is relative to `root`, or absolute. Throws an Error with a whole sentence
 * if the file is missing, not read after `timeoutMs`, not a regular file, over 1 MiB, in a .git folder, or outside the
 * workspace once links are followed.
 */
export async function readWorkspaceFile(root: string, path: string, timeoutMs: number): Promise<string> {
  const timeout = AbortSignal.timeout(Math.ceil(timeoutMs));
  const expired = new Promise<never>((_, reject) => {
    timeout.addEventListener('abort', () =>
      reject(new Error(`could not be read within ${Math.round(timeoutMs / 100) / 10} s`)),
    );
  });
  try {
    return await Promise.race([readFile(root, path), expired]);
  } catch (cause) {
    throw new Error(`File ${quoteShort(path)} ${describeCause(cause)}.`, { cause });
  }
}

/**
 * Whether a path is the folder or inside it, by the rules of a platform. Both must be absolute and free of links.
 * On Windows, letter case does not matter, and a path on another drive or share is outside.
 */
export function isInside(
  folder: string,
  path: string,
  { relative, isAbsolute, sep }: PlatformPath = platformPath,
): boolean {
  const relativePath = relative(folder, path);
  return relativePath !== '..' && !relativePath.startsWith(`..${sep}`) && !isAbsolute(relativePath);
}

async function readFile(root: string, path: string): Promise<string> {
  const file = await open(await resolveInside(root, path), READ_WITHOUT_WAITING);
  try {
    await checkFile(file);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

/** The real path of a file in the workspace. Throws an Error whose message goes on after the path. */
export async function resolveInside(root: string, path: string): Promise<string> {
  const rootPath = await realpath(root);
  const realPath = await realpath(platformPath.resolve(rootPath, path));
  if (!isInside(rootPath, realPath)) throw new Error('is outside the workspace');
  // actions/checkout keeps its token there.
  if (realPath.split(platformPath.sep).includes('.git')) throw new Error('is in a .git folder');
  return realPath;
}

async function checkFile(file: FileHandle): Promise<void> {
  const stats = await file.stat();
  if (!stats.isFile()) throw new Error('is not a regular file');
  if (stats.size > MAX_DESCRIPTION_FILE_BYTES)
    throw new Error(
      `is too large (${(stats.size / MIB).toFixed(1)} MiB; at most ${MAX_DESCRIPTION_FILE_BYTES / MIB} MiB)`,
    );
}

/** Says what went wrong with a file, to go on after its path. */
export function describeCause(cause: unknown): string {
  if (!(cause instanceof Error)) return `could not be read (${String(cause)})`;
  if (!('code' in cause) || !cause.code) return cause.message;
  return cause.code === 'ENOENT' ? 'was not found in the workspace' : `could not be read (${cause.code})`;
}
