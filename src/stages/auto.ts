import { createHash } from 'node:crypto';
import { formatIssue, InputError } from '../base/errors.ts';
import { subjectTitle } from '../content/watched-job.ts';
import { parseOwnJob, type RunContext, readOwnJobContext, readRunContext } from '../github/run-context.ts';
import { deriveSubjectKey, readSubject, type Subject } from '../github/subject.ts';
import { deriveDedupKey, readWatchedJob } from '../github/watched-job.ts';
import { type Inputs, parseInputs, parseTrigger } from '../inputs/parse-inputs.ts';
import { redactInputs } from '../inputs/raw-inputs.ts';
import { parseResult, type ReportedResult } from '../inputs/result.ts';
import { type Decision, decideOperation } from './decide.ts';
import { operate } from './operate.ts';
import { lacksSecrets, SKIPPED, skipForeignRun } from './secrets.ts';
import type { Stage, Step } from './step.ts';

/** What the step reports, and how that ended. */
interface Report {
  /** What the event is about or, with a `result` of its own, the job of this step. */
  readonly subject: Subject;
  readonly decision: Decision;
  /** The `dedup_key`, unless one is given. */
  readonly derivedKey: string;
  readonly run: RunContext;
}

/** Set for later steps of the job, once a step has derived its key. */
const KEY_VARIABLE = 'DATADOG_CASE_AUTO_KEY';

/** The mode `auto`: opens or closes a case, or does nothing, as the result says. */
export function createAutoStage(step: Step): Stage {
  const { value: result } = parseResult(step.values.result);
  const report = readReport(step, result);
  const { decision } = report;
  const run = async () => {
    if (lacksSecrets(step)) return SKIPPED;
    for (const warning of step.warnings) step.reporter.warn(warning);
    const inputs = await parseAutoInputs(step, report);
    const skipped = skipForeignRun(step);
    if (skipped) return skipped;
    if (inputs.isKeyDerived) claimKey(step, report.derivedKey);
    if (decision.operation === 'none') return { outcome: 'none', reason: decision.reason } as const;
    const { operation } = decision;
    // The input is the status of new cases. A closed case gets the status of its type.
    const statusName = operation === 'open' ? inputs.statusName : '';
    return operate(step, { operation, inputs: { ...inputs, statusName }, run: report.run, isByResult: true });
  };
  return { operation: decision.operation === 'close' ? 'close' : 'open', run, isQuiet: true };
}

/** Parses the inputs, and warns of what is wrong with those that aren't essential. Throws an InputError. */
async function parseAutoInputs(step: Step, { subject, decision, derivedKey }: Report): Promise<Inputs> {
  const { env, redactor, reporter, values, clock } = step;
  const isCancelled = decision.operation === 'open' && decision.isCancelled;
  const filled = { ...values, dedup_key: values.dedup_key || derivedKey };
  const inputs = await parseInputs(redactInputs(filled, redactor), env, clock.now(), {
    isKeyDerived: !values.dedup_key,
    defaultTitle: subjectTitle(subject, { isCancelled }),
  });
  for (const issue of inputs.warnings) reporter.warn(formatIssue(issue));
  return inputs;
}

/** Reads what the step reports. Never throws: an invalid `result` is an error of the inputs. */
function readReport({ env, event, redactor, values }: Step, result: ReportedResult): Report {
  const [safeEnv, safeEvent] = [redactor.redactJson(env), redactor.redactJson(event)];
  const job = readWatchedJob(safeEnv, safeEvent, {
    matrix: redactor.redact(values.matrix),
    workflowRef: values.workflow_ref,
  });
  const eventSubject = readSubject(safeEnv, safeEvent, job);
  const ownJob = parseOwnJob(values.check_run_id, values.job_status);
  const rules = { ...parseTrigger(values), shouldClose: true, canClose: true };
  if (result.kind === 'results') {
    const isAboutJob = eventSubject.kind === 'job';
    const keys = [deriveSubjectKey(eventSubject), ...(isAboutJob ? [] : [deriveDedupKey(job)])];
    return {
      subject: { kind: 'job', job },
      decision: decideOperation(result.values, rules),
      // Several workflows or jobs may report results of their own on the same event.
      derivedKey: keys.length > 1 ? JSON.stringify(keys) : (keys[0] ?? ''),
      // The results are those of other jobs, so the workflow's history counts, not this job's.
      run: readRunContext(safeEnv, safeEvent, { ...ownJob, status: '' }),
    };
  }
  return {
    subject: eventSubject,
    derivedKey: deriveSubjectKey(eventSubject),
    ...(eventSubject.kind === 'job'
      ? readOwnJob(readOwnJobContext(safeEnv, safeEvent, ownJob), rules)
      : {
          decision:
            eventSubject.result === undefined
              ? { operation: 'none', reason: { kind: 'not-ended', event: eventSubject.kind } }
              : decideOperation([eventSubject.result], rules),
          run: readRunContext(safeEnv, safeEvent, ownJob),
        }),
  };
}

/** What the job of this step has come to so far. */
function readOwnJob(
  run: RunContext,
  rules: Parameters<typeof decideOperation>[1],
): Pick<Report, 'decision' | 'run'> {
  const decision = decideOperation([run.ownJob?.status ?? ''], rules);
  // Inside a composite action, the runner doesn't tell what failed outside of it.
  const isUncertain = decision.operation === 'close' && run.isInCompositeAction;
  return {
    run,
    decision: isUncertain ? { operation: 'none', reason: { kind: 'in-composite-action' } } : decision,
  };
}

/**
 * Makes sure that no two steps of a job derive the same key: each would close what the other one opens. Throws an
 * InputError if an earlier step did.
 */
function claimKey({ env, exportVariable }: Step, key: string): void {
  const claim = createHash('sha256').update(key).digest('hex').slice(0, 16);
  if (env[KEY_VARIABLE] === claim)
    throw new InputError([
      {
        input: 'dedup_key',
        text: 'is required, because an earlier step of this job uses mode: auto without one: both would report to the same case. Give one of the steps a dedup_key, such as ${{ github.workflow }}-integration-${{ github.ref }}.',
      },
    ]);
  exportVariable(KEY_VARIABLE, claim);
}
