import { HIDDEN_TEXT, mayHaveHiddenText } from './log-text.ts';

/** A visible piece of a text. */
export interface Piece {
  readonly text: string;
  /** Where the piece starts in the whole text. */
  readonly start: number;
  /** Where it starts in the visible text. */
  readonly visibleStart: number;
}

/** The pieces between what `stripControlCharacters` removes; a single one if it removes nothing. */
export function splitAtHiddenText(text: string): Piece[] {
  // Responses contain thousands of texts, and hardly any of them has hidden characters.
  if (!mayHaveHiddenText(text) || text.search(HIDDEN_TEXT) < 0) return [{ text, start: 0, visibleStart: 0 }];
  const pieces: Piece[] = [];
  let start = 0;
  let visibleStart = 0;
  const addPiece = (end: number) => {
    if (end > start) pieces.push({ text: text.slice(start, end), start, visibleStart });
    visibleStart += end - start;
  };
  for (const { index, 0: hidden } of text.matchAll(HIDDEN_TEXT)) {
    addPiece(index);
    start = index + hidden.length;
  }
  addPiece(text.length);
  return pieces;
}

/** The position in the whole text of a position in its visible text. */
export function toPositionInWhole(pieces: readonly Piece[], position: number): number {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((pieces[middle]?.visibleStart ?? 0) <= position) low = middle;
    else high = middle - 1;
  }
  const piece = pieces[low];
  return piece ? piece.start + position - piece.visibleStart : position;
}
