import { quoteShort } from '../base/truncate.ts';
import type { ParseResult } from './value-parsers.ts';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
/** A date that is over in UTC may still be today in a time zone up to 12 hours behind. */
const MAX_HOURS_BEHIND_UTC = 12;
/** So that years have four digits. */
const MAX_COUNT_DIGITS = 4;
const ALLOWED = 'Use a date such as 2026-12-31, or days or weeks from now such as 3d or 2w.';

/**
 * Parses `due_date`: a date (`2026-12-31`), or days or weeks from now in UTC (`3d`, `2w`). The value is a date, or empty.
 */
export function parseDueDate(text: string, nowMs: number): ParseResult<string> {
  if (!text) return { value: '', issues: [] };
  const [, count, unit] = /^(\d+)([dw])$/i.exec(text) ?? [];
  if (count !== undefined) {
    if (count.length > MAX_COUNT_DIGITS)
      return { value: '', issues: [`${quoteShort(text)} is too far in the future. ${ALLOWED}`] };
    const days = Number(count) * (unit?.toLowerCase() === 'w' ? 7 : 1);
    return { value: formatDate(nowMs + days * DAY_MS), issues: [] };
  }
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text))
    return { value: '', issues: [`${quoteShort(text)} is not valid. ${ALLOWED}`] };
  // The round trip finds days that don't exist, such as 30 February.
  const dateMs = Date.parse(`${text}T00:00:00Z`);
  if (Number.isNaN(dateMs) || formatDate(dateMs) !== text)
    return { value: '', issues: [`${quoteShort(text)} is not a real date. ${ALLOWED}`] };
  if (text < formatDate(nowMs - MAX_HOURS_BEHIND_UTC * HOUR_MS))
    return { value: '', issues: [`${quoteShort(text)} is in the past.`] };
  return { value: text, issues: [] };
}

function formatDate(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}
