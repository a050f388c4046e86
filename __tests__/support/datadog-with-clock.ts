import { FakeDatadog } from './fake-datadog.ts';
import { TestClock } from './run-step.ts';

/** Starts a fake Datadog that goes by its own clock. A request that stays unanswered moves the clock to its timeout. */
export async function startDatadogWithClock(): Promise<{ datadog: FakeDatadog; clock: TestClock }> {
  const datadog = await FakeDatadog.start();
  const clock = new TestClock();
  datadog.now = clock.now;
  datadog.onUnanswered = clock.advanceToNextTimeout;
  return { datadog, clock };
}
