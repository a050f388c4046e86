import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { runAction } from '../support/run-action.ts';
import { validInputs } from '../support/run-step.ts';
import { useFakesInRealTime } from '../support/use-fakes.ts';

const { datadog } = useFakesInRealTime();

test('opens the case at a slow but healthy service as long as there is time', async () => {
  datadog.beforeResponse = () => sleep(1500);
  const inputs = { ...validInputs(datadog), project: 'OPS', timeout: '8' };
  expect((await runAction({ inputs })).outputs.outcome).toBe('created');
  expect(datadog.cases).toHaveLength(1);
});

test('a second attempt succeeds when the first one never gets a response', async () => {
  datadog.injectFault({ request: 'GET .*/projects$', times: 1, response: 'hang' });
  const result = await runAction({ inputs: { ...validInputs(datadog), project: 'OPS', timeout: '10' } });
  expect(result.outputs.outcome).toBe('created');
  expect(result.log).toContain('no response after 2.5 s. Sending a second request in parallel.');
});
