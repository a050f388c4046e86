import { isRecord } from './json.ts';
import { stripControlCharacters } from './log-text.ts';
import { splitAtHiddenText, toPositionInWhole } from './visible-pieces.ts';

/** Replacing shorter secrets would blank out ordinary text. */
const MIN_SECRET_LENGTH = 8;
const REPLACEMENT = '***';

/** Positions in a text; `end` is exclusive. */
interface Interval {
  readonly start: number;
  end: number;
}

/**
 * Replaces secrets with `***`. Secrets that are obtained later can be added at any time.
 * Redact before shortening a text: half a secret is not recognized. A secret with invisible characters in between is
 * recognized, because they may be removed later.
 */
export class Redactor {
  /** Every line that was added. */
  readonly #lines = new Set<string>();
  /** Every such line, and its forms inside JSON, URLs and HTML. */
  readonly #patterns = new Set<string>();

  /**
   * Adds secrets. A secret is split into lines and trimmed, because the runner masks line by line;
   * lines shorter than 8 characters are ignored. Returns the lines that were not known yet.
   */
  add(...secrets: readonly string[]): string[] {
    const lines = secrets.flatMap((secret) => secret.split(/[\r\n]+/)).map((line) => line.trim());
    const added = [...new Set(lines)].filter(
      (line) => line.length >= MIN_SECRET_LENGTH && !this.#lines.has(line),
    );
    for (const line of added) {
      this.#lines.add(line);
      for (const form of listWrittenForms(line)) this.#patterns.add(form);
    }
    return added;
  }

  /** The text with every secret replaced, including secrets that overlap or contain each other. */
  redact(text: string): string {
    if (text.length < MIN_SECRET_LENGTH) return text; // No written form of a secret is shorter than the secret.
    const intervals = [...this.#findSecrets(text), ...this.#findInterruptedSecrets(text)];
    if (!intervals.length) return text;
    let redacted = '';
    let position = 0;
    for (const { start, end } of mergeIntervals(intervals)) {
      redacted += text.slice(position, start) + REPLACEMENT;
      position = end;
    }
    return redacted + text.slice(position);
  }

  /** A copy of a JSON value with every string redacted, at any depth and in keys as well. */
  redactJson<T>(value: T): T {
    return (this.#patterns.size ? this.#redactValue(value) : value) as T;
  }

  #findSecrets(text: string): Interval[] {
    return [...this.#patterns].flatMap((pattern) => findIntervals(text, pattern));
  }

  /** Where secrets are in the text that is left after hidden text is removed. */
  #findInterruptedSecrets(text: string): Interval[] {
    const pieces = splitAtHiddenText(text);
    if (pieces.length < 2) return [];
    const intervals = this.#findSecrets(pieces.map((piece) => piece.text).join(''));
    return intervals.map(({ start, end }) => ({
      start: toPositionInWhole(pieces, start),
      end: toPositionInWhole(pieces, end - 1) + 1,
    }));
  }

  #redactValue(value: unknown): unknown {
    if (typeof value === 'string') return this.redact(value);
    if (Array.isArray(value)) return value.map((item) => this.#redactValue(item));
    if (!isRecord(value)) return value;
    // fromEntries, because assigning to a key such as `__proto__` would not create a property.
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [this.redact(key), this.#redactValue(item)]),
    );
  }
}

/**
 * The secret as plain text, in capitals or small letters, in Base64, inside JSON (also twice), URLs, forms and HTML, and
 * without what a log would hide.
 */
function listWrittenForms(secret: string): string[] {
  const escapeJson = (text: string) => JSON.stringify(text).slice(1, -1);
  const toWritten = (text: string) => {
    const json = escapeJson(text);
    // encodeURIComponent throws on lone surrogates.
    const url = encodeURIComponent(text.toWellFormed());
    const lowerUrl = url.replace(/%../g, (code) => code.toLowerCase());
    const form = new URLSearchParams([['', text]]).toString().slice(1);
    return [
      text,
      json,
      escapeJson(json),
      json.replaceAll('/', '\\/'),
      url,
      lowerUrl,
      form,
      url.replaceAll("'", '%27'),
      json.replace(/[<>&']/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`),
      ...escapeHtml(text),
    ];
  };
  const visible = stripControlCharacters(secret);
  const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
  return [
    ...toWritten(secret),
    ...(visible.length >= MIN_SECRET_LENGTH ? toWritten(visible) : []),
    secret.toUpperCase(),
    secret.toLowerCase(),
    base64,
  ];
}

/** The usual spellings of the text inside HTML. */
function escapeHtml(text: string): string[] {
  const html = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const quoted = html.replaceAll('"', '&quot;');
  return [
    html,
    quoted,
    ...['&#39;', '&#039;', '&#x27;', '&apos;'].map((quote) => quoted.replaceAll("'", quote)),
    html.replaceAll('"', '&#34;').replaceAll("'", '&#39;'),
  ];
}

/** Where the pattern occurs in the text, in order. Occurrences that overlap or touch are merged. */
function findIntervals(text: string, pattern: string): Interval[] {
  const intervals: Interval[] = [];
  let start = text.indexOf(pattern);
  while (start >= 0) {
    appendInterval(intervals, { start, end: start + pattern.length });
    start = text.indexOf(pattern, start + 1);
  }
  return intervals;
}

function mergeIntervals(intervals: readonly Interval[]): Interval[] {
  const merged: Interval[] = [];
  for (const interval of intervals.toSorted((a, b) => a.start - b.start)) appendInterval(merged, interval);
  return merged;
}

/** Appends an interval, or extends the last one if they overlap or touch. */
function appendInterval(intervals: Interval[], { start, end }: Interval): void {
  const last = intervals.at(-1);
  if (last && start <= last.end) last.end = Math.max(last.end, end);
  else intervals.push({ start, end });
}
