import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path/posix';
import { expect, test } from '@jest/globals';
import { findAnchors } from '../support/markdown-anchors.ts';

/** Targets of links and images in Markdown and HTML, without those that start with a scheme. */
function findLocalLinks(text: string): string[] {
  const prose = text.replace(/^ *```[\s\S]*?^ *```$/gm, '').replace(/`[^`\n]*`/g, '');
  const matches = prose.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"/g);
  return [...matches]
    .map(([, inMarkdown, inHtml]) => inMarkdown ?? inHtml ?? '')
    .filter((target) => !/^[a-z]+:/.test(target));
}

async function isBroken(page: string, target: string): Promise<boolean> {
  const [path = '', anchor] = target.split('#');
  const file = path ? normalize(join(dirname(page), path)) : page;
  if (file.startsWith('../')) return false; // A page of the repository on GitHub, such as its issues.
  if (!existsSync(file)) return true;
  return anchor !== undefined && !findAnchors(await readFile(file, 'utf8')).includes(anchor);
}

test('links between pages lead somewhere', async () => {
  const docs = (await readdir('docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`);
  const broken: string[] = [];
  for (const page of ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', ...docs])
    for (const target of findLocalLinks(await readFile(page, 'utf8')))
      if (await isBroken(page, target)) broken.push(`${page}: ${target}`);
  expect(broken).toEqual([]);
});

test('messages name a page of this repository only through docsLink, and the page exists', async () => {
  const names = (await readdir('src', { recursive: true })).filter((name) => name.endsWith('.ts'));
  const linked: string[] = [];
  for (const name of names) {
    const text = await readFile(`src/${name}`, 'utf8');
    const code = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
    for (const [mention, path] of code.matchAll(/\S*?((?:docs|examples)\/[\w-]+\.(?:md|yml))/g)) {
      // The path of a guide is passed on to docsLink.
      expect(mention).toMatch(/docsLink\(.*'|^'/);
      linked.push(path ?? '');
    }
  }
  expect(linked).toContain('examples/check.yml');
  for (const path of linked) expect([path, existsSync(path)]).toEqual([path, true]);
});

test('every picture has a light and a dark version', async () => {
  const names = await readdir('docs/images');
  const light = names.filter((name) => name.endsWith('-light.png'));
  expect(names.sort()).toEqual(light.flatMap((name) => [name.replace('light', 'dark'), name]).sort());
  const pages = (await readdir('docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`);
  const texts = await Promise.all(['README.md', ...pages].map((path) => readFile(path, 'utf8')));
  for (const name of names) expect(texts.join('\n')).toContain(`images/${name}`);
});
