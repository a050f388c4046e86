import { stripControlCharacters } from '../../base/log-text.ts';
import { hashParts } from '../identity.ts';

/** Colors whose escape character was lost on the way. Not the range of a query, such as `rate[5m]`. */
const BROKEN_COLORS = /(?:\u241b|\\u001b|\\x1b|#x1B|&#27;|\ufffd)?\[(?:\d{1,3}(?:;\d{1,3})*)?m(?!\])/gi;
const ADDRESS = /\b0x[0-9a-f]{6,16}\b/gi;

/** Longer names end in a hash, so that reading a report takes no more time than its size explains. */
const MAX_NAME_CHARS = 1000;

/** The name of a test or suite as it is in every run: without colors and addresses in memory, on one line. */
export function normalizeName(name: string): string {
  const text = stripControlCharacters(name)
    .replace(BROKEN_COLORS, '')
    .replace(ADDRESS, '0x…')
    .replace(/\s+/g, ' ')
    .trim()
    .normalize('NFC');
  return limitName(text);
}

/** A name as it is, or its beginning and a hash of it. */
export function limitName(name: string): string {
  if (name.length <= MAX_NAME_CHARS) return name;
  return `${name.slice(0, MAX_NAME_CHARS).toWellFormed()}… ${hashParts([name])}`;
}
