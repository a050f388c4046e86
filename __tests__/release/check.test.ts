import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

// What needs a build is run by .ci/run (npm run release:check), not here: other tests read dist at the same time.
describe('npm run release:check', () => {
  let runs: string;
  beforeEach(async () => {
    runs = join(await mkdtemp(join(tmpdir(), 'case-release-')), 'runs.json');
    await writeFile(runs, '[{"workflow_runs":[]}]');
  });
  afterEach(() => rm(join(runs, '..'), { recursive: true }));

  function check(version: string, commit: string) {
    const args = ['scripts/release/check.ts', '--version', version, '--repository', 'acme/unknown-action'];
    args.push('--commit', commit, '--runs', runs);
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    return { status, lines: stdout.split(/\r?\n/) };
  }

  test('names everything that is wrong and does not build', () => {
    const commit = 'b'.repeat(40);
    const { status, lines } = check('9.9.9', commit);
    expect(status).toBe(1);
    expect(lines).toEqual(
      expect.arrayContaining([
        'FAILED The version is 9.9.9 everywhere',
        expect.stringMatching(/^ {7}package\.json has version [\d.]+, not 9\.9\.9\.$/),
        'FAILED The repository is acme/unknown-action everywhere',
        expect.stringMatching(
          /^ {7}package\.json names \S+ as its repository\. Run npm run release:set -- --repository acme\/unknown-action,/,
        ),
        `FAILED The commit is ${commit}`,
        expect.stringMatching(/^ {7}[0-9a-f]{40} is checked out\.$/),
        'FAILED All checks of the commit passed',
        'This cannot be released.',
      ]),
    );
    expect(lines.join('\n')).not.toContain('The build reproduces');
  });

  test('accepts the commit that is checked out, but not an unusual version', () => {
    const head = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
    const { status, lines } = check('$(id)', head);
    expect(status).toBe(1);
    expect(lines).toContain(`ok     The commit is ${head}`);
    expect(lines).toContain('       "$(id)" is not a version such as 1.2.0.');
  });
});
