import { isInvisible } from './log-text.ts';
import type { Interval } from './pattern-finder.ts';

const VISIBLE = 0;
const INVISIBLE = 1;
/** The first half of a character, which the second half decides about. */
const FIRST_HALF = 2;

let kinds: Uint8Array | undefined;

/** What each of the 65,536 code units is. Created when it is needed, because that takes milliseconds. */
function getKinds(): Uint8Array {
  kinds ??= Uint8Array.from({ length: 0x10000 }, (_, code) => {
    if (code >= 0xd800 && code <= 0xdbff) return FIRST_HALF;
    return isInvisible(String.fromCharCode(code)) ? INVISIBLE : VISIBLE;
  });
  return kinds;
}

/** How many code units the invisible character at a position has: 0 if the character there is visible. */
function countInvisible(text: string, index: number, table: Uint8Array): number {
  const kind = table[text.charCodeAt(index)];
  if (kind !== FIRST_HALF) return kind === INVISIBLE ? 1 : 0;
  const character = String.fromCodePoint(text.codePointAt(index) ?? 0);
  return isInvisible(character) ? character.length : 0;
}

/** The text without invisible characters. Takes a tenth of the time of a regular expression if there are many. */
export function removeInvisible(text: string): string {
  const table = getKinds();
  const visible = new Uint16Array(text.length);
  let length = 0;
  for (let index = 0; index < text.length; ) {
    const hidden = countInvisible(text, index, table);
    if (!hidden) {
      visible[length] = text.charCodeAt(index);
      length += 1;
    }
    index += hidden || 1;
  }
  return Buffer.from(visible.buffer, 0, 2 * length).toString('utf16le');
}

/** The parts of the text between invisible characters. Some may be empty. */
export function* listVisibleParts(text: string): Generator<Interval, void> {
  const table = getKinds();
  let start = 0;
  for (let index = 0; index < text.length; ) {
    const hidden = countInvisible(text, index, table);
    if (hidden) yield { start, end: index };
    index += hidden || 1;
    if (hidden) start = index;
  }
  yield { start, end: text.length };
}
