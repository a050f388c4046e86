// What every measured process talks to: the fakes, and the files and variables of its step.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { PROJECT, STANDARD_TYPE_ID } from '../__tests__/support/fake-datadog/catalog.ts';
import { FakeDatadog } from '../__tests__/support/fake-datadog.ts';
import { FakeGitHub } from '../__tests__/support/fake-github.ts';
import { sharedWords } from '../src/datadog/reference.ts';

export type Env = Readonly<Record<string, string>>;

const TITLE = 'Deploy of acme/shop failed';

// Over TLS, because that is how the action is used. Node trusts the certificate through NODE_EXTRA_CA_CERTS.
const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
  algorithm: 'sha256',
  extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
});
const certificate = { key, cert };
export const [datadog, github] = await Promise.all([
  FakeDatadog.start(certificate),
  FakeGitHub.start(certificate),
]);
export const workspace = mkdtempSync(join(tmpdir(), 'case-bench-'));
const caFile = join(workspace, 'ca.pem');
writeFileSync(caFile, cert);
export const runnerFiles = {
  GITHUB_OUTPUT: join(workspace, 'output'),
  GITHUB_STATE: join(workspace, 'state'),
  GITHUB_STEP_SUMMARY: join(workspace, 'summary'),
};
/** Variables for every measured process. */
const commonEnv: Env = { PATH: process.env.PATH ?? '', NODE_EXTRA_CA_CERTS: caFile, ...runnerFiles };

/** Variables for the scripts that the action is compared with. */
export const scriptEnv: Env = {
  ...commonEnv,
  CURL_CA_BUNDLE: caFile,
  BENCH_URL: datadog.url,
  BENCH_API_KEY: FakeDatadog.apiKey,
  BENCH_APP_KEY: FakeDatadog.appKey,
  BENCH_PROJECT: PROJECT.id,
  BENCH_PROJECT_KEY: PROJECT.key,
  BENCH_TYPE: STANDARD_TYPE_ID,
  BENCH_TITLE: TITLE,
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
    ...commonEnv,
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
  datadog.seed({ description: sharedWords(PROJECT.id, dedupKey)[0] });
}
