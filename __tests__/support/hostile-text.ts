import fc from 'fast-check';

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
