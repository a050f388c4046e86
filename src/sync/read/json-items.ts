import { asString, isRecord } from '../../base/json.ts';
import type { ReportCollector, ToolCollector } from './collector.ts';
import { addProblem } from './problems.ts';
import { DEFAULT_SEVERITY, parseSeverity } from './severity.ts';

/** The items of a JSON report, and whether it says that there are no more. */
export interface JsonItems {
  readonly entries: readonly unknown[];
  readonly isComplete: boolean;
}

/**
 * Parses a list of items, or a line for each of them. Lines must end with `{"complete": true}`: otherwise nobody could
 * tell whether the end is missing. Throws SyntaxError.
 */
export function parseJsonItems(text: string): JsonItems {
  if (text.trimStart().startsWith('[')) {
    const list: unknown = JSON.parse(text);
    return { entries: Array.isArray(list) ? list : [], isComplete: true };
  }
  const entries: unknown[] = [];
  let isComplete = false;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (!line.trim()) continue;
    const value = parseLine(line, index + 1);
    isComplete = isRecord(value) && value.complete === true && value.key === undefined;
    if (!isComplete) entries.push(value);
  }
  return { entries, isComplete };
}

/** Throws SyntaxError, without a piece of the text. */
function parseLine(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new SyntaxError(`line ${number} is not JSON`);
  }
}

/** Adds items of the form `{key, title, severity?, description?, url?}`. */
export function readJsonItems({ entries, isComplete }: JsonItems, file: string, into: ReportCollector): void {
  const collector = into.tool(file, { format: 'json', tool: '', category: '' });
  if (!isComplete) collector.problems.push({ kind: 'not-marked-complete', file });
  for (const [index, entry] of entries.entries())
    if (!addItem(entry, file, collector))
      addProblem(collector.problems, { kind: 'malformed-entry', file, position: index + 1 });
}

/** Returns whether it is an item. */
function addItem(entry: unknown, file: string, collector: ToolCollector): boolean {
  if (!isRecord(entry)) return false;
  const key = typeof entry.key === 'number' ? String(entry.key) : asString(entry.key).trim();
  if (!key) return false;
  const title = asString(entry.title).trim() || key;
  collector.add(file, {
    parts: [key],
    title,
    severity: parseSeverity(entry.severity) ?? DEFAULT_SEVERITY,
    details: asString(entry.description),
    url: asString(entry.url),
    member: { id: key, name: '', path: '', line: undefined, message: title },
  });
  return true;
}
