import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { keyedInputs } from '../support/keyed-case.ts';
import { runStep, type TestCore, validInputs } from '../support/run-step.ts';
import { SharedClock } from '../support/shared-clock.ts';
import { useFakes } from '../support/use-fakes.ts';

const STEP_COUNT = 24;
const MAX_REQUESTS_PER_SECOND = 15;

const { datadog } = useFakes();

/** Runs many steps at once under a rate limit, and returns them and the seconds that they took together. */
async function runSteps(inputs: Record<string, string>): Promise<{ cores: TestCore[]; seconds: number }> {
  const clock = new SharedClock();
  const startedAt = clock.time;
  datadog.now = clock.now;
  datadog.maxRequestsPerSecond = MAX_REQUESTS_PER_SECOND;
  let drawn = 0;
  const random = () => {
    drawn = (drawn + 0.618) % 1; // Evenly spread, and the same in each run.
    return drawn;
  };
  const cores = await Promise.all(
    Array.from({ length: STEP_COUNT }, () => runStep({ inputs, clock, randomUUID, random })),
  );
  return { cores, seconds: (clock.time - startedAt) / 1000 };
}

test(`${STEP_COUNT} steps at once under a rate limit of ${MAX_REQUESTS_PER_SECOND} requests a second each open their case`, async () => {
  const { cores, seconds } = await runSteps(validInputs(datadog));
  expect(cores.map(({ hasFailed }) => hasFailed)).toEqual(cores.map(() => false));
  expect(new Set(cores.map(({ outputs }) => outputs.case_id)).size).toBe(STEP_COUNT);
  expect(datadog.openCases).toHaveLength(STEP_COUNT);
  expect(seconds).toBeLessThan(5);
});

test(`${STEP_COUNT} steps at once with one key under the same rate limit end with one open case`, async () => {
  const { cores, seconds } = await runSteps(keyedInputs(datadog));
  expect(cores.map(({ hasFailed }) => hasFailed)).toEqual(cores.map(() => false));
  const [open] = datadog.openCases;
  expect(datadog.openCases).toHaveLength(1);
  expect(new Set(cores.map(({ outputs }) => outputs.case_id))).toEqual(new Set([open?.id]));
  expect(seconds).toBeLessThan(20);
});
