import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { runAction, shownLog } from '../support/run-action.ts';
import { validInputs } from '../support/run-step.ts';
import { useFakesInRealTime } from '../support/use-fakes.ts';

const { datadog } = useFakesInRealTime();

test('opens a case and exits with 0', async () => {
  const result = await runAction({ inputs: validInputs(datadog) });
  expect(result.exitCode).toBe(0);
  expect(result.outputs).toMatchObject({
    case_id: datadog.cases[0]?.id,
    case_key: 'OPS-1',
    outcome: 'created',
  });
  expect(result.summary).toContain('OPS-1');
  expect(result.log).toContain('::notice');
});

test('reports all invalid inputs and exits with 1', async () => {
  const result = await runAction({
    inputs: { ...validInputs(datadog), project: '', assignee: 'x', custom_attributes: '{"a": }' },
  });
  expect(result.exitCode).toBe(1);
  expect(result.log).toMatch(/::error title=Datadog case::.*project is required.*"x".*line 1, column 7/);
  expect(result.outputs).toEqual({ outcome: 'failed' });
  expect(datadog.requestLines).toEqual([]);
});

test('fails without printing the key when Datadog rejects it', async () => {
  const result = await runAction({
    inputs: { ...validInputs(datadog), app_key: 'a-wrong-application-key' },
  });
  expect(result.exitCode).toBe(1);
  expect(result.log).toContain('403: Forbidden');
  expect(shownLog(result)).not.toContain('a-wrong-application-key');
});

test('ends in time when Datadog never responds', async () => {
  datadog.injectFault({ request: 'POST', response: 'hang' });
  const result = await runAction({
    inputs: { ...validInputs(datadog), timeout: '1', fail_on_error: 'false' },
  });
  expect(result.exitCode).toBe(0);
  expect(result.outputs).toEqual({ outcome: 'failed' });
});

test('reads description_file from the workspace and nowhere else', async () => {
  const inputs = { ...validInputs(datadog), description_file: 'report.md' };
  await runAction({ inputs, files: { 'report.md': '# Report' } });
  expect(datadog.cases[0]?.attributes.description).toMatch(/^# Report\n\n.*\n\nReference: ghac[0-9a-f]{32}$/);
  const outside = await mkdtemp(join(tmpdir(), 'case-outside-'));
  await writeFile(join(outside, 'private.pem'), 'Private.');
  const setUp = (workspace: string) => symlink(join(outside, 'private.pem'), join(workspace, 'report.md'));
  await runAction({ inputs, setUp }).finally(() => rm(outside, { recursive: true }));
  expect(datadog.cases[1]?.attributes.description).toContain('outside the workspace');
  expect(datadog.cases[1]?.attributes.description).not.toContain('Private.');
  await runAction({ inputs: { ...inputs, description_file: '../..' } });
  expect(datadog.cases[2]?.attributes.description).toContain('outside the workspace');
  await runAction({ inputs: { ...inputs, description_file: '.' } });
  expect(datadog.cases[3]?.attributes.description).toContain('is not a regular file');
  const large = await runAction({ inputs, files: { 'report.md': `# Report\n${'x'.repeat(1024 * 1024)}` } });
  expect(datadog.cases[4]?.attributes.description).toMatch(/^# Report\n/);
  expect(large.log).toContain('is too large (1.0 MiB): only the first 1 MiB is used.');
});
