import { expect, test } from '@jest/globals';
import type { RunContext } from '../../src/github/run-context.ts';
import { decideBranch } from '../../src/sync/branch.ts';

const RUN = { ref: 'main', refType: 'branch', eventName: 'push', pullRequestNumber: undefined };

test.each<[string, object, readonly string[], string, object]>([
  ['the default branch', {}, ['default'], 'main', { branch: '' }],
  ['the default branch by its name', {}, ['main'], 'main', { branch: '' }],
  [
    'another branch',
    { ref: 'a' },
    ['default'],
    'main',
    { shownOnly: { kind: 'other-branch', branch: 'a' }, branch: '' },
  ],
  ['a named branch', { ref: 'a' }, ['default', 'a'], 'main', { branch: 'a' }],
  ['a pattern', { ref: 'release/1.0' }, ['release/*'], 'main', { branch: 'release/1.0' }],
  ['a pattern that does not reach deeper', { ref: 'release/a/b' }, ['release/*'], 'main', { shownOnly: {} }],
  ['a tag', { refType: 'tag', ref: 'main' }, ['default'], 'main', { shownOnly: { kind: 'tag' } }],
  ['an unknown default branch', {}, ['main'], '', { shownOnly: { kind: 'unknown-default-branch' } }],
  ['an unknown branch', { ref: '' }, ['default', '*'], 'main', { shownOnly: { kind: 'other-branch' } }],
  [
    'a pull request',
    { eventName: 'pull_request_target', ref: 'a' },
    ['a'],
    'main',
    { shownOnly: { kind: 'pull-request' }, branch: '' },
  ],
  [
    'a run for a pull request',
    { pullRequestNumber: 1 },
    ['default'],
    'main',
    { shownOnly: { kind: 'pull-request' } },
  ],
  [
    'the merge queue',
    { eventName: 'merge_group' },
    ['default'],
    'main',
    { shownOnly: { kind: 'pull-request' } },
  ],
])('%s', (...row) => {
  const [, run, branches, defaultBranch, expected] = row;
  const decision = decideBranch({ ...RUN, ...run } as RunContext, branches, defaultBranch);
  expect(decision).toMatchObject(expected);
  if (!('shownOnly' in expected)) expect(decision.shownOnly).toBeUndefined();
});
