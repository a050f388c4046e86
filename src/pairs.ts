import { isRecord } from './json.ts';
import { quote } from './text.ts';

/** The pairs in an input, in their order, and the words for all that is wrong with its form. */
export interface Pairs {
  readonly entries: readonly (readonly [string, unknown])[];
  readonly problems: readonly string[];
}

/** Reads pairs in either form that people write them: a JSON object, or lines of `key: value`. */
export async function parsePairs(text: string): Promise<Pairs> {
  if (!text) return { entries: [], problems: [] };
  if (!/^[{["]/.test(text)) return parseLines(text);
  const json = await parseJson(text);
  if ('problem' in json) return { entries: [], problems: [json.problem] };
  if (isRecord(json.value)) return { entries: Object.entries(json.value), problems: [] };
  return {
    entries: [],
    problems: [`must be a JSON object or lines of "key: value", but is ${formOf(json.value)}.`],
  };
}

/** Lines of `key: value`. The first colon splits; a key that comes again adds a value; a line without a colon goes on with the value above. */
function parseLines(text: string): Pairs {
  const found = new Map<string, string[]>();
  const problems: string[] = [];
  let last: string[] | undefined;
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (!line.trim()) continue;
    const [, key = '', value = ''] = /^([^:]*):(.*)$/s.exec(line) ?? [];
    if (key.trim()) {
      last = found.get(key.trim()) ?? [];
      last.push(value.trim());
      found.set(key.trim(), last);
    } else if (last && !line.includes(':')) last.push(`${last.pop() ?? ''}\n${line.trim()}`);
    else problems.push(`line ${at + 1}, ${quote(line.trim())}, is not of the form "key: value".`);
  }
  return {
    entries: [...found].map(([key, values]) => [
      key,
      values.length > 1 ? values.filter((one) => one) : values[0],
    ]),
    problems,
  };
}

/** Parses JSON, or says where it breaks, shows the spot, and names the ways out. */
async function parseJson(text: string): Promise<{ value: unknown } | { problem: string }> {
  try {
    return { value: JSON.parse(text) };
  } catch {
    // V8 does not always say where. Loaded only here, since most steps never need it.
    const { parse: locate } = await import('jsonc-parser');
    const errors: { offset: number; error: number; length: number }[] = [];
    locate(text, errors, { disallowComments: true });
    const where = spot(text, errors[0]?.offset ?? text.length);
    const ways =
      'If an expression put a quote or a line break in, write lines of "key: value" instead, or toJSON() in the expression.';
    return { problem: `is not valid JSON: it breaks at ${where}. ${ways}` };
  }
}

function spot(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  const column = (before.at(-1)?.length ?? 0) + 1;
  const near = `${text.slice(Math.max(0, offset - 20), offset)}⟨here⟩${text.slice(offset, offset + 20)}`;
  return `line ${before.length}, column ${column}, near ${near.replace(/\s+/g, ' ').trim()}`;
}

/** A value as JSON, short enough for a message. */
export function show(value: unknown): string {
  return value === undefined ? 'missing' : (JSON.stringify(value) ?? String(value)).slice(0, 80);
}

/** What form a value has, in words. */
export function formOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return isRecord(value) ? 'an object' : show(value);
}
