import { expect, test } from '@jest/globals';
import { closedAttributes } from '../support/fake-datadog/stored-case.ts';
import { holdUntilArrived } from '../support/hold-requests.ts';
import { keyedInputs, seedKeyedCase } from '../support/keyed-case.ts';
import { runAction } from '../support/run-action.ts';
import { validInputs } from '../support/run-step.ts';
import { useFakesInRealTime } from '../support/use-fakes.ts';

const { datadog } = useFakesInRealTime();

test('30 concurrent steps leave one open case', async () => {
  datadog.indexLagMs = 200;
  const inputs = { ...validInputs(datadog), dedup_key: 'deploy-main' };
  const results = await Promise.all(Array.from({ length: 30 }, () => runAction({ inputs })));
  expect(datadog.openCases).toHaveLength(1);
  expect(new Set(results.map(({ outputs }) => outputs.case_id))).toEqual(new Set([datadog.openCases[0]?.id]));
  expect(results.filter(({ outputs }) => outputs.outcome === 'created')).toHaveLength(1);
  for (const { exitCode, log } of results)
    expect([exitCode, log]).toEqual([0, expect.not.stringContaining('::warning')]);
}, 120_000);

test('8 concurrent steps whose creates all returned 502 leave one open case', async () => {
  datadog.injectFault({ request: 'POST /api/v2/cases$', phase: 'after', response: { status: 502 } });
  holdUntilArrived([datadog], 8, /^POST \/api\/v2\/cases$/);
  const inputs = { ...validInputs(datadog), dedup_key: 'deploy-main' };
  const results = await Promise.all(Array.from({ length: 8 }, () => runAction({ inputs })));
  expect(datadog.cases).toHaveLength(8);
  expect(datadog.openCases).toHaveLength(1);
  expect(new Set(results.map(({ outputs }) => outputs.case_id))).toEqual(new Set([datadog.openCases[0]?.id]));
  expect(results.filter(({ outputs }) => outputs.outcome === 'created')).toHaveLength(1);
}, 120_000);

test('30 concurrent steps with reopen_within leave one open case although the index lags', async () => {
  seedKeyedCase(datadog, closedAttributes(Date.now() - 3_600_000));
  datadog.indexLagMs = 1500;
  for (const stored of datadog.cases) Object.assign(stored, { createdAtMs: stored.createdAtMs - 10_000 });
  const inputs = { ...keyedInputs(datadog), reopen_within: '24' };
  const results = await Promise.all(Array.from({ length: 30 }, () => runAction({ inputs })));
  expect(datadog.openCases.map(({ key }) => key)).toEqual(['OPS-1']);
  for (const { outputs } of results) {
    expect(outputs.case_key).toBe('OPS-1');
    expect(['reopened', 'existing']).toContain(outputs.outcome);
  }
}, 120_000);
