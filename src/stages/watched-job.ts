import { createHash } from 'node:crypto';
import type { InputError } from '../base/errors.ts';
import { Unredacted } from '../base/unredacted.ts';
import { watchedJobTitle } from '../content/watched-job.ts';
import { deriveDedupKey, readWatchedJob } from '../github/watched-job.ts';
import { type Inputs, parseInputs } from '../inputs/parse-inputs.ts';
import type { RawInputs } from '../inputs/raw-inputs.ts';
import { type Step, toParseContext } from './step.ts';

/** The value of the step's state that says what the start of a job has reported. */
export const REPORTED_PROBLEM = 'reported_problem';

/** What is wrong with the inputs, so that it can be compared. The state of a step has little room. */
export function hashProblem({ message }: InputError): string {
  return createHash('sha256').update(message).digest('hex');
}

/**
 * Parses the inputs of the watch action, at the start or at the end of the job. The defaults of `title` and `dedup_key`
 * depend on the job. Missing credentials are only a warning at the start, because a later step may provide them. Throws
 * an InputError with all issues.
 */
export function parseWatchInputs(step: Step, { isStart }: { readonly isStart: boolean }): Promise<Inputs> {
  const { env, event, values } = step;
  const isKeyDerived = values.dedup_key.isEmpty;
  const job = readWatchedJob(env, event, {
    matrix: values.matrix,
    workflowRef: values.workflow_ref,
  });
  const filled: RawInputs = {
    ...values,
    dedup_key: isKeyDerived ? new Unredacted(deriveDedupKey(job)) : values.dedup_key,
  };
  return parseInputs(filled, toParseContext(step), {
    action: 'watch',
    isKeyDerived,
    mayCredentialsFollow: isStart,
    defaultTitle: watchedJobTitle(job, { isCancelled: isCancelled(values) }),
  });
}

/** Whether the job was cancelled, or ran into its time limit. */
function isCancelled({ job_status: status }: RawInputs): boolean {
  return status.toLowerCase() === 'cancelled';
}
