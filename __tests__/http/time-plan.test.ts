import { expect, test } from '@jest/globals';
import { type PhaseName, pause, timeFor, within } from '../../src/http/time-plan.ts';
import { TestClock } from '../support/run-step.ts';

/** Something that must end in this many milliseconds. */
function startTimed(remainingMs: number) {
  const clock = new TestClock();
  return { clock, deadlineMs: clock.time + remainingMs };
}

test.each<[PhaseName, number, number]>([
  ['lookUp', 90_000, 70_000],
  ['lookUp', 30_000, 20_000],
  ['create', 60_000, 48_000],
  ['create', 8000, 6000],
  ['settle', 60_000, 57_000],
  ['settle', 2000, 0],
  ['refresh', 60_000, 30_000],
  ['failedJobs', 60_000, 5000],
  ['failedJobs', 6000, 3000],
  ['findOutNothingIsOpen', 60_000, 15_000],
  ['findOutNothingIsOpen', 9000, 9000],
  ['refresh', -1, 0],
])('the phase %s may take, of %d ms, %d ms', (phase, remainingMs, expected) => {
  const timed = startTimed(remainingMs);
  expect(timeFor(phase, timed)).toBe(expected);
  expect(within(phase, timed)).toEqual({ ...timed, deadlineMs: timed.clock.time + expected });
});

test('sleeps only if there is time left afterwards', async () => {
  const timed = startTimed(1000);
  expect(await pause(timed, 1000)).toBe(false);
  expect(await pause(timed, 999)).toBe(true);
  expect(timed.clock.delays).toEqual([999]);
});
