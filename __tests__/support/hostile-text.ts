import fc from 'fast-check';

/**
 * Any character, also an unassigned one, but no half of a surrogate pair. `unit: 'binary'` draws the same, but takes a
 * second to list all of them.
 */
const anyCharacter = fc
  .nat(0x10ffff - 0x800)
  .map((number) => String.fromCodePoint(number < 0xd800 ? number : number + 0x800));

/** Text of any characters, printable or not. */
export const binaryText = fc.string({ unit: anyCharacter });

/** Text that tries to break out of Markdown, or to be a workflow command. */
export const hostileText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc
    .array(
      fc.constantFrom(
        '`',
        '``',
        '```',
        '\n',
        '\r',
        '|',
        '\\',
        '<b>',
        '<!--',
        '-->',
        '@octocat',
        '#1',
        '[x](y)',
        '![x](y)',
        'https://evil.example',
        'www.evil.example',
        '# h',
        '- l',
        '&amp;',
        '*b*',
        '~~~',
        ' ',
        'a',
        '\u202e',
        '\u001b[31m',
        '::error::x',
        '##[error]',
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join('')),
);
