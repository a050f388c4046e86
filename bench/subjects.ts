import { resolve } from 'node:path';
import { ACTIVE_USER, PROJECT } from '../__tests__/support/fake-datadog/catalog.ts';
import { FakeGitHub } from '../__tests__/support/fake-github.ts';
import { markGiven } from '../src/base/env.ts';
import { serializeState } from '../src/stages/saved-environment.ts';
import { actionEnv, COMMENT_INPUTS, type Env, github, reset, scriptEnv, seedCase } from './environment.ts';
import type { NamedSubject } from './measure.ts';

export const ACTION = resolve('dist/index.js');
export const ACTION_COMMAND = [process.execPath, ACTION];
export const CLIENT_FOLDER = 'bench/client';
export const CLIENT = `${CLIENT_FOLDER}/dist/index.js`;

const CURL = `curl -sf -X POST "$BENCH_URL/api/v2/cases" -H 'Content-Type: application/json' -H "DD-API-KEY: $BENCH_API_KEY" -H "DD-APPLICATION-KEY: $BENCH_APP_KEY" -d '{"data":{"type":"case","attributes":{"title":"'"$BENCH_TITLE"'","type_id":"'"$BENCH_TYPE"'","priority":"NOT_DEFINED"},"relationships":{"project":{"data":{"id":"'"$BENCH_PROJECT"'","type":"project"}}}}}'`;

/** A script to compare with. */
export function script(name: string, command: readonly string[], env = scriptEnv): NamedSubject {
  return { name, command, env, setUp: reset };
}

/** The action, with these variables. */
export function action(name: string, env: Env, setUp = reset): NamedSubject {
  return { name, command: ACTION_COMMAND, env, setUp };
}

/** A stage of the watch action. */
export function watchStage(name: string, file: string, env: Env, setUp = reset): NamedSubject {
  return { name, command: [process.execPath, resolve('dist', file)], env, setUp };
}

export const EMPTY_SUBJECT = script('`node -e 0`', [process.execPath, '-e', '0']);
export const MINIMAL_SUBJECT = script('a minimal `https` POST (CommonJS)', [
  process.execPath,
  'bench/scripts/minimal-post.cjs',
]);
export const FETCH_SUBJECT = script('a five-line script with Node’s `fetch`', [
  process.execPath,
  'bench/scripts/fetch.js',
]);
export const CLIENT_SUBJECT = script('the official client, bundled', [process.execPath, CLIENT]);
export const CREATE_SUBJECT = action('the action: create from IDs', actionEnv({}));

const OPEN_SUBJECTS: readonly NamedSubject[] = [
  CREATE_SUBJECT,
  action(
    'the action: create from three names',
    actionEnv({ project: PROJECT.key, type_id: 'Deployment failure', assignee: ACTIVE_USER.email }),
  ),
  action(
    'the action: failed jobs in the description',
    actionEnv({ github_token: FakeGitHub.token }, github.env()),
  ),
  action('the action: `dedup_key`, the case is open', actionEnv({ dedup_key: 'k' }), () => {
    reset();
    seedCase('k');
  }),
  action(
    'the action: `dedup_key`, creates (and waits 0.3 s to find duplicates)',
    actionEnv({ dedup_key: 'k' }),
  ),
  action(
    'the action: create from IDs, pull request comment',
    actionEnv(COMMENT_INPUTS, github.env({ GITHUB_RUN_ID: '' })),
  ),
];

/** Variables of a watched job, which ends with `status`. Without a status, its main stage. */
export function watchEnv(
  status?: 'success' | 'failure' | 'cancelled',
  { inputs = {}, env: overrides = {} }: { readonly inputs?: Env; readonly env?: Env } = {},
): Env {
  const env = actionEnv(
    { title: '', github_token: FakeGitHub.token, job_status: status ?? 'success', ...inputs },
    github.env({ GITHUB_JOB: 'deploy', ...overrides }),
  );
  if (!status) return env;
  // What its main stage saved.
  const state = [...serializeState(markGiven(env))].map(([name, value]) => [`STATE_${name}`, value.reveal()]);
  return { ...env, ...Object.fromEntries(state) };
}

export const WATCH_SUBJECT = watchStage('`watch`: main stage', 'watch-start.js', watchEnv());

const WATCH_SUBJECTS: readonly NamedSubject[] = [
  WATCH_SUBJECT,
  watchStage('`watch`: post stage, nothing to do (cancelled)', 'watch-end.js', watchEnv('cancelled')),
  watchStage(
    '`watch`: post stage, opens a case (and waits 0.3 s to find duplicates)',
    'watch-end.js',
    watchEnv('failure'),
  ),
];

export const SUBJECTS: readonly NamedSubject[] = [
  EMPTY_SUBJECT,
  MINIMAL_SUBJECT,
  FETCH_SUBJECT,
  script('a `curl` step (bash)', ['bash', '-e', '-o', 'pipefail', '-c', CURL]),
  ...OPEN_SUBJECTS,
  ...WATCH_SUBJECTS,
  CLIENT_SUBJECT,
];
