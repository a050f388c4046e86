/** Positions in a text; `end` is exclusive. */
export interface Interval {
  readonly start: number;
  readonly end: number;
}

/** The characters that decide how far a search may skip. */
const BLOCK_CHARS = 3;
const TABLE_SIZE = 1 << 16;
/** What a table of bytes can hold. */
const MAX_SKIP = 255;

/**
 * Finds many patterns in one pass over a text, which skips most of its characters (the algorithm of Wu and Manber): the
 * time hardly depends on how many patterns there are. A pattern must have at least three characters.
 */
export class PatternFinder {
  /** The length that all patterns have at least: the part of them that is looked for first. */
  readonly #windowChars: number;
  /** How far the window may move on, by the hash of its last characters; 0 if it may be the beginning of a pattern. */
  readonly #skips: Uint8Array;
  /** The patterns whose windows end with these characters, by their hash. */
  readonly #candidates = new Map<number, string[]>();

  constructor(patterns: Iterable<string>) {
    const unique = [...new Set(patterns)];
    this.#windowChars = unique.reduce((least, { length }) => Math.min(least, length), MAX_SKIP);
    this.#skips = new Uint8Array(TABLE_SIZE).fill(this.#windowChars - BLOCK_CHARS + 1);
    for (const pattern of unique) this.#add(pattern);
  }

  /** Where the patterns occur, in order. Occurrences that overlap or touch are merged. */
  find(text: string): readonly Interval[] {
    const found: Interval[] = [];
    if (!this.#candidates.size) return found;
    const window = this.#windowChars;
    for (let last = window - 1; last < text.length; ) {
      const hash = hashBlock(text, last);
      const skip = this.#skips[hash] ?? 1;
      if (skip) {
        last += skip;
        continue;
      }
      const start = last - window + 1;
      for (const pattern of this.#candidates.get(hash) ?? [])
        if (text.startsWith(pattern, start)) appendInterval(found, { start, end: start + pattern.length });
      last += 1;
    }
    return found;
  }

  #add(pattern: string): void {
    for (let last = BLOCK_CHARS - 1; last < this.#windowChars; last += 1) {
      const hash = hashBlock(pattern, last);
      const skip = this.#windowChars - 1 - last;
      this.#skips[hash] = Math.min(this.#skips[hash] ?? 0, skip);
      if (!skip) this.#candidates.set(hash, [...(this.#candidates.get(hash) ?? []), pattern]);
    }
  }
}

/** The hash of the three characters that end at a position. */
function hashBlock(text: string, last: number): number {
  return (
    ((text.charCodeAt(last - 2) << 10) ^ (text.charCodeAt(last - 1) << 5) ^ text.charCodeAt(last)) &
    (TABLE_SIZE - 1)
  );
}

/** The intervals in order. Those that overlap or touch are merged. */
export function mergeIntervals(intervals: readonly Interval[]): readonly Interval[] {
  const merged: Interval[] = [];
  for (const interval of intervals.toSorted((a, b) => a.start - b.start)) appendInterval(merged, interval);
  return merged;
}

/** Appends an interval, or extends the last one if they overlap or touch. */
function appendInterval(intervals: Interval[], interval: Interval): void {
  const last = intervals.at(-1);
  if (!last || interval.start > last.end) intervals.push(interval);
  else if (interval.end > last.end)
    intervals[intervals.length - 1] = { start: last.start, end: interval.end };
}
