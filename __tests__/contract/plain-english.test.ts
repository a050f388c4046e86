import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';

/** Wordings that readers stumbled over, and British spellings. Each has a plainer word in this project. */
const AVOIDED = [
  /\b(?:anew|all the same|in vain|surely|good day|bad day)\b/i,
  /\bwill not do\b|\bis no (?:file|project|status|user)\b|\bspeaks? of\b|\btakes the permission\b/i,
  /\bwhat (?:becomes|became|drifted)\b|\bfate of\b|\bput(?:s|ting)? out\b|\bcould not be told\b/i,
  /\blook-ups?\b|\bdoubled\b|\bmisspelt\b|\bput into words\b/i,
  /(?:colour|behaviour|favour|honour|neighbour|\bgrey|\bcentre|catalogue|licences?\b|\blabelled|\bwhilst\b|\bamongst\b)/i,
  /(?:organis|recognis|normalis|initialis|summaris|serialis|minimis|optimis|customis|authoris)(?:e|ing|ation)/i,
  /\banalys(?:e|ing)/i,
];

/** Folders of which every text is checked: what users read, and what contributors do. */
const FOLDERS = ['src', 'docs', 'examples', '.github/ISSUE_TEMPLATE', '__tests__', 'scripts', 'bench'];

/** Not those that git ignores, such as what a build leaves behind. */
function listFiles(): string[] {
  const paths = ['action.yml', '*/action.yml', '*.md', ...FOLDERS];
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...paths];
  const files = execFileSync('git', args, { encoding: 'utf8' }).split('\0');
  return files.filter((file) => isText(file) && existsSync(file));
}

/** Whether people write the file. This one has to contain what it looks for. */
function isText(path: string): boolean {
  return /\.(?:[cm]?[jt]s|md|yml)$/.test(path) && !/node_modules|plain-english\.test/.test(path);
}

test('sources, tests and documents avoid wordings that readers stumbled over', async () => {
  const files = listFiles();
  for (const folder of ['README.md', 'docs/watch.md', ...FOLDERS])
    expect(files).toContainEqual(expect.stringMatching(`^${folder}`));
  const found: string[] = [];
  for (const file of files) {
    const lines = (await readFile(file, 'utf8')).split('\n');
    for (const [index, line] of lines.entries())
      for (const pattern of AVOIDED)
        if (pattern.test(line)) found.push(`${file}:${index + 1}: ${line.trim()}`);
  }
  expect(found).toEqual([]);
});
