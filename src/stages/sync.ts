import type { Stage, Step } from './step.ts';

/** Keeps a case for each item of a report. Its code is loaded only by this stage. */
export function createSyncStage(step: Step): Stage {
  const run = async () =>
    (await import(/* webpackChunkName: "reports" */ './sync-step.ts')).runSyncStep(step);
  return { operation: 'sync', run, isQuiet: false };
}
