import { describe, expect, test } from '@jest/globals';
import { findRunProblems } from '../../scripts/release/workflow-runs.ts';

const COMMIT = 'a'.repeat(40);
let lastId = 0;

/** A later run has a higher ID. */
function run(file: string, conclusion: string | null, changes: object = {}): object {
  lastId += 1;
  const status = conclusion ? 'completed' : 'in_progress';
  const path = `.github/workflows/${file}`;
  return { id: lastId, path, head_sha: COMMIT, event: 'push', status, conclusion, ...changes };
}

/** Each list of runs is a page of GitHub's response. */
function findProblems(...pages: object[][]): string[] {
  return findRunProblems(JSON.stringify(pages.map((runs) => ({ workflow_runs: runs }))), COMMIT);
}

const passed = () => [run('ci.yml', 'success'), run('codeql.yml', 'success')];

describe('findRunProblems', () => {
  test('accepts a commit whose required workflows succeeded, whatever page they are on', () => {
    expect(findProblems(passed())).toEqual([]);
    expect(findProblems([run('ci.yml', 'success')], [run('codeql.yml', 'success')])).toEqual([]);
  });

  test('accepts a skipped workflow that isn’t required', () => {
    expect(findProblems([...passed(), run('scorecard.yml', 'skipped')])).toEqual([]);
  });

  test('only counts the newest run of a workflow, whatever the order', () => {
    const failedThenPassed = [run('ci.yml', 'failure'), ...passed()];
    expect(findProblems(failedThenPassed)).toEqual([]);
    expect(findProblems(failedThenPassed.toReversed())).toEqual([]);
    expect(findProblems([...passed(), run('ci.yml', 'failure')].toReversed())).toEqual([
      '.github/workflows/ci.yml ended with failure.',
    ]);
  });

  test('ignores other commits, earlier releases and GitHub’s own workflows', () => {
    const others = [
      run('ci.yml', 'failure', { head_sha: 'b'.repeat(40) }),
      run('release.yml', 'failure'),
      run('', 'failure', { path: 'dynamic/dependabot/dependabot-updates' }),
    ];
    expect(findProblems([...passed(), ...others])).toEqual([]);
  });

  test('finds a workflow whose path has a ref', () => {
    const path = '.github/workflows/ci.yml@main';
    expect(findProblems([run('codeql.yml', 'success'), run('ci.yml', 'success', { path })])).toEqual([]);
  });

  test('ignores the runs of pull requests, whether they passed or failed', () => {
    const event = 'pull_request';
    expect(findProblems([...passed(), run('ci.yml', 'failure', { event })])).toEqual([]);
    expect(findProblems([run('codeql.yml', 'success'), run('ci.yml', 'success', { event })])).toEqual([
      `.github/workflows/ci.yml has not run for ${COMMIT}.`,
    ]);
  });

  test('rejects a commit whose required workflows have not run', () => {
    expect(findProblems([])).toEqual([
      `.github/workflows/ci.yml has not run for ${COMMIT}.`,
      `.github/workflows/codeql.yml has not run for ${COMMIT}.`,
    ]);
  });

  test.each(['failure', 'cancelled', 'timed_out', 'skipped', 'neutral'])(
    'rejects a commit whose required workflow ended with %s',
    (conclusion) => {
      expect(findProblems([...passed(), run('ci.yml', conclusion)])).toEqual([
        `.github/workflows/ci.yml ended with ${conclusion}.`,
      ]);
    },
  );

  test('rejects a commit if a workflow is still running or any other failed', () => {
    expect(findProblems([...passed(), run('ci.yml', null), run('mutation.yml', 'failure')])).toEqual([
      '.github/workflows/ci.yml has not ended (in_progress).',
      '.github/workflows/mutation.yml ended with failure.',
    ]);
  });
});
