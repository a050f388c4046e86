import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { table } from './support/trips.ts';

const KIB = 1024;
const git = (...words: string[]) => execFileSync('git', words, { encoding: 'utf8' });

/** The files that a runner downloads: those that .gitattributes does not keep back. */
function exported(): string[] {
  const files = git('ls-files', '-z', '--cached', '--others', '--exclude-standard')
    .split('\0')
    .filter((file) => file && existsSync(file));
  // Attributes of a folder hold for what is in it when an archive is made, but are not told for its files.
  const folders = files.flatMap((file) =>
    file
      .split('/')
      .slice(0, -1)
      .map((_, at, parts) => parts.slice(0, at + 1).join('/')),
  );
  const asked = [...new Set([...files, ...folders])];
  const told = execFileSync('git', ['check-attr', '-z', '--stdin', 'export-ignore'], {
    input: asked.join('\0'),
    encoding: 'utf8',
  }).split('\0');
  const kept = new Set(asked.filter((_, at) => told[at * 3 + 2] === 'set'));
  return files.filter((file) => ![...kept].some((path) => file === path || file.startsWith(`${path}/`)));
}

describe('what a runner downloads', () => {
  test('is the action and what a person needs to read, and nothing else', () => {
    expect(
      exported()
        .filter((file) => !file.startsWith('dist/'))
        .sort(),
    ).toEqual(['LICENSE', 'README.md', 'action.yml']);
  });

  test('is at most 200 KiB packed', async () => {
    const contents = await Promise.all(exported().map((file) => readFile(file)));
    // An archive adds a header of 512 bytes to each file, which packs well.
    expect(gzipSync(Buffer.concat(contents)).length).toBeLessThan(195 * KIB);
  });
});

describe('dist', () => {
  test('has a main chunk of at most 240 KiB, well within the 350 that are bearable', async () => {
    expect((await readFile('dist/index.js')).length).toBeLessThan(240 * KIB);
  });

  // One that is not in this list came in with an update, or with an import that was meant to be left out.
  test('holds these packages, each once', async () => {
    const text = await readFile('dist/LICENSES.txt', 'utf8');
    expect(text.match(/^== .*/gm)?.map((line) => line.slice(3))).toEqual([
      '@actions/core',
      '@actions/github',
      '@octokit/auth-token',
      '@octokit/core',
      '@octokit/endpoint',
      '@octokit/graphql',
      '@octokit/plugin-paginate-rest',
      '@octokit/plugin-rest-endpoint-methods',
      '@octokit/request',
      '@octokit/request-error',
      'before-after-hook',
      'content-type',
      'data-uri-to-buffer',
      'fastest-levenshtein',
      'hpagent',
      'json-with-bigint',
      'jsonc-parser',
      'node-fetch',
      'proxy-from-env',
      'universal-user-agent',
    ]);
  });

  test('is one main file and chunks that are loaded when they are needed', async () => {
    expect((await readdir('dist')).filter((name) => !/^\d+\.index\.js$/.test(name)).sort()).toEqual([
      'LICENSES.txt',
      'index.js',
      'package.json',
    ]);
  });
});

test('the table of requests in the docs is what happens (npm run trips prints it)', async () => {
  expect(await readFile('docs/performance.md', 'utf8')).toContain(await table());
});
