import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { escapeCommands } from '../../src/base/log-text.ts';
import { codeBlock, codeSpan, link, renderProse, tableRow, textLink } from '../../src/base/markdown.ts';
import { truncate } from '../../src/base/truncate.ts';
import { hostileText } from '../support/hostile-text.ts';
import { flattenNodes, parseMarkdown } from '../support/markdown-ast.ts';

test('codeSpan renders hostile text as inline code only', () => {
  fc.assert(
    fc.property(hostileText, (message) => {
      const nodes = flattenNodes(parseMarkdown(`before ${codeSpan(message)} after`));
      expect(nodes.filter(({ type }) => !['root', 'paragraph', 'text', 'inlineCode'].includes(type))).toEqual(
        [],
      );
      const texts = nodes
        .filter(({ type }) => type === 'text')
        .map(({ value }) => value)
        .join('');
      expect(texts.replace('–', '').replace(/\s+/g, ' ')).toBe('before after');
    }),
    { numRuns: 500 },
  );
});

test('codeSpan keeps text readable', () => {
  expect(codeSpan('fix `a` | b\nsecond')).toBe('``fix `a` | b second``');
  expect(codeSpan('`')).toBe('`` ` ``');
  expect(codeSpan(' \n ')).toBe('–');
  expect(codeSpan('\u001b[31mred\u001b[0m \u202eabc')).toBe('`red abc`');
  expect(codeSpan('x'.repeat(300))).toHaveLength(202);
});

test('link keeps its URL whatever its text', () => {
  fc.assert(
    fc.property(hostileText, (message) => {
      const nodes = flattenNodes(parseMarkdown(link(message, 'https://github.example/a b/(c)')));
      const links = nodes.filter(({ type }) => type === 'link');
      expect(links.map(({ url }) => url)).toEqual(['https://github.example/a%20b/%28c%29']);
      expect(nodes.some(({ type }) => type === 'html' || type === 'image')).toBe(false);
    }),
  );
});

const noLink = () => false;

test('renderProse makes nothing but words and inline code of hostile text', () => {
  fc.assert(
    fc.property(fc.oneof(hostileText, fc.string()), (message) => {
      const nodes = flattenNodes(parseMarkdown(`- ${renderProse(message, noLink)}\n- after`));
      const types = ['root', 'list', 'listItem', 'paragraph', 'text', 'inlineCode'];
      expect(nodes.filter(({ type }) => !types.includes(type))).toEqual([]);
      expect(nodes.filter(({ type }) => type === 'listItem')).toHaveLength(2);
      const words = nodes.filter(({ type }) => type === 'text').map(({ value }) => value);
      // Mentions, addresses, issues and commits, which GitHub links, and HTML.
      expect(words.join('\n')).not.toMatch(/[@#<>[\]&\\_*~`|]|\w\.\w|:\/|[0-9a-f]{7}/);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ['title is required.', 'title is required.'],
  ['priority: "P9" is not valid. Did you mean P2?', 'priority: `P9` is not valid. Did you mean `P2`?'],
  ['project "My team" (OPS) not found.', 'project `My team` (OPS) not found.'],
  ['dedup_key: "" is not valid.', '`dedup_key`: `""` is not valid.'],
  ['quotes "a \\"b\\"" and "a\\nb".', 'quotes `a "b"` and `"a\\nb"`.'],
  ['raise `timeout` (60 s).', 'raise `timeout` (60 s).'],
  ['returned 404: see www.evil.example', 'returned 404: see `www.evil.example`'],
  ['1. ask @octocat about #12 and deadbeef', '`1`. ask `@octocat` about `#12` and `deadbeef`'],
  ["The runner's clock, größer – and so on…", "The runner's clock, größer – and so on…"],
  ['an "unfinished quote', 'an `"unfinished` quote'],
])('renderProse shows words as words and values as code: %s', (text, expected) => {
  expect(renderProse(text, noLink)).toBe(expected);
});

test('renderProse links only what it is told to', () => {
  const own = 'https://github.com/acme/action/blob/HEAD/docs/watch.md';
  expect(renderProse(`More: ${own}. Not ${own}/x.`, (url) => url === own)).toBe(
    `More: <${own}>. Not \`${own}/x\`.`,
  );
});

test('textLink keeps its URL, and its text is nothing but text', () => {
  fc.assert(
    fc.property(fc.oneof(hostileText, fc.string()), (message) => {
      const url = 'https://app.example/cases/OPS-1';
      const nodes = flattenNodes(parseMarkdown(`before ${textLink(message, url)} after`));
      expect(nodes.filter(({ type }) => type === 'link').map((node) => node.url)).toEqual([url]);
      expect(nodes.filter(({ type }) => !['root', 'paragraph', 'text', 'link'].includes(type))).toEqual([]);
      // Mentions and links are not looked for in the text of a link.
      const [paragraph] = parseMarkdown(`before ${textLink(message, url)} after`).children ?? [];
      const outside = paragraph?.children?.filter(({ type }) => type === 'text').map(({ value }) => value);
      expect(outside).toEqual(['before ', ' after']);
    }),
    { numRuns: 500 },
  );
});

test('textLink shows the text as it is', () => {
  expect(textLink('Deploy *now* @ada <b>', 'https://a.example')).toBe(
    '[Deploy \\*now\\* \\@ada \\<b\\>](https://a.example)',
  );
  expect(textLink(' ', 'https://a.example')).toBe('[–](https://a.example)');
});

test('tableRow keeps its cells whatever their text', () => {
  fc.assert(
    fc.property(hostileText, hostileText, (a, b) => {
      const nodes = flattenNodes(
        parseMarkdown(
          [tableRow(['A', 'B']), tableRow(['---', '---']), tableRow([codeSpan(a), codeSpan(b)])].join('\n'),
        ),
      );
      expect(nodes.filter(({ type }) => type === 'tableRow')).toHaveLength(2);
      expect(nodes.filter(({ type }) => type === 'tableCell')).toHaveLength(4);
      expect(nodes.some(({ type }) => type === 'link' || type === 'html')).toBe(false);
    }),
    { numRuns: 300 },
  );
});

test('codeBlock contains hostile text', () => {
  fc.assert(
    fc.property(hostileText, (lines) => {
      const nodes = flattenNodes(parseMarkdown(`${codeBlock(lines)}\n\nafter`));
      expect(nodes.map(({ type }) => type)).toEqual(['root', 'code', 'paragraph', 'text']);
    }),
    { numRuns: 300 },
  );
});

test('escapeCommands leaves no workflow commands', () => {
  fc.assert(
    fc.property(hostileText, (message) => {
      for (const line of escapeCommands(message).split(/\r\n|\r|\n/)) {
        expect(line.trimStart().startsWith('::')).toBe(false);
        expect(line).not.toContain('##[');
      }
    }),
    { numRuns: 500 },
  );
});

test('truncate does not split surrogate pairs', () => {
  expect(truncate('ab😀cd', 4).isWellFormed()).toBe(true);
  expect(truncate('abc', 3)).toBe('abc');
});

test('escapes what would end a link in the URL, in UTF-8', () => {
  expect(link('x', 'https://a.example/(b)\u2003c d[e]')).toBe(
    '[`x`](https://a.example/%28b%29%e2%80%83c%20d%5be%5d)',
  );
});
