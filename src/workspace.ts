import { open, realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';

/** Bytes that a description's file may have. */
export const LARGEST = 1024 * 1024;

/**
 * Reads a text file of the workspace. Throws an Error that says, fit to follow "because", why it cannot be had:
 * missing, unreadable, no file, over 1 MiB, or outside the workspace once links are followed.
 */
export async function readText(root: string, path: string): Promise<string> {
  try {
    const home = await realpath(root);
    const real = await realpath(resolve(home, path));
    const inside = relative(home, real);
    if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside))
      throw new Error('it is outside the workspace');
    await using file = await open(real);
    const { size } = await file.stat().then((found) => {
      if (!found.isFile()) throw new Error('it is no file');
      return found;
    });
    if (size > LARGEST) throw new Error(`it has ${size} bytes, and ${LARGEST} are the most`);
    return await file.readFile('utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') throw new Error('it is not there', { cause: error });
    if (code) throw new Error(`it cannot be read (${code})`, { cause: error });
    throw error;
  }
}
