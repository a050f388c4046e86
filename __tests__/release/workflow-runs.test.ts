import { describe, expect, test } from '@jest/globals';
import { findRunProblems } from '../../scripts/release/workflow-runs.ts';

const COMMIT = 'a'.repeat(40);
let lastId = 0;

/** A later run has a higher ID. */
function run(file: string, conclusion: string | null, changes: object = {}): object {
  lastId += 1;
  const status = conclusion ? 'completed' : 'in_progress';
  return { id: lastId, path: `.github/workflows/${file}`, head_sha: COMMIT, status, conclusion, ...changes };
}

/** Each list of runs is a page of GitHub's response. */
function problemsOf(...pages: object[][]): string[] {
  return findRunProblems(JSON.stringify(pages.map((runs) => ({ workflow_runs: runs }))), COMMIT);
}

const passed = () => [run('ci.yml', 'success'), run('codeql.yml', 'success')];

describe('all checks of a commit passed', () => {
  test('if every required workflow succeeded, on whichever page it is', () => {
    expect(problemsOf(passed())).toEqual([]);
    expect(problemsOf([run('ci.yml', 'success')], [run('codeql.yml', 'success')])).toEqual([]);
  });

  test('if a workflow that isn’t required was skipped', () => {
    expect(problemsOf([...passed(), run('scorecard.yml', 'skipped')])).toEqual([]);
  });

  test('if the newest run of a workflow succeeded, in whichever order they are listed', () => {
    const failedThenPassed = [run('ci.yml', 'failure'), ...passed()];
    expect(problemsOf(failedThenPassed)).toEqual([]);
    expect(problemsOf(failedThenPassed.toReversed())).toEqual([]);
    expect(problemsOf([...passed(), run('ci.yml', 'failure')].toReversed())).toEqual([
      '.github/workflows/ci.yml ended with failure.',
    ]);
  });

  test('whatever became of other commits, earlier releases and GitHub’s own workflows', () => {
    const others = [
      run('ci.yml', 'failure', { head_sha: 'b'.repeat(40) }),
      run('release.yml', 'failure'),
      run('', 'failure', { path: 'dynamic/dependabot/dependabot-updates' }),
    ];
    expect(problemsOf([...passed(), ...others])).toEqual([]);
  });

  test('not if a required workflow has not run', () => {
    expect(problemsOf([])).toEqual([
      `.github/workflows/ci.yml has not run for ${COMMIT}.`,
      `.github/workflows/codeql.yml has not run for ${COMMIT}.`,
    ]);
  });

  test.each(['failure', 'cancelled', 'timed_out', 'skipped', 'neutral'])(
    'not if a required workflow ended with %s',
    (conclusion) => {
      expect(problemsOf([...passed(), run('ci.yml', conclusion)])).toEqual([
        `.github/workflows/ci.yml ended with ${conclusion}.`,
      ]);
    },
  );

  test('not if a workflow is still running, or another one failed', () => {
    expect(problemsOf([...passed(), run('ci.yml', null), run('mutation.yml', 'failure')])).toEqual([
      '.github/workflows/ci.yml has not ended (in_progress).',
      '.github/workflows/mutation.yml ended with failure.',
    ]);
  });
});
