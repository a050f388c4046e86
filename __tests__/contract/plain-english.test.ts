import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';

/** Wordings that readers stumbled over, and British spellings. Each has a plainer word in this project. */
const AVOIDED = [
  /\b(?:anew|all the same|in vain|surely|good day|bad day)\b/,
  /\bwill not do\b|\bis no (?:file|project|status|user)\b|\bspeaks? of\b|\btakes the permission\b/,
  /\bwhat (?:becomes|became|drifted)\b|\bfate of\b|\bput(?:s|ting)? out\b|\bcould not be told\b/,
  /\blook-ups?\b|\bdoubled\b|\bmisspelt\b|\bput into words\b/,
  /\b(?:colour|behaviour|favour|neighbour|licences?\b|\w*(?:organis|recognis|normalis|initialis)(?:e|ation))/,
];

async function listFiles(): Promise<string[]> {
  const folders = { src: '.ts', docs: '.md', examples: '.yml', '.': '.md' };
  const files = await Promise.all(
    Object.entries(folders).map(async ([folder, extension]) => {
      const names = await readdir(folder, { recursive: folder !== '.' });
      return names.filter((name) => name.endsWith(extension)).map((name) => `${folder}/${name}`);
    }),
  );
  return ['action.yml', 'watch/action.yml', ...files.flat()];
}

test('the sources and documents avoid wordings that readers stumbled over', async () => {
  const files = await listFiles();
  expect(files).toEqual(expect.arrayContaining(['./README.md', 'docs/watch.md', 'examples/watch.yml']));
  const found: string[] = [];
  for (const file of files) {
    const lines = (await readFile(file, 'utf8')).split('\n');
    for (const [index, line] of lines.entries())
      for (const pattern of AVOIDED)
        if (pattern.test(line)) found.push(`${file}:${index + 1}: ${line.trim()}`);
  }
  expect(found).toEqual([]);
});
