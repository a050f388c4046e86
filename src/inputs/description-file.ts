import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import platformPath, { type PlatformPath } from 'node:path';
import { mayBeWrapped } from '../base/hidden-secrets.ts';
import { quoteShort } from '../base/truncate.ts';
import { Unredacted } from '../base/unredacted.ts';

const MIB = 1024 * 1024;
const MAX_DESCRIPTION_FILE_BYTES = MIB;
/** Secrets are shorter. */
const MAX_SECRET_CHARS = 64 * 1024;
/** Opening a named pipe would otherwise wait for a writer, past every time limit. Windows has no such flag. */
export const READ_WITHOUT_WAITING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** The text of a file. */
export interface WorkspaceFile {
  readonly text: Unredacted;
  /** What is wrong with the text, in whole sentences. */
  readonly problems: readonly string[];
}

/**
 * Reads a text file of the workspace: UTF-8, or UTF-16 if its byte order mark says so. `path` is relative to `root`, or
 * absolute. Of a file over 1 MiB, that much is read. Throws an Error with a whole sentence if the file is missing, not
 * read after `timeoutMs`, not a regular file, in a .git folder, or outside the workspace once links are followed.
 */
export async function readWorkspaceFile(
  root: string,
  path: string,
  timeoutMs: number,
): Promise<WorkspaceFile> {
  const timeout = AbortSignal.timeout(Math.ceil(timeoutMs));
  const expired = new Promise<never>((_, reject) => {
    timeout.addEventListener('abort', () =>
      reject(new Error(`could not be read within ${Math.round(timeoutMs / 100) / 10} s`)),
    );
  });
  try {
    const { text, problems } = await Promise.race([readFile(root, path), expired]);
    return { text, problems: problems.map((problem) => `File ${quoteShort(path)} ${problem}.`) };
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

async function readFile(root: string, path: string): Promise<WorkspaceFile> {
  const file = await open(await resolveInside(root, path), READ_WITHOUT_WAITING);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new Error('is not a regular file');
    const bytes = await readStart(file);
    const isCut = stats.size > bytes.length;
    const { text, problems } = decode(bytes, isCut);
    if (!isCut) return { text: new Unredacted(text), problems };
    const size = `${(stats.size / MIB).toFixed(1)} MiB`;
    const cut = `is too large (${size}): only the first ${MAX_DESCRIPTION_FILE_BYTES / MIB} MiB is used`;
    return { text: new Unredacted(dropPartialText(text)), problems: [cut, ...problems] };
  } finally {
    await file.close();
  }
}

/** The first bytes of a file, as many as a description may have. */
async function readStart(file: FileHandle): Promise<Buffer> {
  const buffer = Buffer.alloc(MAX_DESCRIPTION_FILE_BYTES);
  let length = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length);
    if (!bytesRead) return buffer.subarray(0, length);
    length += bytesRead;
  }
}

/**
 * The text without its last line, which was cut off, and without lines of Base64 that it may continue: part of a secret
 * in them would not be recognized.
 */
function dropPartialText(text: string): string {
  const minChars = Math.max(0, text.length - MAX_SECRET_CHARS);
  let end = Math.max(minChars, text.lastIndexOf('\n'));
  while (end > minChars && mayBeWrapped(text.slice(Math.max(0, end - 61), end)))
    end = Math.max(minChars, text.lastIndexOf('\n', end - 1));
  return text.slice(0, end);
}

/** Decodes text without its byte order mark. If it was cut off, half a character at its end is left out. */
function decode(bytes: Buffer, isCut: boolean): { text: string; problems: string[] } {
  const [first, second] = bytes;
  const isLittleEndian = first === 0xff && second === 0xfe;
  const isBigEndian = first === 0xfe && second === 0xff;
  const encoding = isLittleEndian ? 'utf-16le' : isBigEndian ? 'utf-16be' : 'utf-8';
  const options = { stream: isCut };
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes, options), problems: [] };
  } catch {
    const problem = `is not valid ${isLittleEndian || isBigEndian ? 'UTF-16' : 'UTF-8'}: \ufffd stands for what could not be read`;
    return { text: new TextDecoder(encoding).decode(bytes, options), problems: [problem] };
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

/** Says what went wrong with a file, to go on after its path. */
export function describeCause(cause: unknown): string {
  if (!(cause instanceof Error)) return `could not be read (${String(cause)})`;
  if (!('code' in cause) || !cause.code) return cause.message;
  return cause.code === 'ENOENT' ? 'was not found in the workspace' : `could not be read (${cause.code})`;
}
