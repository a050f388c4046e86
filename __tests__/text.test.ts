import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { block } from '../src/github/context.ts';
import { tailOf } from '../src/github/logs.ts';
import { code, cut, fence, link, logged, tableRow } from '../src/text.ts';
import { flatten, tree } from './support/markdown.ts';

const hostile = fc.oneof(
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

describe('other people’s words', () => {
  test('on a line are a code span and nothing else', () => {
    fc.assert(
      fc.property(hostile, (words) => {
        const nodes = flatten(tree(`before ${code(words)} after`));
        expect(
          nodes.filter(({ type }) => !['root', 'paragraph', 'text', 'inlineCode'].includes(type)),
        ).toEqual([]);
        const texts = nodes
          .filter(({ type }) => type === 'text')
          .map(({ value }) => value)
          .join('');
        expect(texts.replace('–', '').replace(/\s+/g, ' ')).toBe('before after');
      }),
      { numRuns: 500 },
    );
  });

  test('arrive readable', () => {
    expect(code('fix `a` | b\nsecond')).toBe('``fix `a` | b second``');
    expect(code('`')).toBe('`` ` ``');
    expect(code(' \n ')).toBe('–');
    expect(code('\u001b[31mred\u001b[0m \u202eabc')).toBe('`red abc`');
    expect(code('x'.repeat(300))).toHaveLength(202);
  });

  test('in a link name it, and lead where we say', () => {
    fc.assert(
      fc.property(hostile, (words) => {
        const nodes = flatten(tree(link(words, 'https://github.example/a b/(c)')));
        const links = nodes.filter(({ type }) => type === 'link');
        expect(links.map(({ url }) => url)).toEqual(['https://github.example/a%20b/%28c%29']);
        expect(nodes.some(({ type }) => type === 'html' || type === 'image')).toBe(false);
      }),
    );
  });

  test('in a table make no more cells', () => {
    fc.assert(
      fc.property(hostile, hostile, (a, b) => {
        const nodes = flatten(
          tree([tableRow(['A', 'B']), tableRow(['---', '---']), tableRow([code(a), code(b)])].join('\n')),
        );
        expect(nodes.filter(({ type }) => type === 'tableRow')).toHaveLength(2);
        expect(nodes.filter(({ type }) => type === 'tableCell')).toHaveLength(4);
        expect(nodes.some(({ type }) => type === 'link' || type === 'html')).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test('in a fence cannot leave it', () => {
    fc.assert(
      fc.property(hostile, (lines) => {
        const nodes = flatten(tree(`${fence(lines)}\n\nafter`));
        expect(nodes.map(({ type }) => type)).toEqual(['root', 'code', 'paragraph', 'text']);
      }),
      { numRuns: 300 },
    );
  });

  test('in the log are no commands to the runner', () => {
    fc.assert(
      fc.property(hostile, (words) => {
        for (const line of logged(words).split(/\r\n|\r|\n/)) {
          expect(line.trimStart().startsWith('::')).toBe(false);
          expect(line).not.toContain('##[');
        }
      }),
      { numRuns: 500 },
    );
  });

  test('in the block of a description make no links but ours, no mentions, no HTML', () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, (a, b, c) => {
        const home = 'https://github.example/acme/shop';
        const run = { id: 1, attempt: 2, title: a, url: `${home}/actions/runs/1/attempts/2` };
        const about = {
          repository: 'acme/shop',
          home,
          run,
          sha: 'a'.repeat(40),
          ref: b,
          refType: 'branch' as const,
          pull: 12,
          actor: c,
          event: b,
          environment: a,
          runner: b,
        };
        const jobs = [
          { id: 3, name: a, ended: true, steps: [{ number: 4, name: b, startedAt: 0, completedAt: 0 }] },
        ];
        const nodes = flatten(tree(block(about, jobs)));
        const allowed = ['root', 'list', 'listItem', 'paragraph', 'text', 'inlineCode', 'link'];
        expect(nodes.filter(({ type }) => !allowed.includes(type))).toEqual([]);
        for (const { url = home } of nodes) expect(url.startsWith(home)).toBe(true);
        expect(nodes.filter(({ type }) => type === 'link')).toHaveLength(6);
        expect(
          nodes
            .filter(({ type }) => type === 'text')
            .map(({ value }) => value)
            .join(''),
        ).not.toMatch(/@|evil/);
      }),
      { numRuns: 300 },
    );
  });
});

test('half a character is never cut off', () => {
  expect(cut('ab😀cd', 4).isWellFormed()).toBe(true);
  expect(cut('abc', 3)).toBe('abc');
});

describe('the tail of a step', () => {
  const at = (second: number, text: string) =>
    `2026-01-02T03:04:${String(second).padStart(2, '0')}.1234567Z ${text}`;
  const log = [
    `\ufeff${at(1, '##[group]Run npm ci')}`,
    at(1, 'added 3 packages'),
    at(5, '##[group]Run npm test'),
    at(5, '##[endgroup]'),
    at(6, '\u001b[31mFAIL\u001b[0m checkout'),
    'a line without a time',
    at(7, '##[warning]slow'),
    at(8, '##[error]Process completed with exit code 1.'),
    at(8, 'Post job cleanup.'),
    at(9, '[command]/usr/bin/git config'),
  ].join('\r\n');
  const step = {
    number: 2,
    name: 'Run npm test',
    startedAt: Date.parse('2026-01-02T03:04:05Z'),
    completedAt: Date.parse('2026-01-02T03:04:08Z'),
  };

  test('is of the step, up to its error, readable', () => {
    expect(tailOf(log, step, 100)).toBe(
      [
        'Run npm test',
        '\u001b[31mFAIL\u001b[0m checkout',
        'a line without a time',
        'Warning: slow',
        'Error: Process completed with exit code 1.',
      ].join('\n'),
    );
  });

  test('is no longer than asked for', () => {
    expect(tailOf(log, step, 2)).toBe('Warning: slow\nError: Process completed with exit code 1.');
  });

  test('is the job’s own where the step’s times are unknown', () => {
    expect(tailOf(log, { ...step, startedAt: Number.NaN, completedAt: Number.NaN }, 1)).toContain(
      'exit code 1',
    );
  });
});
