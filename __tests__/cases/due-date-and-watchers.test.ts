import { expect, test } from '@jest/globals';
import { ACTIVE_USER } from '../support/fake-datadog/catalog.ts';
import { runStep, validInputs } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, clock } = useFakes();

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

const FAILURES = [
  { status: 400 },
  { status: 403 },
  { status: 404 },
  { status: 500 },
  'drop',
  'hang',
] as const;

test.each(
  ['due_date', 'watchers/'].flatMap((resource) => FAILURES.map((response) => ({ resource, response }))),
)('keeps the case, with a warning, when $resource fails with $response', async ({ resource, response }) => {
  datadog.injectFault({ request: `POST .*/${resource}`, response, times: 50 });
  const core = await openCase();
  expect(core.outputs.outcome).toBe('created');
  expect(core.hasFailed).toBe(false);
  expect(core.messages('warning')).toContain(`Could not set ${resource.replace('/', '')} (`);
});
