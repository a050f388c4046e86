import { Redactor } from './base/redactor.ts';
import type { Result } from './cases/result.ts';
import { explain } from './content/explain.ts';
import { limitEvent } from './github/event.ts';
import { collectSecrets } from './inputs/credentials.ts';
import { parseDryRun, parseFailOnError } from './inputs/parse-inputs.ts';
import { readRawInputs } from './inputs/raw-inputs.ts';
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

/** Runs the whole step. Never throws: whatever happens is reported. Returns the result, if there is one. */
export async function runStep(given: Environment): Promise<Result | undefined> {
  const environment: Environment = { ...given, event: limitEvent(given.event) };
  const { entryPoint, env, core } = environment;
  // Inputs that `sync` has besides those of the main action are read with its own code.
  const action: ActionName = entryPoint.startsWith('watch') ? 'watch' : 'case';
  const redactor = new Redactor();
  // The runner drops the outputs of post stages.
  const outputs = action === 'watch' ? { setOutput: () => undefined } : {};
  const reporter = new Reporter({ ...core, ...outputs }, redactor);
  const { values, warnings } = readRawInputs(env, action);
  reporter.addSecrets([...collectSecrets(values, env), ...collectProxyPasswords(env)]);
  const stage = STAGES[entryPoint]({ ...environment, redactor, reporter, values, warnings });
  const result = await stage.run().catch((error: unknown): Result => {
    return { outcome: 'failed', operation: stage.operation, error, done: reporter.handledCase };
  });
  if (!result) return undefined;
  try {
    const options = { failOnError: parseFailOnError(values, action), isDryRun: parseDryRun(values), action };
    reporter.finish(result, { ...options, env, isQuiet: stage.isQuiet });
  } catch (error) {
    reporter.warn(`The result could not be reported in full. ${explain(error).text}`);
  }
  return result;
}
