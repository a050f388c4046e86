import { resolve } from 'node:path';
import { ACTIVE_USER, PROJECT } from '../__tests__/support/fake-datadog/catalog.ts';
import { FakeGitHub } from '../__tests__/support/fake-github.ts';
import { actionEnv, COMMENT_INPUTS, github, reset, scriptEnv, seedCase } from './environment.ts';
import type { Subject } from './measure.ts';

export const ACTION = resolve('dist/index.js');
export const ACTION_COMMAND = [process.execPath, ACTION];
export const CLIENT_FOLDER = 'bench/client';
export const CLIENT = `${CLIENT_FOLDER}/dist/index.js`;

const CURL = `curl -sf -X POST "$BENCH_URL/api/v2/cases" -H 'Content-Type: application/json' -H "DD-API-KEY: $BENCH_API_KEY" -H "DD-APPLICATION-KEY: $BENCH_APP_KEY" -d '{"data":{"type":"case","attributes":{"title":"'"$BENCH_TITLE"'","type_id":"'"$BENCH_TYPE"'","priority":"NOT_DEFINED"},"relationships":{"project":{"data":{"id":"'"$BENCH_PROJECT"'","type":"project"}}}}}'`;

export interface NamedSubject extends Subject {
  readonly name: string;
}

export const BASELINE_SUBJECT: NamedSubject = {
  name: 'a bare `http` POST from a CommonJS script',
  command: [process.execPath, 'bench/baseline.cjs'],
  env: scriptEnv,
  setUp: reset,
};
export const CREATE_SUBJECT: NamedSubject = {
  name: 'the action: create with ids',
  command: ACTION_COMMAND,
  env: actionEnv({}),
  setUp: reset,
};
export const CLIENT_SUBJECT: NamedSubject = {
  name: 'the official client, bundled',
  command: [process.execPath, CLIENT],
  env: scriptEnv,
  setUp: reset,
};

export const SUBJECTS: readonly NamedSubject[] = [
  BASELINE_SUBJECT,
  {
    name: 'a `curl` step (bash)',
    command: ['bash', '-e', '-o', 'pipefail', '-c', CURL],
    env: scriptEnv,
    setUp: reset,
  },
  CREATE_SUBJECT,
  {
    name: 'the action: create with three names',
    command: ACTION_COMMAND,
    env: actionEnv({
      project: PROJECT.key,
      type_id: 'Deployment failure',
      assignee: ACTIVE_USER.email,
    }),
    setUp: reset,
  },
  {
    name: 'the action: failed jobs in the description',
    command: ACTION_COMMAND,
    env: actionEnv({ github_token: FakeGitHub.token }, github.env()),
    setUp: reset,
  },
  {
    name: 'the action: `dedup_key`, the case is open',
    command: ACTION_COMMAND,
    env: actionEnv({ dedup_key: 'k' }),
    setUp: () => {
      reset();
      seedCase('k');
    },
  },
  {
    name: 'the action: `dedup_key`, creates (and settles for 1 s)',
    command: ACTION_COMMAND,
    env: actionEnv({ dedup_key: 'k' }),
    setUp: reset,
  },
  {
    name: 'the action: create with ids, pull request comment',
    command: ACTION_COMMAND,
    env: actionEnv(COMMENT_INPUTS, github.env({ GITHUB_RUN_ID: '' })),
    setUp: reset,
  },
  CLIENT_SUBJECT,
];
