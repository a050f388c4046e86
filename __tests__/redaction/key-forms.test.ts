import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { FakeDatadog } from '../support/fake-datadog.ts';
import { FakeGitHub } from '../support/fake-github.ts';
import { findLeaks, KEY_FORMS } from '../support/key-leaks.ts';
import { runStep, type StepOptions, TestClock, TestCore, validInputs } from '../support/run-step.ts';

let datadog: FakeDatadog;
let github: FakeGitHub;
beforeAll(async () => {
  [datadog, github] = await Promise.all([FakeDatadog.start(), FakeGitHub.start()]);
});
afterAll(() => Promise.all([datadog.stop(), github.stop()]));
beforeEach(() => {
  datadog.cases.length = 0;
});

/** Runs a step with debug logging on, and returns everything that leaves it except the headers that carry the keys. */
async function runWith(options: StepOptions): Promise<string> {
  datadog.requests.length = 0;
  const core = new TestCore();
  core.isDebugEnabled = true;
  const env = github.env(options.env);
  const inputs = {
    ...validInputs(datadog),
    github_token: FakeGitHub.token,
    log_lines: '10',
    ...options.inputs,
  };
  await runStep({ ...options, inputs, env, clock: new TestClock(), core });
  return [core.visibleText, ...datadog.requests.map(({ body }) => JSON.stringify(body))].join('\n');
}

function failedJob(line: string): void {
  const steps = [{ number: 1, name: 'Run', conclusion: 'failure' }];
  const log = `2026-01-02T03:04:05.1Z ${line}`;
  github.jobs = [{ id: 5, name: 'test', conclusion: 'failure', steps, log }];
}

test.each(Object.entries(KEY_FORMS))(
  'no part of a key leaves a step through a log or an error in this form: %s',
  async (_, texts) => {
    for (const text of texts) {
      failedJob(text);
      const response = { status: 400, body: { errors: [`bad header ${text}`] } };
      datadog.injectFault({ request: 'POST', times: 1, response });
      const sent = await runWith({ inputs: { description: text, pr_comment: 'true' }, event: { text } });
      expect([text, findLeaks(sent)]).toEqual([text, []]);
    }
  },
);

test.each([
  [2300, '[', ']'],
  [2300, '{"a":', '}'],
  [200_000, '[', ']'],
])('an event nested %d levels deep does not cost the case: %s', async (levels, open, close) => {
  const nested = JSON.parse(`${open.repeat(levels)}1${close.repeat(levels)}`);
  const core = await runStep({ inputs: validInputs(datadog), event: { nested }, clock: new TestClock() });
  expect(core.outputs.outcome).toBe('created');
});
