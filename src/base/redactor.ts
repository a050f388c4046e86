import { findBetweenHiddenText } from './hidden-secrets.ts';
import { type Interval, mergeIntervals, PatternFinder } from './pattern-finder.ts';
import { Unredacted } from './unredacted.ts';
import { listWrittenForms } from './written-forms.ts';

/** Replacing shorter secrets would blank out ordinary text. */
const MIN_SECRET_LENGTH = 8;
const REPLACEMENT = '***';
/** Deeper JSON than any that a service sends, and far from what would overflow the stack. */
const MAX_JSON_DEPTH = 100;
const TOO_DEEP = '…';

/**
 * Replaces secrets with `***`. Secrets that are obtained later can be added at any time. Half a secret is not
 * recognized, so text that may hold one is `Unredacted`, which can't be shortened. A secret with invisible characters in
 * between is recognized, because they may be removed later, and so is one in wrapped Base64.
 */
export class Redactor {
  /** Every line that was added. */
  readonly #lines = new Set<string>();
  /** Every such line, and its forms inside JSON, URLs, HTML and so on. */
  readonly #forms: string[] = [];
  /** Finds all forms. `undefined` until it is needed. */
  #finder: PatternFinder | undefined;

  /**
   * Adds secrets. A secret is split into lines and trimmed, because the runner masks line by line;
   * lines shorter than 8 characters are ignored. Returns the lines that were not known yet.
   */
  add(...secrets: readonly (string | Unredacted)[]): string[] {
    const lines = secrets.flatMap((secret) => revealed(secret).split(/[\r\n]+/)).map((line) => line.trim());
    const added = [...new Set(lines)].filter(
      (line) => line.length >= MIN_SECRET_LENGTH && !this.#lines.has(line),
    );
    for (const line of added) {
      this.#lines.add(line);
      this.#forms.push(...listWrittenForms(line, MIN_SECRET_LENGTH));
    }
    if (added.length) this.#finder = undefined;
    return added;
  }

  /** The text with every secret replaced, including secrets that overlap or contain each other. */
  redact(given: string | Unredacted): string {
    const text = revealed(given);
    if (text.length < MIN_SECRET_LENGTH) return text; // No written form of a secret is shorter than the secret.
    const find = (visible: string) => this.#findSecrets(visible);
    const intervals = [...find(text), ...findBetweenHiddenText(text, find)];
    if (!intervals.length) return text;
    let redacted = '';
    let position = 0;
    for (const { start, end } of mergeIntervals(intervals)) {
      redacted += text.slice(position, start) + REPLACEMENT;
      position = end;
    }
    return redacted + text.slice(position);
  }

  /**
   * A copy of a JSON value with every string redacted, also in keys. What is nested more than 100 levels deep is
   * replaced by `…`.
   */
  redactJson<T>(value: T): T {
    return this.#redactValue(value, MAX_JSON_DEPTH) as T;
  }

  /** The JSON value that a text holds, redacted. Throws a SyntaxError, which doesn't quote the text. */
  parseJson(text: Unredacted): unknown {
    return this.redactJson(parseUnredactedJson(text));
  }

  #findSecrets(text: string): readonly Interval[] {
    this.#finder ??= new PatternFinder(this.#forms);
    return this.#finder.find(text);
  }

  #redactValue(value: unknown, maxDepth: number): unknown {
    if (typeof value === 'string') return this.redact(value);
    if (typeof value !== 'object' || value === null) return value;
    if (!maxDepth) return TOO_DEEP;
    if (Array.isArray(value)) return value.map((item) => this.#redactValue(item, maxDepth - 1));
    // fromEntries, because assigning to a key such as `__proto__` would not create a property.
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [this.redact(key), this.#redactValue(item, maxDepth - 1)]),
    );
  }
}

function revealed(text: string | Unredacted): string {
  return text instanceof Unredacted ? text.reveal() : text;
}

function parseUnredactedJson(text: Unredacted): unknown {
  try {
    return JSON.parse(text.reveal());
  } catch {
    // Not the parser's own error, which quotes a piece of the text: that may be half a secret.
    throw new SyntaxError('The text is not valid JSON');
  }
}
