import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { FakeDatadog } from '../support/fake-datadog.ts';
import { FakeGitHub } from '../support/fake-github.ts';
import { allowKeylessSignIn, keylessInputs } from '../support/keyless-run.ts';
import { runAction } from '../support/run-action.ts';
import { validInputs } from '../support/run-step.ts';

let datadog: FakeDatadog;
beforeEach(async () => {
  datadog = await FakeDatadog.start();
});
afterEach(() => datadog.stop());

/** The files of dist that a step loads, as reported by V8. */
async function loadedFiles(inputs: Record<string, string>, env = {}): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'case-coverage-'));
  try {
    const result = await runAction({
      inputs: { ...validInputs(datadog), ...inputs },
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

test('loads one chunk to open a case, failed jobs included', async () => {
  const github = await FakeGitHub.start();
  const inputs = {
    github_token: FakeGitHub.token,
    dedup_key: 'k',
    project: 'OPS',
    attributes: 'env: prod',
  };
  expect(await loadedFiles(inputs, github.env())).toEqual(['index.js']);
  expect(github.requestLines).toHaveLength(1);
  await github.stop();
});

test('loads the keyless sign-in only when it is used', async () => {
  const github = await FakeGitHub.start();
  allowKeylessSignIn(datadog, github);
  const files = await loadedFiles(keylessInputs(datadog), github.env());
  expect(files.length).toBeGreaterThan(1);
  const texts = await Promise.all(files.map((file) => readFile(`dist/${file}`, 'utf8')));
  expect(texts.some((text) => text.includes('/api/v2/delegated-token'))).toBe(true);
  expect(await readFile('dist/index.js', 'utf8')).not.toContain('/api/v2/delegated-token');
  await github.stop();
});

test('loads octokit only to comment', async () => {
  const github = await FakeGitHub.start();
  const files = await loadedFiles(
    { github_token: FakeGitHub.token, pr_comment: 'true', pr_number: '12' },
    github.env(),
  );
  expect(files.length).toBeGreaterThan(1);
  const texts = await Promise.all(files.map((file) => readFile(`dist/${file}`, 'utf8')));
  expect(texts.some((text) => text.includes('octokit-core.js'))).toBe(true);
  expect(await readFile('dist/index.js', 'utf8')).not.toContain('octokit-core.js');
  await github.stop();
});
