import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { areSecretsWithheld } from '../../src/github/forks.ts';
import { readRunContext } from '../../src/github/run-context.ts';

const SERVER_ENV = { GITHUB_SERVER_URL: 'https://github.example' };

test('the run context is empty outside of a run', () => {
  expect(readRunContext({}, undefined)).toMatchObject({
    repository: '',
    repositoryUrl: '',
    run: undefined,
    sha: '',
    pullRequestNumber: undefined,
  });
});

test('never throws and never builds a foreign URL from the payload', () => {
  const names = fc.constantFrom(
    'workflow_run',
    'pull_request',
    'deployment_status',
    'merge_group',
    'issue_comment',
  );
  const keys = fc.constantFrom(
    'workflow_run',
    'pull_request',
    'deployment',
    'merge_group',
    'issue',
    'head',
    'id',
    'number',
  );
  const payloads = fc.object({ key: keys, values: [fc.string(), fc.integer(), fc.constant(null)] });
  fc.assert(
    fc.property(names, payloads, fc.string(), (name, payload, text) => {
      const context = readRunContext(
        {
          ...SERVER_ENV,
          GITHUB_EVENT_NAME: name,
          GITHUB_REPOSITORY: text,
          GITHUB_SHA: text,
          GITHUB_RUN_ID: text,
        },
        payload,
      );
      expect(context.sha).toMatch(/^([0-9a-f]{40,64})?$/);
      expect(context.repositoryUrl).toMatch(/^(https:\/\/github\.example\/[\w.-]+\/[\w.-]+)?$/);
      areSecretsWithheld({ GITHUB_EVENT_NAME: name }, payload);
    }),
  );
});
