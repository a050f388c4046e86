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

/** The files of dist that a step loads without a warning. */
async function loadedFiles(inputs: Record<string, string>, env = {}): Promise<string[]> {
  const { files, log } = await traceStep(inputs, env);
  expect(log).not.toContain('::warning');
  return files;
}

/** The log of a step that passes, and the files of dist that it loads, as reported by V8. */
async function traceStep(
  inputs: Record<string, string>,
  env = {},
): Promise<{ files: string[]; log: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'case-coverage-'));
  try {
    const result = await runAction({
      inputs: { ...validInputs(datadog), ...inputs },
      files: { 'report.md': '# Report' },
      env: { ...env, NODE_V8_COVERAGE: folder },
    });
    expect([result.exitCode, result.log]).toEqual([0, expect.anything()]);
    const [name = ''] = await readdir(folder);
    const coverage = JSON.parse(await readFile(join(folder, name), 'utf8')) as {
      result: { url: string }[];
    };
    const files = coverage.result.flatMap(({ url }) => /\/dist\/(.*\.js)$/.exec(url)?.[1] ?? []);
    return { files: files.sort(), log: result.log };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const LOG = '2026-01-01T00:00:00.0000000Z ##[error]Process completed with exit code 1.\n';

test.each<[string, Record<string, string>]>([
  ['names and a key', { dedup_key: 'k', project: 'OPS', attributes: 'env: prod' }],
  ['logs and a file', { log_lines: '5', description_file: 'report.md' }],
  ['a streak of failures', { after_failures: '2' }],
  ['a dry run', { dry_run: 'true' }],
])('loads one chunk for a step with %s, failed jobs included', async (_, inputs) => {
  github.jobs = [
    { id: 1, name: 'build', steps: [{ number: 1, name: 'Test', conclusion: 'failure' }], log: LOG },
  ];
  expect(await loadedFiles({ github_token: FakeGitHub.token, ...inputs }, github.env())).toEqual([
    'index.js',
  ]);
});

test('loads one chunk to sign in without a key', async () => {
  allowKeylessSignIn(datadog, github);
  expect(await loadedFiles(keylessInputs(datadog), github.env())).toEqual(['index.js']);
});

test('loads octokit only to comment on a pull request, and to update the comment', async () => {
  const inputs = {
    github_token: FakeGitHub.token,
    dedup_key: 'k',
    pr_comment: 'true',
    pr_number: '12',
  };
  for (const count of [1, 2]) {
    expect(await loadedFiles(inputs, github.env({ GITHUB_RUN_ID: String(count) }))).toEqual([
      'comments.js',
      'index.js',
    ]);
    expect(github.comments.map(({ body }) => body)).toEqual([expect.stringContaining(`seen ${count} -->`)]);
  }
  expect(await readFile('dist/index.js', 'utf8')).not.toContain('octokit-core.js');
});

test('loads the proxy agents only if there is a proxy', async () => {
  expect(await loadedFiles({}, { https_proxy: 'http://127.0.0.1:9' })).toEqual(['index.js', 'proxy.js']);
  expect(await readFile('dist/index.js', 'utf8')).not.toContain('Proxy-Authorization');
});

test('loads the second JSON parser only to explain invalid JSON', async () => {
  const inputs = { attributes: '{"env" "prod"}', fail_on_error: 'false' };
  const { files, log } = await traceStep(inputs);
  expect(files).toEqual(['index.js', 'json-problem.js']);
  expect(log).toContain('is not valid JSON at');
});
