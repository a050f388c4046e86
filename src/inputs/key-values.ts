import { describeType, isRecord } from '../base/json.ts';
import { quoteShort } from '../base/truncate.ts';

/** Parsed entries in order, and error messages. */
export interface KeyValues {
  readonly entries: readonly (readonly [key: string, value: unknown])[];
  readonly issues: readonly string[];
}

const EXCERPT_CHARS = 20;

/**
 * Parses a JSON object or lines of `key: value`. In lines, the first colon splits, a repeated key adds a value
 * (all values then form a list), and a line without a colon continues the value above. Never throws.
 */
export async function parseKeyValues(text: string): Promise<KeyValues> {
  if (!text) return { entries: [], issues: [] };
  if (!/^[{["]/.test(text)) return parseLines(text);
  const json = await parseJson(text);
  if ('issue' in json) return { entries: [], issues: [json.issue] };
  if (isRecord(json.value)) return { entries: Object.entries(json.value), issues: [] };
  const issue = `must be a JSON object or lines of "key: value", but is ${describeType(json.value)}.`;
  return { entries: [], issues: [issue] };
}

function parseLines(text: string): KeyValues {
  const valuesByKey = new Map<string, string[]>();
  const issues: string[] = [];
  let current: string[] | undefined;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (!line.trim()) continue;
    const [, rawKey = '', value = ''] = /^([^:]*):(.*)$/s.exec(line) ?? [];
    const key = rawKey.trim();
    if (key) {
      current = valuesByKey.get(key) ?? [];
      current.push(value.trim());
      valuesByKey.set(key, current);
    } else if (current && !line.includes(':')) current.push(`${current.pop() ?? ''}\n${line.trim()}`);
    else issues.push(`line ${index + 1}, ${quoteShort(line.trim())}, is not of the form "key: value".`);
  }
  const entries = [...valuesByKey].map(
    ([key, values]) => [key, values.length > 1 ? values.filter((value) => value) : values[0]] as const,
  );
  return { entries, issues };
}

async function parseJson(text: string): Promise<{ value: unknown } | { issue: string }> {
  try {
    return { value: JSON.parse(text) };
  } catch {
    // V8's message does not always contain a position, so find it with a second parser, loaded only here.
    const { parse } = await import('jsonc-parser');
    const errors: { offset: number; error: number; length: number }[] = [];
    parse(text, errors, { disallowComments: true });
    const location = describeLocation(text, errors[0]?.offset ?? text.length);
    const hint =
      'If an expression put a quote or a line break in, write lines of "key: value" instead, or toJSON() in the expression.';
    return { issue: `is not valid JSON: it breaks at ${location}. ${hint}` };
  }
}

function describeLocation(text: string, offset: number): string {
  const preceding = text.slice(0, offset).split('\n');
  const column = (preceding.at(-1)?.length ?? 0) + 1;
  const before = text.slice(Math.max(0, offset - EXCERPT_CHARS), offset);
  const excerpt = `${before}⟨here⟩${text.slice(offset, offset + EXCERPT_CHARS)}`;
  return `line ${preceding.length}, column ${column}, near ${excerpt.replace(/\s+/g, ' ').trim()}`;
}
