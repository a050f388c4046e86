import { expect, test } from '@jest/globals';
import fetch from 'node-fetch';
import { TestClock } from './run-step.ts';
import { SharedClock } from './shared-clock.ts';
import { useFakes } from './use-fakes.ts';

const { datadog, clock } = useFakes();

test('moves to the timeout of a request that stays unanswered', async () => {
  datadog.injectFault({ request: 'GET', response: 'hang' });
  const startedAt = clock.time;
  await expect(fetch(datadog.url, { signal: clock.timeoutSignal(3000) })).rejects.toThrow('aborted');
  expect(clock.time - startedAt).toBe(3000);
});

test('says so if no timeout ends the wait for a response', async () => {
  await expect(new TestClock().advanceToNextTimeout(() => true)).rejects.toThrow(
    'no timeout of this clock ends it. Does the step use another clock?',
  );
});

test('several sleepers wake up in order, and time passes for all of them at once', async () => {
  const shared = new SharedClock();
  const startedAt = shared.time;
  const wakings: number[] = [];
  const sleep = async (...delays: number[]) => {
    for (const delay of delays) {
      await shared.sleep(delay);
      wakings.push(shared.time - startedAt);
    }
  };
  await Promise.all([sleep(500, 1000), sleep(700), sleep(200, 200, 200)]);
  expect(wakings).toEqual([200, 400, 500, 600, 700, 1500]);
});
