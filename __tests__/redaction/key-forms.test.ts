import { expect, test } from '@jest/globals';
import { KEY_FORMS } from '../support/key-leaks.ts';
import { useLeakRun } from '../support/run-for-leaks.ts';
import { runStep, TestClock, validInputs } from '../support/run-step.ts';

const leakRun = useLeakRun();

function failedJob(line: string): void {
  const steps = [{ number: 1, name: 'Run', conclusion: 'failure' }];
  const log = `2026-01-02T03:04:05.1Z ${line}`;
  leakRun().github.jobs = [{ id: 5, name: 'test', conclusion: 'failure', steps, log }];
}

test.each(Object.entries(KEY_FORMS))(
  'no part of a key leaves a step through a log or an error in this form: %s',
  async (_, texts) => {
    const { datadog, findLeaksOf } = leakRun();
    for (const text of texts) {
      datadog.cases.length = 0;
      failedJob(text);
      const response = { status: 400, body: { errors: [`bad header ${text}`] } };
      datadog.injectFault({ request: 'POST', times: 1, response });
      const inputs = { description: text, pr_comment: 'true', log_lines: '10' };
      const leaks = await findLeaksOf({ inputs, event: { head_commit: { message: text } } });
      expect([text, leaks]).toEqual([text, []]);
    }
  },
);

test.each([
  [2300, '[', ']'],
  [2300, '{"a":', '}'],
  [200_000, '[', ']'],
])('an event nested %d levels deep does not cost the case: %s', async (levels, open, close) => {
  const nested = JSON.parse(`${open.repeat(levels)}1${close.repeat(levels)}`);
  const core = await runStep({
    inputs: validInputs(leakRun().datadog),
    event: { nested },
    clock: new TestClock(),
  });
  expect(core.outputs.outcome).toBe('created');
});
