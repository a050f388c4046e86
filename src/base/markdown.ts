import { stripControlCharacters } from './log-text.ts';
import { truncate } from './truncate.ts';

// Untrusted text (titles, branch and job names, API responses) goes into code spans or fences, where it cannot create
// links, mentions, HTML or headings, neither on GitHub nor in Datadog.

/** Untrusted text as a Markdown code span on one line, at most `maxLength` characters of it; `–` if it is empty. */
export function codeSpan(text: string, maxLength = 200): string {
  const line = truncate(stripControlCharacters(text).replace(/\s+/g, ' ').trim(), maxLength);
  if (!line) return '–';
  const fence = '`'.repeat(longestBacktickRun(line) + 1);
  const padding = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${padding}${line}${padding}${fence}`;
}

/** Untrusted lines in a Markdown fence that nothing in them can close. */
export function codeBlock(text: string, language = 'text'): string {
  const content = stripControlCharacters(text);
  const fence = '`'.repeat(Math.max(3, longestBacktickRun(content) + 1));
  return `${fence}${language}\n${content}\n${fence}`;
}

/** A value in double quotes or backticks, which may hold spaces, or what is between spaces. */
const TOKENS = /\(?(?:"(?:[^"\\]|\\.)*"|`[^`]+`)[.,;:!?)]*(?=\s|$)|\S+/g;
/** Punctuation around a word, which never is Markdown there. */
const WORD_IN_PUNCTUATION = /^(\(?)(.*?)([.,;:!?)]*)$/s;
/** Letters, also in other languages, and short numbers. */
const PLAIN_WORD = /^(?:[a-z\u00c0-\uffff]+(?:['’/-][a-z\u00c0-\uffff]+)*|\d{1,6}(?:\.\d+)?|–|…)$/i;
/** GitHub links what may be the ID of a commit. */
const MAYBE_COMMIT = /^[0-9a-f]{7,}$/i;

/**
 * Untrusted text as prose in Markdown on one line, at most `maxLength` characters of it: plain words as they are, and
 * as code quoted values and everything that may be Markdown, a link or a mention. `isOwnLink` tells which links stay.
 */
export function renderProse(text: string, isOwnLink: (url: string) => boolean, maxLength = 1000): string {
  const line = truncate(stripControlCharacters(text).replace(/\s+/g, ' ').trim(), maxLength);
  const tokens = line.match(TOKENS) ?? [];
  return tokens.map((token, index) => renderToken(token, { isOwnLink, isFirst: index === 0 })).join(' ');
}

function renderToken(
  token: string,
  { isOwnLink, isFirst }: { readonly isOwnLink: (url: string) => boolean; readonly isFirst: boolean },
): string {
  const [, before = '', word = '', after = ''] = WORD_IN_PUNCTUATION.exec(token) ?? [];
  if (isOwnLink(word)) return `${before}<${word}>${after}`;
  // A number in front of a period would begin a list.
  const isPlain = PLAIN_WORD.test(word) && !MAYBE_COMMIT.test(word) && !(isFirst && /^\d/.test(word));
  if (isPlain || !word) return isPlain ? token : codeSpan(token, token.length);
  return `${before}${codeSpan(unquote(word), word.length)}${after}`;
}

/** The value in backticks or double quotes, unless it is empty or something would be lost. */
function unquote(word: string): string {
  if (/^`[^`]+`$/.test(word)) return word.slice(1, -1);
  if (!/^".+"$/.test(word)) return word;
  try {
    const value: unknown = JSON.parse(word);
    return typeof value === 'string' && value.trim() === value && !/\s\s|[\n\t]/.test(value) ? value : word;
  } catch {
    return word;
  }
}

/** A link with untrusted text in code type. The URL must be one that this action built. */
export function link(text: string, url: string): string {
  return `[${codeSpan(text)}](${escapeUrl(url)})`;
}

/**
 * A link with untrusted text in normal type, on one line, at most `maxLength` characters of it; `–` if it is empty.
 * Markdown is escaped, and neither GitHub nor Datadog looks for mentions or links in the text of a link.
 */
export function textLink(text: string, url: string, maxLength = 200): string {
  const line = truncate(stripControlCharacters(text).replace(/\s+/g, ' ').trim(), maxLength);
  const escaped = line.replace(/[!-+./:-@[-`{-~]/g, '\\$&');
  return `[${escaped || '–'}](${escapeUrl(url)})`;
}

function escapeUrl(url: string): string {
  return url.replace(/[()\s<>"'`\\[\]]/g, (character) =>
    // In UTF-8, byte by byte. encodeURIComponent would leave some of these characters as they are.
    Buffer.from(character).toString('hex').replace(/../g, '%$&'),
  );
}

/** A table with one row, without the columns that are empty; empty if all are. Each cell is Markdown. */
export function renderFactTable(columns: readonly (readonly [name: string, value: string])[]): string {
  const filled = columns.filter(([, value]) => value);
  if (!filled.length) return '';
  const rows = [filled.map(([name]) => name), filled.map(() => '---'), filled.map(([, value]) => value)];
  return rows.map(tableRow).join('\n');
}

/** A table row. Replaces `|` with `∣` (U+2223), because `|` ends the cell even inside a code span. */
export function tableRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\u2223')).join(' | ')} |`;
}

function longestBacktickRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
