import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';

const KIB = 1024;

/** The files that a runner downloads: all that .gitattributes does not exclude from archives. */
function listDownloadedFiles(): string[] {
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
  })
    .split('\0')
    .filter((file) => file && existsSync(file));
  // An archive excludes what is in an excluded folder, but check-attr does not report it for those files.
  const folders = files.flatMap((file) =>
    file
      .split('/')
      .slice(0, -1)
      .map((_, index, parts) => parts.slice(0, index + 1).join('/')),
  );
  const paths = [...new Set([...files, ...folders])];
  const attributes = execFileSync('git', ['check-attr', '-z', '--stdin', 'export-ignore'], {
    input: paths.join('\0'),
    encoding: 'utf8',
  }).split('\0');
  const excluded = paths.filter((_, index) => attributes[index * 3 + 2] === 'set');
  return files.filter((file) => !excluded.some((path) => file === path || file.startsWith(`${path}/`)));
}

test('a runner downloads only the actions, dist and the license', () => {
  expect(
    listDownloadedFiles()
      .filter((file) => !file.startsWith('dist/'))
      .sort(),
  ).toEqual(['LICENSE', 'action.yml', 'sync/action.yml', 'watch/action.yml']);
});

test('a runner downloads at most 120 KiB', async () => {
  const contents = await Promise.all(listDownloadedFiles().map((file) => readFile(file)));
  // An archive adds a header of 512 bytes per file, which compresses well.
  expect(gzipSync(Buffer.concat(contents)).length).toBeLessThan(118 * KIB);
});

test('the main chunk is under 210 KiB', async () => {
  expect((await readFile('dist/index.js')).length).toBeLessThan(210 * KIB);
});

// Any other package came with an update or an unwanted import.
test('dist contains the expected packages, each once', async () => {
  const text = await readFile('dist/LICENSES.txt', 'utf8');
  expect(text.match(/^== .*/gm)?.map((line) => line.slice(3))).toEqual([
    '@actions/core',
    '@actions/github',
    '@octokit/auth-token',
    '@octokit/core',
    '@octokit/endpoint',
    '@octokit/graphql',
    '@octokit/request',
    '@octokit/request-error',
    'content-type',
    'fastest-levenshtein',
    'jsonc-parser',
    'node-fetch',
    'saxes',
    'universal-user-agent',
    'xmlchars',
  ]);
});

test('dist consists of a main chunk and chunks that are loaded on demand', async () => {
  expect((await readdir('dist')).sort()).toEqual([
    'LICENSES.txt',
    'comments.js',
    'index.js',
    'json-problem.js',
    'package.json',
    'proxy.js',
    'reports.js',
    'sync.js',
    'watch-end.js',
    'watch-start.js',
  ]);
});
