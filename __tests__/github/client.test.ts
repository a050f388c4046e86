import { expect, test } from '@jest/globals';
import nodeFetch from 'node-fetch';
import { markGiven } from '../../src/base/env.ts';
import { Redactor } from '../../src/base/redactor.ts';
import { Unredacted } from '../../src/base/unredacted.ts';
import { createGitHubClient } from '../../src/github/client.ts';
import { TestClock } from '../support/run-step.ts';

const clock = new TestClock();
const base = {
  fetch: nodeFetch,
  clock,
  random: () => 0.5,
  redactor: new Redactor(),
  deadlineMs: clock.time + 60_000,
  log: () => undefined,
};
const options = { token: new Unredacted('sandbox-token'), userAgent: 'agent/1' };

test.each([
  [{}, 'https://api.github.com', { kind: 'default', name: 'server' }],
  [{ GITHUB_API_URL: '' }, 'https://api.github.com', { kind: 'default', name: 'server' }],
  [
    { GITHUB_API_URL: 'https://github.example/api/v3' },
    'https://github.example/api/v3',
    { kind: 'variable', name: 'GITHUB_API_URL' },
  ],
  [
    { GITHUB_API_URL: 'https://github.example/api/v3//' },
    'https://github.example/api/v3',
    { kind: 'variable', name: 'GITHUB_API_URL' },
  ],
])('with the variables %j, requests go to %s, %j', (env, url, source) => {
  expect(createGitHubClient(base, { env: markGiven(env), ...options }, 1000)).toEqual({
    ...base,
    url,
    source,
    credentials: 'token',
    session: { provenAccess: 'none' },
    headers: {
      Authorization: 'Bearer sandbox-token',
      'User-Agent': 'agent/1',
      'X-GitHub-Api-Version': '2022-11-28',
    },
    deadlineMs: clock.time + 1000,
    log: expect.any(Function),
  });
});

test('the budget does not extend the deadline of the step', () => {
  expect(createGitHubClient(base, { env: {}, ...options }, 90_000).deadlineMs).toBe(clock.time + 60_000);
});
