/** Line breaks other than LF. */
const LINE_BREAKS = /\r\n?|[\v\f\u0085\u2028\u2029]/g;

/**
 * Terminal sequences: colors and cursor movements, then titles and hyperlinks, then the short ones. None contains the
 * beginning of another, so that a text full of beginnings takes no longer than any other.
 */
const TERMINAL_SEQUENCES = [
  /(?:\u001b\[|\u009b)[0-?]*[\x20-\x2f]*[@-~]/,
  /(?:\u001b[P\]X^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u0090\u0098\u009c-\u009f\n]*(?:\u0007|\u001b\\|\u009c)/,
  /\u001b[\x20-\x2f]*[0-~]/,
];

/**
 * What nobody sees, such as marks that change the direction of text, without the selectors that give emoji their look.
 * Written out, because V8 takes milliseconds to look up a Unicode property (\p{Default_Ignorable_Code_Point}).
 */
const INVISIBLE_RANGES =
  '\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164' +
  '\\ufe00-\\ufe0d\\ufeff\\uffa0\\ufff0-\\ufffb\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}';

/** Control characters, except line breaks and tabs, and what nobody sees. */
const INVISIBLE_CHARACTERS = `[\\0-\\u0008\\u000e-\\u001f\\u007f-\\u0084\\u0086-\\u009f${INVISIBLE_RANGES}]`;

/** What `stripControlCharacters` removes, apart from line breaks, which it replaces. */
const HIDDEN_TEXT = toPattern(TERMINAL_SEQUENCES);
/** Without sequences other than colors and cursor movements: what looks like one may be a stray escape character. */
const HIDDEN_COLORS = toPattern(TERMINAL_SEQUENCES.slice(0, 1));

/** Matches many of them at once, because each match takes time; not all, because a long match takes memory. */
function toPattern(sequences: readonly RegExp[]): RegExp {
  const alternatives = [...sequences.map(({ source }) => source), INVISIBLE_CHARACTERS].join('|');
  return new RegExp(`(?:${alternatives}){1,1000}`, 'gu');
}

/** Most texts have none of these characters, and this is quick to find out. */
const OTHER_THAN_PLAIN_ASCII = /[^\t\n -~]/;

/** The beginning of a color or a cursor movement, and of any other terminal sequence. */
const COLOR_START = /[\u001b\u009b]/;
const OTHER_START = /\u001b[^[]|[\u0090\u0098\u009d-\u009f]/;

/** Whether the text has anything that `stripControlCharacters` may change. */
function mayHaveHiddenText(text: string): boolean {
  return OTHER_THAN_PLAIN_ASCII.test(text);
}

/** Whether `stripControlCharacters` removes anything from the text. */
export function hasHiddenText(text: string): boolean {
  // Responses contain thousands of texts, and hardly any of them has hidden characters.
  return mayHaveHiddenText(text) && text.search(HIDDEN_TEXT) >= 0;
}

/**
 * Patterns of what may be hidden in the text, apart from invisible characters: everything that `stripControlCharacters`
 * removes, and only colors and cursor movements, because a stray escape character can make ordinary text look like
 * another terminal sequence.
 */
export function listSequencePatterns(text: string): RegExp[] {
  const hasOthers = OTHER_START.test(text);
  if (!hasOthers && !COLOR_START.test(text)) return [];
  return hasOthers ? [HIDDEN_TEXT, HIDDEN_COLORS] : [HIDDEN_TEXT];
}

/** Whether the character is one that nobody sees. Line breaks and tabs aren't. */
export function isInvisible(character: string): boolean {
  return INVISIBLE_CHARACTER.test(character);
}
const INVISIBLE_CHARACTER = new RegExp(`^${INVISIBLE_CHARACTERS}$`, 'u');

/**
 * Text that is safe to log: the runner would run a line that starts with `::` or contains `##[` as a command.
 * Source: https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
export function escapeCommands(text: string): string {
  return stripControlCharacters(text)
    .replace(/^([^\S\n]*):(?=:)/gm, '$1: ')
    .replaceAll('##[', '# #[');
}

/**
 * The text without terminal sequences, control characters and invisible characters. All line breaks become LF; lone
 * surrogates become U+FFFD, before anything is removed, so that no two of them join.
 */
export function stripControlCharacters(text: string): string {
  if (!mayHaveHiddenText(text)) return text;
  return text.toWellFormed().replace(LINE_BREAKS, '\n').replace(HIDDEN_TEXT, '');
}

/** Everything invisible that JSON doesn't escape by itself. */
const HIDDEN_IN_JSON = new RegExp(`[\\u007f-\\u009f\\u2028\\u2029\\ufe0e\\ufe0f${INVISIBLE_RANGES}]`, 'gu');

/** The JSON with invisible characters written as `\uXXXX`: the same value, but nothing in it is hidden. */
export function escapeHiddenInJson(json: string): string {
  if (!mayHaveHiddenText(json)) return json;
  return json.replace(HIDDEN_IN_JSON, (character) =>
    Array.from(
      { length: character.length },
      (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}
