import { InputError } from '../base/errors.ts';
import type { Result } from '../cases/result.ts';
import { parseOwnJob, type RunContext, readOwnJobContext } from '../github/run-context.ts';
import { MAX_POST_TIMEOUT_MS } from '../http/time-plan.ts';
import { type Inputs, parseTrigger } from '../inputs/parse-inputs.ts';
import { decideOperation } from './decide.ts';
import { addHiddenFailure } from './doubtful-results.ts';
import { operate } from './operate.ts';
import { explainLostState } from './saved-environment.ts';
import { lacksSecrets, SKIPPED, skipForeignRun } from './secrets.ts';
import type { Stage, Step } from './step.ts';
import { hashProblem, parseWatchInputs, REPORTED_PROBLEM } from './watched-job.ts';

/** The end of a watched job: opens its case, closes it or does nothing. */
export function createWatchEndStage(step: Step): Stage {
  const decision = decideOperation([step.values.job_status], parseTrigger(step.values));
  if (decision.operation === 'none') {
    const { reason } = decision;
    const run = async () => {
      // Nothing is sent if a later step may have decided where to, nor for a run that isn't reported.
      const isSilent =
        lacksSecrets(step) || skipForeignRun(step) || (step.isStateLost && explainLostState(step.env));
      const known = isSilent ? reason : await addHiddenFailure(step, reason, readRun(step));
      return { outcome: 'none', reason: known } as const;
    };
    return { operation: 'close', run, isQuiet: true };
  }
  const { operation } = decision;
  const run = async () => {
    if (lacksSecrets(step)) return SKIPPED;
    const skipped = skipForeignRun(step);
    if (skipped) return skipped;
    const obstacle = step.isStateLost ? explainLostState(step.env) : '';
    if (!obstacle) return report(step, operation);
    step.reporter.warn(describeLostState(obstacle));
    return undefined;
  };
  return { operation, run, isQuiet: operation === 'close' };
}

/** Nothing is sent if a later step may have decided where to. */
function describeLostState(obstacle: string): string {
  return `No case was opened or closed: the inputs could not be saved at the start of the job, and ${obstacle}. The start of the job says what to do.`;
}

async function report(step: Step, operation: 'open' | 'close'): Promise<Result> {
  const { env } = step;
  let inputs: Inputs;
  try {
    inputs = await parseWatchInputs(step, { isStart: false });
  } catch (error) {
    const isReported = error instanceof InputError && env[`STATE_${REPORTED_PROBLEM}`] === hashProblem(error);
    if (!isReported) throw error;
    return { outcome: 'none', reason: { kind: 'reported-at-start', operation } };
  }
  return operate(step, {
    operation,
    inputs: {
      ...inputs,
      timeoutMs: Math.min(inputs.timeoutMs, MAX_POST_TIMEOUT_MS),
      // The input is the status of new cases. A closed case gets the status of its type.
      statusName: operation === 'open' ? inputs.statusName : '',
    },
    run: readRun(step),
    isByResult: true,
  });
}

function readRun({ env, event, values }: Step): RunContext {
  return readOwnJobContext(env, event, parseOwnJob(values.check_run_id, values.job_status));
}
