import { stripControlCharacters } from '../../base/log-text.ts';

/** Colors whose escape character was lost on the way. Not the range of a query, such as `rate[5m]`. */
const BROKEN_COLORS = /(?:\u241b|\\u001b|\\x1b|#x1B|&#27;|\ufffd)?\[(?:\d{1,3}(?:;\d{1,3})*)?m(?!\])/gi;
const ADDRESS = /\b0x[0-9a-f]{6,16}\b/gi;

/** The name of a test or suite as it is in every run: without colors and addresses in memory, on one line. */
export function normalizeName(name: string): string {
  return stripControlCharacters(name)
    .replace(BROKEN_COLORS, '')
    .replace(ADDRESS, '0x…')
    .replace(/\s+/g, ' ')
    .trim()
    .normalize('NFC');
}
