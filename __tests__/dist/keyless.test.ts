import { beforeEach, expect, test } from '@jest/globals';
import { FakeGitHub } from '../support/fake-github.ts';
import { allowKeylessSignIn, keylessInputs, listTokens } from '../support/keyless-run.ts';
import { runAction, shownLog } from '../support/run-action.ts';
import { useFakesInRealTime } from '../support/use-fakes.ts';

const { datadog, github } = useFakesInRealTime();
beforeEach(() => {
  allowKeylessSignIn(datadog, github);
});

test('signs in without a stored key and shows no token, with debug logging on', async () => {
  const env = { ...github.env(), RUNNER_DEBUG: '1' };
  const inputs = { ...keylessInputs(datadog), project: 'OPS', dedup_key: 'k' };
  const opened = await runAction({ inputs, env });
  expect([opened.exitCode, opened.outputs.outcome]).toEqual([0, 'created']);
  datadog.delegatedTokens.mappedSubjects = [];
  const rejected = await runAction({ inputs, env });
  expect([rejected.exitCode, rejected.outputs.outcome]).toEqual([1, 'failed']);
  for (const result of [opened, rejected]) {
    expect(result.log).toContain(`::add-mask::${FakeGitHub.idTokenRequestToken}`);
    for (const token of listTokens(datadog, github))
      expect(shownLog(result) + result.summary + JSON.stringify(result.outputs)).not.toContain(token);
  }
  expect(rejected.log).toContain('repo:acme/shop:ref:refs/heads/main');
});
