import { describeType, isRecord } from '../base/json.ts';
import { quoteShort } from '../base/truncate.ts';

/** Parsed entries in order, error messages, and warnings about what was probably meant differently. */
export interface KeyValues {
  readonly entries: readonly (readonly [key: string, value: unknown])[];
  readonly issues: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Parses a JSON object or lines of `key: value`. In lines, the first colon splits, a repeated key adds a value
 * (all values then form a list), and a line without a colon continues the value above. Lines that start with `- ` below
 * a key without a value are a list. Never throws.
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

/** Reads lines of `key: value` one by one. */
class LineParser {
  readonly #valuesByKey = new Map<string, string[]>();
  readonly #issues: string[] = [];
  readonly #warnings: string[] = [];
  /** The values of the key above. */
  #current: string[] | undefined;
  /** Whether the key above has no value yet, or only list items. */
  #isListAllowed = false;

  parse(text: string): KeyValues {
    for (const [index, line] of text.split(/\r?\n/).entries())
      if (line.trim()) this.#readLine(line.trim(), `line ${index + 1}`);
    const entries = [...this.#valuesByKey].map(
      ([key, values]) => [key, values.length > 1 ? values.filter((value) => value) : values[0]] as const,
    );
    return { entries, issues: this.#issues, warnings: this.#warnings };
  }

  #readLine(line: string, location: string): void {
    const item = /^-(?:\s+(.*))?$/s.exec(line);
    // As in YAML, a colon makes a key only if a space follows, so that a URL can be an item.
    const entryInItem = item && /^([^:]*):(?:\s+(.*))?$/s.exec(item[1] ?? '');
    if (entryInItem) {
      const suggestion = `${entryInItem[1]?.trim()}: ${entryInItem[2] ?? ''}`.trim();
      this.#issues.push(
        `${location}, ${quoteShort(line)}, must not start with a dash. Write: ${quoteShort(suggestion)}.`,
      );
    } else if (item && this.#current && this.#isListAllowed) this.#addValue(item[1] ?? '', location);
    else this.#readEntry(line, location);
  }

  #readEntry(line: string, location: string): void {
    const [, rawKey = '', rawValue = ''] = /^([^:]*):(.*)$/s.exec(line) ?? [];
    const key = rawKey.trim();
    const value = rawValue.trim();
    if (key) {
      if (key.startsWith('#'))
        this.#warnings.push(`${location} is not a comment: this format has no comments.`);
      this.#current = this.#valuesByKey.get(key) ?? [];
      this.#valuesByKey.set(key, this.#current);
      this.#addValue(value, location);
      this.#isListAllowed = !value;
    } else if (this.#current && !line.includes(':')) {
      this.#current.push(`${this.#current.pop() ?? ''}\n${line}`);
      this.#isListAllowed = false;
    } else
      this.#issues.push(
        `${location}, ${quoteShort(line)}, is not of the form "key: value".${/^[\w.-]+=/.test(line) ? ` Write ${quoteShort(line.replace('=', ': '))}.` : ''}`,
      );
  }

  #addValue(value: string, location: string): void {
    this.#current?.push(value);
    const problem = describeMisunderstanding(value);
    if (problem) this.#warnings.push(`${location}, ${quoteShort(value)}, ${problem}`);
  }
}

/** What was probably meant differently in a value: people expect YAML. `undefined` if nothing was. */
function describeMisunderstanding(value: string): string | undefined {
  if (/^(["']).*\1$/s.test(value) && value.length > 1)
    return 'keeps its quotes. Remove them if they are not meant.';
  if (/\s#(?:\s|$)/.test(value)) return 'keeps everything after #: this format has no comments.';
  if (/^\[.*\]$/s.test(value)) return 'is one text, not a list. Repeat the key for each value.';
  if (/^[|>][+-]?$/.test(value)) return 'is a value of its own. Start the text on the same line as the key.';
  if (/^[^\s:,]+,\s*[\w.-]+:[^\s/]+$/.test(value)) return 'is one value. Write one "key: value" per line.';
  return undefined;
}
