// What every measured process talks to: the fakes, and the files and variables of its step.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT, STANDARD_TYPE_ID } from '../__tests__/support/fake-datadog/catalog.ts';
import { FakeDatadog } from '../__tests__/support/fake-datadog.ts';
import { FakeGitHub } from '../__tests__/support/fake-github.ts';
import { sharedReferences } from '../src/datadog/reference.ts';

export type Env = Readonly<Record<string, string>>;

const TITLE = 'Deploy of acme/shop failed';

export const [datadog, github] = await Promise.all([FakeDatadog.start(), FakeGitHub.start()]);
export const workspace = mkdtempSync(join(tmpdir(), 'case-bench-'));
export const runnerFiles = {
  GITHUB_OUTPUT: join(workspace, 'output'),
  GITHUB_STEP_SUMMARY: join(workspace, 'summary'),
};

/** Variables for the scripts that the action is compared with. */
export const scriptEnv: Env = {
  PATH: process.env.PATH ?? '',
  BENCH_URL: datadog.url,
  BENCH_API_KEY: FakeDatadog.apiKey,
  BENCH_APP_KEY: FakeDatadog.appKey,
  BENCH_PROJECT: PROJECT.id,
  BENCH_TYPE: STANDARD_TYPE_ID,
  BENCH_TITLE: TITLE,
  ...runnerFiles,
};

/** Variables for the action, with inputs in addition to those that create a case by IDs. */
export function actionEnv(inputs: Env, overrides: Env = {}): Env {
  const allInputs = {
    api_url: datadog.url,
    api_key: FakeDatadog.apiKey,
    app_key: FakeDatadog.appKey,
    project: PROJECT.id,
    title: TITLE,
    ...inputs,
  };
  const variables = Object.entries(allInputs).map(([name, text]) => [`INPUT_${name.toUpperCase()}`, text]);
  return {
    PATH: process.env.PATH ?? '',
    ...runnerFiles,
    ...Object.fromEntries(variables),
    ...overrides,
  };
}

export const COMMENT_INPUTS: Env = {
  github_token: FakeGitHub.token,
  pr_comment: 'true',
  pr_number: '12',
};

export function reset(): void {
  datadog.cases.length = 0;
  github.comments = [];
}

/** Stores an open case with a `dedup_key`. */
export function seedCase(dedupKey: string): void {
  datadog.seed({ description: sharedReferences(PROJECT.id, dedupKey)[0] });
}
