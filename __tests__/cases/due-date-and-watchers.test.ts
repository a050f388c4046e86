import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startDatadogWithClock } from '../support/datadog-with-clock.ts';
import { ACTIVE_USER } from '../support/fake-datadog/catalog.ts';
import { FakeDatadog } from '../support/fake-datadog.ts';
import { runStep, type TestClock, validInputs } from '../support/run-step.ts';

let datadog: FakeDatadog;
let clock: TestClock;
beforeEach(async () => {
  ({ datadog, clock } = await startDatadogWithClock());
});
afterEach(() => datadog.stop());

function openCase(inputs: Record<string, string> = {}) {
  const followUps = { due_date: '2w', watchers: `${ACTIVE_USER.email}, late@acme.example`, ...inputs };
  return runStep({ inputs: { ...validInputs(datadog), ...followUps }, clock });
}

test('sets the due date and adds the watchers right after the case is created', async () => {
  const core = await openCase();
  expect(core.outputs.outcome).toBe('created');
  expect(core.messages('warning')).toBe('');
  expect(datadog.cases[0]).toMatchObject({ attributes: { due_date: '2026-01-16' } });
  expect(datadog.requestLines.filter((line) => line.includes('/watchers/'))).toHaveLength(2);
});

test('opens the case with a warning when a watcher is not found, which a dry run reports as an error', async () => {
  const watchers = 'nobody@acme.example';
  const dryRun = await openCase({ watchers, dry_run: 'true' });
  expect(dryRun.messages('error')).toMatch(/watchers: .*nobody@acme\.example/);
  const core = await openCase({ watchers });
  expect(core.outputs.outcome).toBe('created');
  expect(core.messages('warning')).toMatch(/watchers: .*nobody@acme\.example/);
});

test.each(['due_date', 'watchers/'])(
  'keeps the case, with a warning, when %s fails in any way',
  async (resource) => {
    const responses = [
      { status: 400 },
      { status: 403 },
      { status: 404 },
      { status: 500 },
      'drop',
      'hang',
    ] as const;
    for (const response of responses) {
      const request = `POST .*/${resource}`;
      datadog.injectFault({ request, response, times: 50 });
      const core = await openCase();
      expect(core.outputs.outcome).toBe('created');
      expect(core.hasFailed).toBe(false);
      expect(core.messages('warning')).toContain(`Could not set ${resource.replace('/', '')} (`);
      await datadog.stop();
      datadog = await FakeDatadog.start();
      datadog.onUnanswered = clock.advanceToNextTimeout;
    }
  },
);
