import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { sharedReferences } from '../../src/datadog/reference.ts';
import { PROJECT } from '../support/fake-datadog/catalog.ts';
import { FakeDatadog } from '../support/fake-datadog.ts';
import { FakeGitHub } from '../support/fake-github.ts';
import { validInputs } from '../support/run-step.ts';
import { type WatchedJobRun, watchJob } from '../support/run-watched-job.ts';

let datadog: FakeDatadog;
let elsewhere: FakeDatadog;
let github: FakeGitHub;
beforeEach(async () => {
  [datadog, elsewhere, github] = await Promise.all([
    FakeDatadog.start(),
    FakeDatadog.start(),
    FakeGitHub.start(),
  ]);
});
afterEach(() => Promise.all([datadog.stop(), elsewhere.stop(), github.stop()]));

function watch(overrides: Partial<WatchedJobRun>) {
  return watchJob(datadog, github, overrides);
}

// The runner sets the inputs that an action declares. It passes on other variables as they are.
test('a later step can neither redirect the keys nor change what is done by setting inputs', async () => {
  const { end } = await watch({
    laterEnv: {
      'INPUT_API-URL': elsewhere.url,
      'INPUT_DEDUP-KEY': 'another',
      'INPUT_DRY-RUN': 'true',
      'INPUT_ON-CANCELLED': 'open',
    },
  });
  expect(end.log).toContain('Opened OPS-1');
  expect(end.log).not.toContain('is read as');
  expect(elsewhere.requestLines).toEqual([]);
});

test('an input that the workflow writes with a hyphen counts at the end of the job, too', async () => {
  const inputs = { ...validInputs(datadog), title: '', 'dedup-key': 'mine' };
  await watch({ inputs });
  const [reference] = sharedReferences(PROJECT.id, 'mine');
  expect(datadog.cases[0]?.attributes.description).toContain(reference);
});

test('an earlier step cannot redirect the keys by setting an input with a hyphen', async () => {
  const { start, end } = await watch({ inputs: { 'api-url': elsewhere.url } });
  expect(start.log).toContain('"api-url" is ignored, because an earlier step could have set it');
  expect(end.log).toContain('Opened OPS-1');
  expect(elsewhere.requestLines).toEqual([]);
});

test('a later step cannot make Node print the requests', async () => {
  const { end } = await watch({ laterEnv: { NODE_DEBUG: 'http,https' } });
  expect(end.log).toContain('Opened OPS-1');
  expect(end.log).not.toMatch(/^HTTPS? \d+: /m);
});

test('the exit code is kept when the end of the job starts again', async () => {
  const inputs = { ...validInputs(datadog), title: '', project: 'NOPE', fail_on_error: 'true' };
  const { end } = await watch({ inputs, laterEnv: { NODE_DEBUG: 'http' } });
  expect(end.log).toContain('Project "NOPE" not found');
  expect(end.exitCode).toBe(1);
});
