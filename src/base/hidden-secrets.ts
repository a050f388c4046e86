import { listVisibleParts, removeInvisible } from './invisible-characters.ts';
import { hasHiddenText, listSequencePatterns } from './log-text.ts';
import type { Interval } from './pattern-finder.ts';

/** Finds something in a text. The intervals don't overlap, and are in order. */
type Find = (visible: string) => readonly Interval[];

/** A line break in wrapped Base64, with the indentation of the next line, also in JSON. */
const BASE64_BREAK =
  /(?:\r?\n|(?:\\r)?\\n)(?<=[A-Za-z0-9+/]{60}(?:\r?\n|(?:\\r)?\\n))[ \t]*(?=[A-Za-z0-9+/])/g;

/** Whether a line may be Base64 that the next line continues, so that each of them may hold half a secret. */
export function mayBeWrapped(line: string): boolean {
  return /[A-Za-z0-9+/]{60}\r?$/.test(line.slice(-61));
}

/** No form of a secret is longer. */
const MAX_SECRET_CHARS = 64 * 1024;

/** Whether a line may be the end of such Base64, or a part of it. Of a very long line, that isn't examined. */
export function mayContinueBase64(line: string): boolean {
  // On many megabytes, this pattern ends in a RangeError.
  return line.length > MAX_SECRET_CHARS || /^\s*[A-Za-z0-9+/]+=*\W*$/.test(line);
}

/**
 * Where the first whole line of a text starts whose beginning was cut off, behind Base64 that the cut may have split;
 * `undefined` if there is no such line.
 */
export function findSafeStart(text: string): number | undefined {
  const end = text.search(/[\r\n]/);
  if (end < 0) return undefined;
  const first = text.slice(0, end);
  let isWrapped = mayContinueBase64(first) || mayBeWrapped(first);
  let start = end + 1;
  while (isWrapped && start < MAX_SECRET_CHARS) {
    const [line = ''] = /^.*/.exec(text.slice(start)) ?? [];
    // Each line of a job's log starts with a time.
    if (!mayContinueBase64(line.replace(/^[\dT:.-]+Z /, ''))) break;
    isWrapped = mayBeWrapped(line);
    start += line.length + 1;
  }
  return start;
}

/**
 * Where something is in the text that is left after hidden text is removed, whatever counts as hidden: terminal
 * sequences and invisible characters, invisible characters alone, or the line breaks of Base64.
 */
export function findBetweenHiddenText(text: string, find: Find): readonly Interval[] {
  const isHidden = hasHiddenText(text);
  const patterns = [
    ...(isHidden ? listSequencePatterns(text) : []),
    ...(text.search(BASE64_BREAK) < 0 ? [] : [BASE64_BREAK]),
  ];
  const found = patterns.flatMap((pattern) => {
    const visible = find(text.replace(pattern, ''));
    return visible.length ? toIntervalsInWhole(visible, listPartsBetween(text, pattern)) : [];
  });
  const visible = isHidden ? find(removeInvisible(text)) : [];
  return [...found, ...(visible.length ? toIntervalsInWhole(visible, listVisibleParts(text)) : [])];
}

function* listPartsBetween(text: string, pattern: RegExp): Generator<Interval, void> {
  let start = 0;
  for (const { index, 0: match } of text.matchAll(pattern)) {
    yield { start, end: index };
    start = index + match.length;
  }
  yield { start, end: text.length };
}

/** The intervals of the whole text that hold these intervals of its visible parts. */
function toIntervalsInWhole(intervals: readonly Interval[], visibleParts: Iterable<Interval>): Interval[] {
  const visiblePositions = intervals.flatMap(({ start, end }) => [start, end - 1]);
  const positions: number[] = [];
  let visibleStart = 0;
  for (const { start, end } of visibleParts) {
    const visibleEnd = visibleStart + end - start;
    for (let next = visiblePositions[positions.length]; next !== undefined && next < visibleEnd; ) {
      positions.push(start + next - visibleStart);
      next = visiblePositions[positions.length];
    }
    if (positions.length === visiblePositions.length) break;
    visibleStart = visibleEnd;
  }
  return intervals.map((_, index) => ({
    start: positions[2 * index] ?? 0,
    end: (positions[2 * index + 1] ?? 0) + 1,
  }));
}
