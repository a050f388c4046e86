import { listHiddenTextPatterns } from './log-text.ts';
import type { Interval } from './pattern-finder.ts';

/**
 * Where something is in the text that is left after hidden text is removed, whatever counts as hidden. `find` returns
 * intervals that don't overlap, in order.
 */
export function findBetweenHiddenText(
  text: string,
  find: (visible: string) => readonly Interval[],
): readonly Interval[] {
  return listHiddenTextPatterns(text).flatMap((hidden) => {
    const found = find(text.replace(hidden, ''));
    return found.length ? toIntervalsInWhole(text, hidden, found) : [];
  });
}

/** The intervals of the whole text that hold these intervals of its visible text. */
function toIntervalsInWhole(text: string, hidden: RegExp, intervals: readonly Interval[]): Interval[] {
  const visiblePositions = intervals.flatMap(({ start, end }) => [start, end - 1]);
  const positions: number[] = [];
  let start = 0;
  let visibleStart = 0;
  const addPositions = (end: number) => {
    const visibleEnd = visibleStart + end - start;
    for (let next = visiblePositions[positions.length]; next !== undefined && next < visibleEnd; ) {
      positions.push(start + next - visibleStart);
      next = visiblePositions[positions.length];
    }
    visibleStart = visibleEnd;
  };
  for (const { index, 0: match } of text.matchAll(hidden)) {
    addPositions(index);
    if (positions.length === visiblePositions.length) break;
    start = index + match.length;
  }
  addPositions(text.length);
  return intervals.map((_, index) => ({
    start: positions[2 * index] ?? 0,
    end: (positions[2 * index + 1] ?? 0) + 1,
  }));
}
