import { stripControlCharacters } from '../base/log-text.ts';
import { quoteShort } from '../base/truncate.ts';
import { UUID_PATTERN } from '../datadog/ids.ts';

/** A parsed value and its error messages. With any message, the value is only a placeholder. */
export interface ParseResult<T> {
  readonly value: T;
  readonly issues: readonly string[];
}

/** Parses the trimmed text of an input. Never throws. */
export type ValueParser<T> = (text: string) => ParseResult<T> | Promise<ParseResult<T>>;

/** Accepts any text. */
export function parseText(text: string): ParseResult<string> {
  return { value: text, issues: [] };
}

/** Accepts any text, as one line without control and invisible characters: titles often come from commit messages. */
export function parseTitle(text: string): ParseResult<string> {
  const lines = stripControlCharacters(text).split('\n');
  const filled = lines.map((line) => line.trim()).filter((line) => line);
  return { value: filled.join(' '), issues: [] };
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
    const issue = `${quoteShort(text)} will not do; use one of ${choices.join(', ')}.`;
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
}: {
  min: number;
  max?: number;
}): (text: string) => ParseResult<number> {
  return (text) => {
    const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= min && number <= max) return { value: number, issues: [] };
    const range = max < Number.MAX_SAFE_INTEGER ? `${min} to ${max}` : `${min} up`;
    return { value: min, issues: [`${quoteShort(text)} will not do; use a whole number from ${range}.`] };
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
  const parseSeconds = integer({ min: 1, max });
  return (text) => {
    const { value: seconds, issues } = parseSeconds(text);
    return { value: seconds * 1000, issues };
  };
}

/** A parser for a whole number of hours from 0 to `max`. The value is in milliseconds. */
export function hoursToMs({ max }: { max: number }): (text: string) => ParseResult<number> {
  const parseHours = integer({ min: 0, max });
  return (text) => {
    const { value: hours, issues } = parseHours(text);
    return { value: hours * 3_600_000, issues };
  };
}

/** Accepts a user's UUID or e-mail address, or nothing. */
export function parseAssignee(text: string): ParseResult<string> {
  const isValid = !text || UUID_PATTERN.test(text) || /^[^\s@]+@[^\s@]+$/.test(text);
  const issue = `${quoteShort(text)} is neither a UUID nor an e-mail address.`;
  return { value: text, issues: isValid ? [] : [issue] };
}
