import { markGiven, redactEnv } from './base/env.ts';
import { isRecord } from './base/json.ts';
import { Redactor } from './base/redactor.ts';
import type { Doubt, Result } from './cases/result.ts';
import { limitEvent } from './github/event.ts';
import { collectSecrets } from './inputs/credentials.ts';
import { parseDryRun, parseFailOnError } from './inputs/parse-inputs.ts';
import { readRawInputs, redactInputs } from './inputs/raw-inputs.ts';
import type { ActionName } from './inputs/schema.ts';
import { Reporter } from './report/reporter.ts';
import { createMainStage } from './stages/main-action.ts';
import { collectProxyPasswords } from './stages/saved-environment.ts';
import type { EntryPoint, Environment, Stage, Step } from './stages/step.ts';
import { createSyncStage } from './stages/sync.ts';
import { createWatchEndStage } from './stages/watch-end.ts';
import { createWatchStartStage } from './stages/watch-start.ts';

const STAGES: Readonly<Record<EntryPoint, (step: Step) => Stage>> = {
  case: createMainStage,
  'watch-start': createWatchStartStage,
  'watch-end': createWatchEndStage,
  sync: createSyncStage,
};

/** How a step ended, as data. */
export interface StepReport {
  readonly result: Result;
  /** What it could not settle. */
  readonly doubts: readonly Doubt[];
}

/** Runs the whole step. Never throws: whatever happens is reported. Also returns it, if there is anything to report. */
export async function runStep(given: Environment): Promise<StepReport | undefined> {
  const { entryPoint, core } = given;
  const givenEnv = markGiven(given.env);
  // Inputs that `sync` has besides those of the main action are read with its own code.
  const action: ActionName = entryPoint.startsWith('watch') ? 'watch' : 'case';
  const redactor = new Redactor();
  // The runner drops the outputs of post stages.
  const outputs = action === 'watch' ? { setOutput: () => undefined } : {};
  const reporter = new Reporter({ ...core, ...outputs }, redactor);
  const { values: givenValues, describeWarnings } = readRawInputs(givenEnv, action);
  reporter.addSecrets([...collectSecrets(givenValues, givenEnv), ...collectProxyPasswords(givenEnv)]);
  const env = redactEnv(givenEnv, redactor);
  const event = redactor.redactJson(limitEvent(given.event));
  const values = redactInputs(givenValues, redactor);
  const warnings = describeWarnings(redactor, env);
  const isEventKnown = isRecord(given.event);
  const step: Step = { ...given, env, givenEnv, event, isEventKnown, redactor, reporter, values, warnings };
  const stage = STAGES[entryPoint](step);
  const result = await stage.run().catch((error: unknown): Result => {
    return { outcome: 'failed', operation: stage.operation, error, done: reporter.handledCase };
  });
  if (!result) return undefined;
  const options = { failOnError: parseFailOnError(values, action), isDryRun: parseDryRun(values), action };
  reporter.finish(result, { ...options, env, isQuiet: stage.isQuiet });
  return { result, doubts: reporter.doubts };
}
