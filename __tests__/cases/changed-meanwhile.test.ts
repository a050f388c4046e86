import { expect, test } from '@jest/globals';
import { closedAttributes } from '../support/fake-datadog/stored-case.ts';
import { keyedInputs, SHARED_REFERENCE, seedKeyedCase } from '../support/keyed-case.ts';
import { FOOTER } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, github, clock, openCase } = useFakes();

/** What happens while GitHub still shows an earlier step as running, so that its list is read several times. */
function openWhile(happens: () => void) {
  const job = { id: 5, name: 'job 5', status: 'in_progress', conclusion: null, runner_name: 'runner 3' };
  const running = { status: 'in_progress', conclusion: null, started_at: '2026-01-02T03:04:00Z' };
  github.jobs = [{ ...job, steps: [{ number: 4, name: 'Deploy', ...running }] }];
  github.beforeResponse = () => {
    if (clock.delays.length === 2) happens();
  };
  return openCase(keyedInputs(datadog), { env: { RUNNER_NAME: 'runner 3' } });
}

test('opens a case if somebody closes the open one while GitHub is slow', async () => {
  const stored = seedKeyedCase(datadog);
  const core = await openWhile(() => Object.assign(stored.attributes, closedAttributes(clock.time)));
  expect(core.outputs).toMatchObject({ outcome: 'created', case_key: 'OPS-2' });
  expect(stored.comments).toEqual([]);
  expect(datadog.openCases).toHaveLength(1);
});

test('keeps what a person writes into the description while GitHub is slow', async () => {
  const stored = seedKeyedCase(datadog);
  const core = await openWhile(() => {
    stored.attributes.description = `A note.\n\n${FOOTER}${SHARED_REFERENCE}`;
  });
  expect(core.outputs.outcome).toBe('existing');
  expect(stored.attributes.description).toBe(
    `A note.\n\n${FOOTER}${SHARED_REFERENCE}, opened by run 42 of acme/shop on github.example`,
  );
});

test('reports to the open case if it cannot be fetched again', async () => {
  const stored = seedKeyedCase(datadog);
  datadog.injectFault({ request: `GET .*/${stored.id}$`, skip: 1, response: { status: 403 } });
  const core = await openWhile(() => undefined);
  expect(core.outputs).toMatchObject({ outcome: 'existing', case_id: stored.id });
  expect(stored.comments).toHaveLength(1);
  expect(core.messages('warning')).toBe('');
});
