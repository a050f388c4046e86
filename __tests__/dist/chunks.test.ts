import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { FakeGitHub } from '../support/fake-github.ts';
import { allowKeylessSignIn, keylessInputs } from '../support/keyless-run.ts';
import { runAction } from '../support/run-action.ts';
import { validInputs } from '../support/run-step.ts';
import { useFakesInRealTime } from '../support/use-fakes.ts';

const { datadog, github } = useFakesInRealTime();

/** The files of dist that a step loads, as reported by V8. */
async function loadedFiles(inputs: Record<string, string>, env = {}): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'case-coverage-'));
  try {
    const result = await runAction({
      inputs: { ...validInputs(datadog), ...inputs },
      files: { 'report.md': '# Report' },
      env: { ...env, NODE_V8_COVERAGE: folder },
    });
    expect([result.exitCode, result.log]).toEqual([0, expect.not.stringContaining('::warning')]);
    const [name = ''] = await readdir(folder);
    const coverage = JSON.parse(await readFile(join(folder, name), 'utf8')) as {
      result: { url: string }[];
    };
    return coverage.result.flatMap(({ url }) => /\/dist\/(.*\.js)$/.exec(url)?.[1] ?? []);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Which of these files of dist contain a text. */
async function findChunks(text: string, files: readonly string[]): Promise<string[]> {
  const codes = await Promise.all(files.map((file) => readFile(`dist/${file}`, 'utf8')));
  return files.filter((_, index) => codes[index]?.includes(text));
}

test('loads one chunk to open a case, failed jobs included', async () => {
  const inputs = {
    github_token: FakeGitHub.token,
    dedup_key: 'k',
    project: 'OPS',
    attributes: 'env: prod',
  };
  expect(await loadedFiles(inputs, github.env())).toEqual(['index.js']);
  expect(github.requestLines).toHaveLength(1);
});

test('loads the keyless sign-in only if it is used', async () => {
  allowKeylessSignIn(datadog, github);
  const files = await loadedFiles(keylessInputs(datadog), github.env());
  expect(await findChunks('/api/v2/delegated-token', files)).toHaveLength(1);
  expect(await findChunks('/api/v2/delegated-token', ['index.js'])).toEqual([]);
});

const LOG = '2026-01-01T00:00:00.0000000Z ##[error]Process completed with exit code 1.\n';

// The text is in no other chunk.
test.each([
  ['octokit', 'octokit-core.js', { pr_comment: 'true', pr_number: '12' }],
  ['the reader of logs', '}/logs', { log_lines: '5' }],
  ['the reader of files', 'outside the workspace', { description_file: 'report.md' }],
])('loads %s only if it is used', async (_, text, inputs) => {
  github.jobs = [
    { id: 1, name: 'build', steps: [{ number: 1, name: 'Test', conclusion: 'failure' }], log: LOG },
  ];
  const files = await loadedFiles({ github_token: FakeGitHub.token, ...inputs }, github.env());
  expect(await findChunks(text, files)).toHaveLength(1);
  expect(await findChunks(text, ['index.js'])).toEqual([]);
});

test('loads the proxy agents only if there is a proxy', async () => {
  const files = await loadedFiles({}, { https_proxy: 'http://127.0.0.1:9' });
  expect(await findChunks('Proxy-Authorization', files)).toHaveLength(1);
  expect(await findChunks('Proxy-Authorization', ['index.js'])).toEqual([]);
});
