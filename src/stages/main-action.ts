import { formatIssue } from '../base/errors.ts';
import { watchedJobTitle } from '../content/watched-job.ts';
import { parseOwnJob, readRunContext } from '../github/run-context.ts';
import { readWatchedJob } from '../github/watched-job.ts';
import { parseInputs, parseMode } from '../inputs/parse-inputs.ts';
import { createAutoStage } from './auto.ts';
import { operate } from './operate.ts';
import { lacksSecrets, SKIPPED, skipForeignRun } from './secrets.ts';
import { type Stage, type Step, toParseContext } from './step.ts';

/** The main action: opens or closes a case, as `mode` says, or decides by a result. */
export function createMainStage(step: Step): Stage {
  const { env, event, reporter, values } = step;
  const operation = parseMode(values);
  if (operation === 'auto') return createAutoStage(step);
  const run = async () => {
    if (lacksSecrets(step)) return SKIPPED;
    for (const warning of step.warnings) reporter.warn(warning);
    const inputs = await parseInputs(values, toParseContext(step), {
      defaultTitle: defaultTitle(step),
    });
    for (const issue of inputs.warnings) reporter.warn(formatIssue(issue));
    const skipped = skipForeignRun(step);
    if (skipped) return skipped;
    const ownJob = parseOwnJob(values.check_run_id, values.job_status);
    const runContext = readRunContext(env, event, ownJob);
    return operate(step, { operation, inputs, run: runContext, isByResult: false });
  };
  return { operation, run, isQuiet: false };
}

/** The title of a case whose own title nobody could see. */
function defaultTitle({ env, event, values }: Step): string {
  const job = readWatchedJob(env, event, {
    matrix: values.matrix,
    workflowRef: values.workflow_ref,
  });
  return watchedJobTitle(job, { isCancelled: false });
}
