/** Control and bidirectional characters, except tab and line feed. */
const CONTROL_CHARACTERS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** Colours and other terminal sequences. */
const ANSI_SEQUENCES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;

/**
 * Text that is safe to log: the runner would run a line that starts with `::` or contains `##[` as a command.
 * Source: https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
export function escapeCommands(text: string): string {
  return stripControlCharacters(text)
    .replace(/^(\s*):(?=:)/gm, '$1: ')
    .replaceAll('##[', '# #[');
}

/** The text without terminal sequences, control and bidirectional characters, and with lone surrogates replaced. */
export function stripControlCharacters(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(ANSI_SEQUENCES, '')
    .replace(CONTROL_CHARACTERS, '')
    .toWellFormed();
}
