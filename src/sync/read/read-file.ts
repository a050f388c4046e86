import { type FileHandle, open } from 'node:fs/promises';
import { isRecord } from '../../base/json.ts';
import { describeCause, READ_WITHOUT_WAITING, resolveInside } from '../../inputs/description-file.ts';
import type { ReportCollector } from './collector.ts';
import { createDecoder, type Decoder } from './decode.ts';
import type { Format } from './format.ts';
import { type JsonItems, parseJsonItems, readJsonItems } from './json-items.ts';
import { JUnitReader } from './junit.ts';
import type { ReportFile } from './report.ts';
import { readSarif } from './sarif.ts';

const MIB = 1024 * 1024;
export const MAX_FILE_BYTES = 64 * MIB;
export const MAX_TOTAL_BYTES = 256 * MIB;
const CHUNK_BYTES = 64 * 1024;

/** How much more may be read, shared by all files of a step. */
export interface ReadBudget {
  remainingBytes: number;
  readonly signal: AbortSignal;
}

/**
 * Reads a file of the workspace into the report. Never throws: what is wrong with it becomes a problem. The rules are
 * those of `description_file`: nothing outside of the workspace or in a .git folder, and only regular files.
 */
export async function readReportFile(
  { file, workspace }: ReportFile,
  format: Format | 'auto',
  budget: ReadBudget,
  into: ReportCollector,
): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(await resolveInside(workspace, file), READ_WITHOUT_WAITING);
    const stats = await handle.stat();
    if (!stats.isFile()) throw new Error('is not a regular file');
    const bytes = stats.size;
    if (bytes > MAX_FILE_BYTES)
      into.problems.push({ kind: 'too-large', file, bytes, maxBytes: MAX_FILE_BYTES });
    else if (bytes > budget.remainingBytes)
      into.problems.push({ kind: 'too-large-together', file, maxBytes: MAX_TOTAL_BYTES });
    else {
      budget.remainingBytes -= bytes;
      await readContent(handle, { file, workspace, format, signal: budget.signal }, into);
    }
  } catch (cause) {
    if (budget.signal.aborted) throw cause;
    into.problems.push({ kind: 'unreadable', file, detail: describeCause(cause) });
  } finally {
    await handle?.close();
  }
}

interface Reading extends ReportFile {
  readonly format: Format | 'auto';
  readonly signal: AbortSignal;
}

async function readContent(handle: FileHandle, reading: Reading, into: ReportCollector): Promise<void> {
  const { file, format } = reading;
  const pieces = readPieces(handle, reading.signal);
  const first = await readStart(pieces);
  if (!first) into.problems.push({ kind: 'empty', file });
  else if (format === 'junit' || (format === 'auto' && first.startsWith('<'))) {
    const reader = new JUnitReader(reading, into);
    reader.write(first);
    for await (const piece of pieces) reader.write(piece);
    reader.close();
    into.files.add(file);
  } else {
    let text = first;
    for await (const piece of pieces) text += piece;
    readJson(text, reading, into);
  }
}

/** The text of a file in pieces. */
async function* readPieces(handle: FileHandle, signal: AbortSignal): AsyncGenerator<string, void> {
  const buffer = Buffer.alloc(CHUNK_BYTES);
  let decoder: Decoder | undefined;
  let total = 0;
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES);
    const bytes = buffer.subarray(0, bytesRead);
    decoder ??= createDecoder(bytes);
    total += bytesRead;
    if (total > MAX_FILE_BYTES) throw new Error('grew while it was read');
    yield decoder.decode(bytes, { stream: bytesRead > 0 });
    if (!bytesRead) return;
  }
}

/** The first piece that isn't blank, from its first character on: XML allows nothing before. Empty if all are blank. */
async function readStart(pieces: AsyncGenerator<string, void>): Promise<string> {
  for (;;) {
    const { value, done } = await pieces.next();
    if (done) return '';
    const text = value.trimStart();
    if (text) return text;
  }
}

function readJson(text: string, { file, workspace, format }: Reading, into: ReportCollector): void {
  const parsed = parseJson(text);
  const found = parsed.kind;
  if (found === 'unknown') into.problems.push({ kind: 'unknown-format', file });
  else if (found === 'malformed')
    into.problems.push({
      kind: 'malformed',
      file,
      format: format === 'auto' ? parsed.format : format,
      detail: parsed.detail,
    });
  else if (format !== 'auto' && format !== (found === 'other' ? 'json' : found))
    into.problems.push({ kind: 'other-format', file, expected: format });
  else if (found === 'other') into.problems.push({ kind: 'other-json', file });
  else {
    if (found === 'json') readJsonItems(parsed.items, file, into);
    if (found === 'json' || readSarif(parsed.json, { file, workspace }, into)) into.files.add(file);
  }
}

type ParsedJson =
  | { readonly kind: 'sarif'; readonly json: unknown }
  | { readonly kind: 'json'; readonly items: JsonItems }
  | { readonly kind: 'other' }
  | { readonly kind: 'malformed'; readonly format: Format; readonly detail: string }
  | { readonly kind: 'unknown' };

/** Judges by the content: a SARIF log is an object with `runs`, `version` or `$schema`; a list or lines are items. */
function parseJson(text: string): ParsedJson {
  const start = text.trimStart()[0];
  if (start !== '{' && start !== '[') return { kind: 'unknown' };
  const json = start === '{' ? tryParse(text) : undefined;
  if (isRecord(json) && ('runs' in json || 'version' in json || '$schema' in json))
    return { kind: 'sarif', json };
  // A line of its own may be an item, or the end of a list without any.
  if (isRecord(json) && (text.trim().includes('\n') || !('key' in json || 'complete' in json)))
    return { kind: 'other' };
  try {
    return { kind: 'json', items: parseJsonItems(text) };
  } catch {
    const isLog = start === '{' && /^\s*\{\s*(?:"(?:\$schema|version|runs)"|$)/.test(text.slice(0, 1000));
    return {
      kind: 'malformed',
      format:
        isLog || (start === '{' && /"(?:runs|\$schema)"\s*:/.test(text.slice(0, 10_000))) ? 'sarif' : 'json',
      // The parser's own message quotes the text.
      detail: 'it is cut off, or is not valid JSON',
    };
  }
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
