/** Line breaks other than LF. */
const LINE_BREAKS = /\r\n?|[\v\f\u0085\u2028\u2029]/g;

/** Terminal sequences: colors and cursor movements, then titles and hyperlinks, then the short ones. */
const TERMINAL_SEQUENCES = [
  /(?:\u001b\[|\u009b)[0-?]*[\x20-\x2f]*[@-~]/,
  /(?:\u001b[P\]X^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c\n]*(?:\u0007|\u001b\\|\u009c)/,
  /\u001b[\x20-\x2f]*[0-~]/,
];

/** Control characters and everything invisible, such as marks that change the direction of text. Emoji keep their look. */
const INVISIBLE_CHARACTERS =
  /[[\p{Cc}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]--[\t\n\u000b\f\r\u0085\ufe0e\ufe0f]]/v;

/** What `stripControlCharacters` removes, apart from line breaks, which it replaces. */
export const HIDDEN_TEXT = new RegExp(
  [...TERMINAL_SEQUENCES, INVISIBLE_CHARACTERS].map(({ source }) => source).join('|'),
  'gv',
);

/**
 * Text that is safe to log: the runner would run a line that starts with `::` or contains `##[` as a command.
 * Source: https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
export function escapeCommands(text: string): string {
  return stripControlCharacters(text)
    .replace(/^(\s*):(?=:)/gm, '$1: ')
    .replaceAll('##[', '# #[');
}

/**
 * The text without terminal sequences, control characters and invisible characters. All line breaks become LF; lone
 * surrogates become U+FFFD, before anything is removed, so that no two of them join.
 */
export function stripControlCharacters(text: string): string {
  return text.toWellFormed().replace(LINE_BREAKS, '\n').replace(HIDDEN_TEXT, '');
}

/** The JSON with invisible characters written as `\uXXXX`: the same value, but nothing in it is hidden. */
export function escapeHiddenInJson(json: string): string {
  return json.replace(
    /[\p{Default_Ignorable_Code_Point}\u007f-\u009f\u2028\u2029\ufff9-\ufffb]/gu,
    (character) =>
      Array.from(
        { length: character.length },
        (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
      ).join(''),
  );
}
