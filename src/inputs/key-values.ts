import { describeType, isRecord } from '../base/json.ts';
import { quoteShort } from '../base/truncate.ts';

/** Parsed entries in order, error messages, and warnings about what was probably meant differently. */
interface KeyValues {
  readonly entries: readonly (readonly [key: string, value: unknown])[];
  readonly issues: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Parses a JSON object or lines of `key: value`. In lines, the first colon splits, a repeated key adds a value
 * (all values then form a list), and a line without a colon continues the value above. Lines that start with `- ` below
 * a key without a value are a list, and so is `[a, b]`. Quotes around a whole value are not part of it. Lines that can't
 * be read are issues; the others count. Never throws.
 */
export async function parseKeyValues(text: string): Promise<KeyValues> {
  if (!text) return { entries: [], issues: [], warnings: [] };
  if (!/^[{["]/.test(text)) return new LineParser().parse(text);
  const json = await parseJson(text);
  if ('issue' in json) return { entries: [], issues: [json.issue], warnings: [] };
  if (isRecord(json.value)) return { entries: Object.entries(json.value), issues: [], warnings: [] };
  const issue = `must be a JSON object or lines of "key: value", got ${describeType(json.value)}.`;
  return { entries: [], issues: [issue], warnings: [] };
}

async function parseJson(text: string): Promise<{ value: unknown } | { issue: string }> {
  try {
    return { value: JSON.parse(text) };
  } catch {
    const { describeJsonProblem } = await import(/* webpackChunkName: "json-problem" */ './json-problem.ts');
    return { issue: describeJsonProblem(text) };
  }
}

/** A key and its values as they are written. */
interface Entry {
  readonly key: string;
  /** The spaces before it. */
  readonly indent: number;
  readonly values: string[];
}

/** Reads lines of `key: value` one by one. */
class LineParser {
  readonly #entries = new Map<string, Entry>();
  readonly #issues: string[] = [];
  readonly #warnings: string[] = [];
  /** The key above. */
  #current: Entry | undefined;
  /** Whether the key above has no value yet, or only list items. */
  #isListAllowed = false;
  /** The last key without a value, while the lines below it are indented. */
  #parent: Entry | undefined;

  parse(text: string): KeyValues {
    for (const [index, line] of text.split(/\r?\n/).entries())
      if (line.trim()) this.#readLine(line, `line ${index + 1}`);
    const entries = [...this.#entries.values()].map(({ key, values }) => [key, readValues(values)] as const);
    return { entries, issues: this.#issues, warnings: this.#warnings };
  }

  #readLine(rawLine: string, location: string): void {
    const line = rawLine.trim();
    const item = /^-(?:\s+(.*))?$/s.exec(line);
    // As in YAML, a colon makes a key only if a space follows, so that a URL can be an item.
    const entryInItem = item && /^([^:"']*):(?:\s+(.*))?$/s.exec(item[1] ?? '');
    if (entryInItem) {
      const suggestion = `${entryInItem[1]?.trim()}: ${entryInItem[2] ?? ''}`.trim();
      this.#issues.push(
        `${location}, ${quoteShort(line)}, must not start with a dash. Write: ${quoteShort(suggestion)}.`,
      );
    } else if (item && this.#current && this.#isListAllowed) this.#addValue(item[1] ?? '', location);
    else this.#readEntry(line, { location, indent: rawLine.length - rawLine.trimStart().length });
  }

  #readEntry(line: string, { location, indent }: { location: string; indent: number }): void {
    const [, rawKey = '', rawValue = ''] = /^([^:]*):(.*)$/s.exec(line) ?? [];
    const key = rawKey.trim();
    const value = rawValue.trim();
    if (key) {
      this.#warnAboutKey(line, { key, value, location, indent });
      this.#current = this.#entries.get(key) ?? { key, indent, values: [] };
      this.#entries.set(key, this.#current);
      this.#addValue(value, location);
      this.#isListAllowed = !value;
      if (!value) this.#parent = { ...this.#current, indent };
    } else if (this.#current && !line.includes(':')) {
      this.#current.values.push(`${this.#current.values.pop() ?? ''}\n${line}`);
      this.#isListAllowed = false;
    } else
      this.#issues.push(
        `${location}, ${quoteShort(line)}, is not of the form "key: value".${/^[\w.-]+=/.test(line) ? ` Write ${quoteShort(line.replace('=', ': '))}.` : ''}`,
      );
  }

  #warnAboutKey(
    line: string,
    { key, value, location, indent }: { key: string; value: string; location: string; indent: number },
  ): void {
    if (key.startsWith('#'))
      this.#warnings.push(`${location} is not a comment: this format has no comments.`);
    if (this.#parent && indent <= this.#parent.indent) this.#parent = undefined;
    if (!this.#parent) return;
    const suggestion = quoteShort(`${this.#parent.key}: ${value}`.trim());
    this.#warnings.push(
      `${location}, ${quoteShort(line)}, is read as a key of its own: keys can't be nested. To set ${quoteShort(this.#parent.key)}, write ${suggestion}.`,
    );
  }

  #addValue(value: string, location: string): void {
    this.#current?.values.push(value);
    const problem = describeMisunderstanding(value);
    if (problem) this.#warnings.push(`${location}, ${quoteShort(value)}, ${problem}`);
  }
}

/** One value, or a list of several without the empty ones. */
function readValues(texts: readonly string[]): string | string[] {
  const values = texts.map(readValue);
  const [first = ''] = values;
  return values.length > 1 ? values.flat().filter((value) => value) : first;
}

/** A value without the quotes around it, or a list of such values. `null`, as toJSON() writes it, is empty. */
function readValue(text: string): string | string[] {
  if (text === 'null') return '';
  return unquote(text) ?? readList(text) ?? text;
}

/** The text in double quotes, as in JSON, or in single quotes, as in YAML; `undefined` if it isn't in quotes. */
function unquote(text: string): string | undefined {
  if (/^'(?:[^']|'')*'$/.test(text)) return text.slice(1, -1).replaceAll("''", "'");
  if (!/^".*"$/s.test(text)) return undefined;
  try {
    return String(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The items of `[a, "b"]`; `undefined` if the text is anything else, or has lists in it. */
function readList(text: string): string[] | undefined {
  if (!/^\[.*\]$/s.test(text)) return undefined;
  const item = /\s*(?:("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*|([^\s,[\]{}"'][^,[\]{}]*)|)(?:,|$)/y;
  const inner = text.slice(1, -1);
  const items: string[] = [];
  while (item.lastIndex < inner.length) {
    const match = item.exec(inner);
    if (!match) return undefined;
    const [, quoted = '', plain = ''] = match;
    const value = quoted ? (unquote(quoted) ?? quoted) : plain.trim();
    if (quoted ? value : value && value !== 'null') items.push(value);
  }
  return items;
}

/** What was probably meant differently in a value: people expect YAML. `undefined` if nothing was. */
function describeMisunderstanding(value: string): string | undefined {
  if (unquote(value) !== undefined) return undefined;
  if (/^"(?:[^"\\]|\\.)*"$/.test(value)) return 'keeps its quotes, because it is not a valid JSON string.';
  if (/\s#(?:\s|$)/.test(value)) return 'keeps everything after #: this format has no comments.';
  if (/^\[.*\]$/s.test(value) && !readList(value))
    return 'is one text, not a list. Write a list such as ["a", "b"].';
  if (/^[|>][+-]?$/.test(value)) return 'is a value of its own. Start the text on the same line as the key.';
  if (/^[^\s:,]+,\s*[\w.-]+:[^\s/]+$/.test(value)) return 'is one value. Write one "key: value" per line.';
  return undefined;
}
