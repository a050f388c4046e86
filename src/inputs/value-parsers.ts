import { stripControlCharacters } from '../base/log-text.ts';
import { didYouMean, suggest } from '../base/suggest.ts';
import { quoteShort } from '../base/truncate.ts';
import type { Unredacted } from '../base/unredacted.ts';
import { UUID_PATTERN } from '../datadog/entities.ts';

/** A parsed value, and messages about it. */
export interface ParseResult<T> {
  /** With issues, the valid entries of a list; for other inputs a placeholder. */
  readonly value: T;
  /** What can't be used, and what is allowed. */
  readonly issues: readonly string[];
  /** What was probably meant differently. The value is used anyway. */
  readonly warnings?: readonly string[];
}

/** Parses the trimmed text of an input. `nowMs` is the time in milliseconds since 1970. Never throws. */
export type ValueParser<T> = (text: string, nowMs: number) => ParseResult<T> | Promise<ParseResult<T>>;

/** Accepts any text. */
export function parseText(text: string): ParseResult<string> {
  return { value: text, issues: [] };
}

/** Accepts any text and makes it lower case. */
export function parseLowerCase(text: string): ParseResult<string> {
  return { value: text.toLowerCase(), issues: [] };
}

/** Accepts a key or token, or nothing. Only rejects what can't be one, or be sent in a header. The issue doesn't repeat it. */
export function parseSecret(secret: Unredacted): ParseResult<Unredacted> {
  const text = secret.reveal();
  const reject = (issue: string) => ({ value: secret, issues: [issue] });
  if (/^(['"`]).*\1$/.test(text))
    return reject('begins and ends with a quotation mark. Save the secret without the quotation marks.');
  if (/^\$?\{\{|^(?:secrets|env|vars|inputs)\.\w+$/.test(text))
    return reject('is the text of an expression, not its value. Write `${{ secrets.NAME }}`.');
  if (/^[\x20-\x7e]*$/.test(text)) return { value: secret, issues: [] };
  return reject('contains a line break or an invalid character. Copy the secret again.');
}

/**
 * Accepts any text and makes it one line without control and invisible characters: line breaks and the spaces around
 * them become one space.
 */
export function parseLine(text: string): ParseResult<string> {
  const lines = stripControlCharacters(text)
    .split(/[\n\v\f\r\u0085\u2028\u2029]+/)
    .map((line) => line.trim());
  return { value: lines.filter((line) => line).join(' '), issues: [] };
}

/** A parser for text that must not be empty. `issue` is the message if it is. */
export function requiredText(issue: string): (text: string) => ParseResult<string> {
  return (text) => ({ value: text, issues: text ? [] : [issue] });
}

/** A parser for one of the choices, in upper or lower case. The placeholder of an invalid value is the first one. */
export function choice<const T extends string>(
  choices: readonly [T, ...T[]],
): (text: string) => ParseResult<T> {
  return (text) => {
    const value = choices.find((candidate) => candidate.toLowerCase() === text.toLowerCase());
    if (value !== undefined) return { value, issues: [] };
    const hint = didYouMean(suggest(text, choices));
    const issue = `${quoteShort(text)} is not valid.${hint} Use one of: ${choices.join(', ')}.`;
    return { value: choices[0], issues: [issue] };
  };
}

/** Accepts `true` or `false`, in upper or lower case. */
export function parseBoolean(text: string): ParseResult<boolean> {
  const { value, issues } = parseBooleanName(text);
  return { value: value === 'true', issues };
}
const parseBooleanName = choice(['true', 'false']);

/** A parser for a whole number from `min` to `max`, both included. */
export function integer({
  min,
  max = Number.MAX_SAFE_INTEGER,
  unit = '',
}: {
  min: number;
  max?: number;
  /** In the plural, for the message about an invalid value. */
  unit?: string;
}): (text: string) => ParseResult<number> {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return { value, issues: [] };
    const number = `a whole number${unit && ` of ${unit}`}`;
    const allowed =
      max < Number.MAX_SAFE_INTEGER ? `${number} from ${min} to ${max}` : `${number}, at least ${min}`;
    return { value: min, issues: [`${quoteShort(text)} is not valid. Use ${allowed}.`] };
  };
}

/** Accepts what `parse` accepts, or nothing. */
export function optional<T>(
  parse: (text: string) => ParseResult<T>,
): (text: string) => ParseResult<T | undefined> {
  return (text) => (text ? parse(text) : { value: undefined, issues: [] });
}

/** A parser for a whole number of seconds from 1 to `max`. The value is in milliseconds. */
export function secondsToMs({ max }: { max: number }): (text: string) => ParseResult<number> {
  const parseSeconds = integer({ min: 1, max, unit: 'seconds' });
  return (text) => {
    const { value: seconds, issues } = parseSeconds(text);
    return { value: seconds * 1000, issues };
  };
}

/** A parser for a whole number of hours from 0 to `max`. The value is in milliseconds. */
export function hoursToMs({ max }: { max: number }): (text: string) => ParseResult<number> {
  const parseHours = integer({ min: 0, max, unit: 'hours' });
  return (text) => {
    const { value: hours, issues } = parseHours(text);
    return { value: hours * 3_600_000, issues };
  };
}

/** Accepts a user's UUID or e-mail address, or nothing. */
export function parseAssignee(text: string): ParseResult<string> {
  const issue = `${quoteShort(text)} is not valid. Use an e-mail address or a user's UUID.`;
  return { value: text, issues: !text || isUser(text) ? [] : [issue] };
}

/** Whether the text has the form of a user's UUID or e-mail address. */
export function isUser(text: string): boolean {
  return UUID_PATTERN.test(text) || /^[^\s@]+@[^\s@]+$/.test(text);
}
