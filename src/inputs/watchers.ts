import { quoteShort } from '../base/truncate.ts';
import { isUser, type ParseResult } from './value-parsers.ts';

/** Each watcher takes a request or two. */
const MAX_WATCHERS = 20;
const MAX_QUOTED = 5;

/**
 * Parses `watchers`: e-mail addresses or UUIDs, separated by commas or line breaks, which may start with `- `. Duplicates in
 * upper or lower case are removed. The value has the valid ones, at most 20.
 */
export function parseWatchers(text: string): ParseResult<readonly string[]> {
  const items = text.split(/[,\r\n]+/).map((item) => item.trim().replace(/^-\s+/, ''));
  const unique = new Map<string, string>();
  for (const item of items) if (item && !unique.has(item.toLowerCase())) unique.set(item.toLowerCase(), item);
  const watchers = [...unique.values()];
  const valid = watchers.filter(isUser);
  return {
    value: valid.slice(0, MAX_WATCHERS),
    issues: [...describeInvalid(watchers), ...describeExcess(valid)],
  };
}

function describeInvalid(watchers: readonly string[]): string[] {
  const invalid = watchers.filter((watcher) => !isUser(watcher));
  if (!invalid.length) return [];
  const rest = invalid.length - MAX_QUOTED;
  const list =
    invalid.slice(0, MAX_QUOTED).map(quoteShort).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
  const verb = invalid.length > 1 ? 'are' : 'is';
  return [
    `${list} ${verb} not valid. Use e-mail addresses or user UUIDs, separated by commas or line breaks.`,
  ];
}

function describeExcess(watchers: readonly string[]): string[] {
  if (watchers.length <= MAX_WATCHERS) return [];
  return [`lists ${watchers.length} users. Use at most ${MAX_WATCHERS}: the last ones are left out.`];
}
