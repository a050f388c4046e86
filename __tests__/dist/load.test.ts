import { beforeEach, expect, test } from '@jest/globals';
import { keyedInputs } from '../support/keyed-case.ts';
import { type ActionResult, runAction } from '../support/run-action.ts';
import { validInputs } from '../support/run-step.ts';
import { useFakesInRealTime } from '../support/use-fakes.ts';

const STEP_COUNT = 24;
const MAX_REQUESTS_PER_SECOND = 15;

const { datadog } = useFakesInRealTime();
beforeEach(() => {
  datadog.maxRequestsPerSecond = MAX_REQUESTS_PER_SECOND;
});

/** Runs many steps at once, as real processes. */
function runSteps(inputs: Record<string, string>): Promise<ActionResult[]> {
  return Promise.all(Array.from({ length: STEP_COUNT }, () => runAction({ inputs })));
}

test(`${STEP_COUNT} steps at once under a rate limit of ${MAX_REQUESTS_PER_SECOND} requests a second each open their case`, async () => {
  const results = await runSteps(validInputs(datadog));
  expect(results.map(({ exitCode }) => exitCode)).toEqual(results.map(() => 0));
  expect(new Set(results.map(({ outputs }) => outputs.case_id)).size).toBe(STEP_COUNT);
  expect(datadog.openCases).toHaveLength(STEP_COUNT);
}, 90_000);

test(`${STEP_COUNT} steps at once with one key under the same rate limit end with one open case`, async () => {
  const results = await runSteps(keyedInputs(datadog));
  expect(results.map(({ exitCode }) => exitCode)).toEqual(results.map(() => 0));
  const [open] = datadog.openCases;
  expect(datadog.openCases).toHaveLength(1);
  expect(new Set(results.map(({ outputs }) => outputs.case_id))).toEqual(new Set([open?.id]));
}, 90_000);
