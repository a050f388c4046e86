import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { runAction } from '../support/run-action.ts';
import { validInputs } from '../support/run-step.ts';
import { useFakesInRealTime } from '../support/use-fakes.ts';
import { failing, junit, passing, result, sarif } from '../sync/reports.ts';

const { datadog } = useFakesInRealTime();

/** Runs the committed sync action as a runner does. */
function runSync(files: Record<string, string>, runId: number) {
  const { title: _, ...inputs } = validInputs(datadog);
  return runAction({
    action: 'sync/action.yml',
    inputs: { ...inputs, files: '*.sarif\nTEST-*.xml' },
    files,
    event: { repository: { default_branch: 'main' } },
    env: { GITHUB_REPOSITORY: 'acme/shop', GITHUB_REF_NAME: 'main', GITHUB_RUN_ID: String(runId) },
  });
}

test('opens cases for two reports, and closes what is gone', async () => {
  const first = await runSync({ 'a.sarif': sarif([result()]), 'TEST-a.xml': junit(failing('t')) }, 1);
  expect([first.exitCode, first.log]).toEqual([0, expect.not.stringContaining('::warning')]);
  expect(first.outputs).toMatchObject({ outcome: 'synced', opened: '2', open: '2', complete: 'true' });
  expect(first.summary).toContain('| opened |');
  const second = await runSync({ 'a.sarif': sarif([]), 'TEST-a.xml': junit(passing('t')) }, 2);
  expect(second.outputs).toMatchObject({ outcome: 'synced', closed: '2', open: '0' });
  expect(datadog.openCases).toEqual([]);
});

test('its code is not in the main chunk', async () => {
  const code = await readFile('dist/index.js', 'utf8');
  for (const text of ['executionSuccessful', 'testsuites', 'max_closed']) expect(code).not.toContain(text);
});
