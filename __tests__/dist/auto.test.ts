import { expect, test } from '@jest/globals';
import { runAction } from '../support/run-action.ts';
import { validInputs } from '../support/run-step.ts';
import { useFakesInRealTime } from '../support/use-fakes.ts';

const { datadog, github } = useFakesInRealTime();

/** Runs a step after others, which exported these variables. */
function auto(inputs: Record<string, string>, exported: Readonly<Record<string, string>> = {}) {
  const { title: _, ...valid } = validInputs(datadog);
  return runAction({ inputs: { ...valid, mode: 'auto', ...inputs }, env: github.env(exported) });
}

test('a second step of a job needs a dedup_key, and sends nothing without one', async () => {
  const first = await auto({ job_status: 'failure' });
  expect(first.outputs.outcome).toBe('created');
  expect(datadog.cases[0]?.attributes.title).toBe('Deploy / deploy failed on main');
  const requestCount = datadog.requestLines.length;

  const second = await auto({ job_status: 'failure' }, first.exported);
  expect([second.exitCode, second.outputs.outcome]).toEqual([1, 'failed']);
  expect(second.log).toContain('dedup_key is required, because an earlier step of this job uses mode: auto');
  expect(datadog.requestLines).toHaveLength(requestCount);

  const third = await auto({ job_status: 'failure', dedup_key: 'its own' }, first.exported);
  expect(third.outputs.outcome).toBe('created');
});

test('the result of a misspelled job is an error', async () => {
  const { exitCode, outputs, log } = await auto({ result: '' });
  expect([exitCode, outputs.outcome]).toEqual([1, 'failed']);
  expect(log).toContain('result is empty. Check the name of the job in `needs.<job>.result`');
  expect(datadog.requestLines).toEqual([]);
});
