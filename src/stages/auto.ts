import type { Env } from '../base/env.ts';
import { formatIssue, InputError } from '../base/errors.ts';
import { Unredacted } from '../base/unredacted.ts';
import type { NothingToDo } from '../cases/result.ts';
import { subjectTitle } from '../content/watched-job.ts';
import type { Suspicion } from '../github/contradictions.ts';
import { readReportedItem } from '../github/reported-item.ts';
import {
  type OwnJob,
  parseOwnJob,
  type RunContext,
  readOwnJobContext,
  readRunContext,
} from '../github/run-context.ts';
import { deriveSubjectKey, readSubject, type Subject } from '../github/subject.ts';
import { deriveDedupKey, readWatchedJob, type WatchedJob } from '../github/watched-job.ts';
import { type Inputs, parseInputs, parseTrigger } from '../inputs/parse-inputs.ts';
import { parseResult, type ReportedResult } from '../inputs/result.ts';
import { type Decision, type DecisionRules, decideOperation } from './decide.ts';
import { addHiddenFailure } from './doubtful-results.ts';
import { operate } from './operate.ts';
import { lacksSecrets, SKIPPED, skipForeignRun } from './secrets.ts';
import { type Stage, type Step, toParseContext } from './step.ts';

/** What the step reports, and how that ended. */
interface Report {
  /** What the event is about or, with a `result` of its own, the job of this step. */
  readonly subject: Subject;
  readonly decision: Decision;
  /** The `dedup_key`, unless one is given. */
  readonly derivedKey: string;
  readonly run: RunContext;
  /** What may make a success doubtful, if anything. */
  readonly suspicion?: Suspicion;
}

/** Tells later steps of the job that this one derived its key: `report`, or `dry-run` if that was all. */
const CLAIM_VARIABLE = 'DATADOG_CASE_AUTO';

/** The mode `auto`: opens or closes a case, or does nothing, as the result says. */
export function createAutoStage(step: Step): Stage {
  const { value: result, issues } = parseResult(step.values.result);
  const report = readReport(step, result);
  const { decision } = report;
  const run = async () => {
    if (lacksSecrets(step)) return SKIPPED;
    for (const warning of step.warnings) step.reporter.warn(warning);
    const inputs = await parseAutoInputs(step, report);
    if (decision.operation === 'none' && decision.reason.kind === 'event-unknown')
      return { outcome: 'none', reason: decision.reason } as const;
    const skipped = skipForeignRun(step);
    if (skipped) return skipped;
    if (inputs.isKeyDerived) claimDerivedKey(step, inputs);
    if (decision.operation === 'none') {
      const reason = await addHiddenFailure(step, decision.reason, report.run);
      return { outcome: 'none', reason } as const;
    }
    const { operation } = decision;
    // The input is the status of new cases. A closed case gets the status of its type.
    const statusName = operation === 'open' ? inputs.statusName : '';
    return operate(step, {
      operation,
      inputs: { ...inputs, statusName },
      run: report.run,
      isByResult: true,
      suspicion: report.suspicion,
    });
  };
  const isDecided = decision.operation !== 'none' && !issues.length;
  return { operation: isDecided ? decision.operation : 'auto', run, isQuiet: decision.operation !== 'open' };
}

/** Parses the inputs, and warns of what is wrong with those that aren't essential. Throws an InputError. */
async function parseAutoInputs(step: Step, { subject, decision, derivedKey }: Report): Promise<Inputs> {
  const { reporter, values } = step;
  const isCancelled = decision.operation === 'open' && decision.isCancelled;
  const isKeyDerived = values.dedup_key.isEmpty;
  const filled = { ...values, dedup_key: isKeyDerived ? new Unredacted(derivedKey) : values.dedup_key };
  const inputs = await parseInputs(filled, toParseContext(step), {
    isKeyDerived,
    defaultTitle: subjectTitle(subject, { isCancelled }),
  });
  for (const issue of inputs.warnings) reporter.warn(formatIssue(issue));
  return inputs;
}

/** Reads what the step reports. Never throws: an invalid `result` is an error of the inputs. */
function readReport({ env, event, isEventKnown, values }: Step, result: ReportedResult): Report {
  const facts: Facts = {
    env,
    event,
    ownJob: parseOwnJob(values.check_run_id, values.job_status),
    rules: { ...parseTrigger(values), shouldClose: true, canClose: true },
  };
  const job = readWatchedJob(env, event, { matrix: values.matrix, workflowRef: values.workflow_ref });
  const subject = readSubject(env, event, job);
  if (result.kind === 'results') return reportResults(facts, { subject, job, results: result.values });
  const derivedKey = deriveSubjectKey(subject);
  const run = readRunContext(env, event, facts.ownJob);
  if (subject.kind !== 'job' && !isEventKnown)
    return { subject, derivedKey, decision: none({ kind: 'event-unknown', event: subject.kind }), run };
  if (subject.kind === 'job') return { subject, derivedKey, ...readOwnJob(facts) };
  const decision: Decision =
    subject.result === undefined
      ? none({ kind: 'not-ended', event: subject.kind })
      : decideOperation([subject.result], facts.rules);
  return { subject, derivedKey, decision, run: { ...run, reported: readReportedItem(run, event) } };
}

function none(reason: NothingToDo): Decision {
  return { operation: 'none', reason };
}

/** What the environment, the event and the inputs say. */
interface Facts {
  readonly env: Env;
  readonly event: unknown;
  readonly ownJob: OwnJob;
  readonly rules: DecisionRules;
}

/** Reports results that the workflow gives, which are those of other jobs of this run, or of steps. */
function reportResults(
  { env, event, ownJob, rules }: Facts,
  given: { readonly subject: Subject; readonly job: WatchedJob; readonly results: readonly string[] },
): Report {
  const { subject, job, results } = given;
  return {
    // The job of this step only reports: saying that it failed would be wrong.
    subject: { kind: 'job', job: { ...job, jobId: '', matrix: undefined } },
    decision: decideOperation(results, rules),
    // Neither the key of what the event is about, nor that of this job: their results are others.
    derivedKey: JSON.stringify(['results', deriveSubjectKey(subject), deriveDedupKey(job)]),
    // Without a status, because the history of the workflow counts, not that of this job.
    run: { ...readOwnJobContext(env, event, { ...ownJob, status: '' }), isOnlyOwnJob: false },
    ...(results.includes('skipped') && { suspicion: 'skipped' }),
  };
}

/** How the job of this step is doing so far. */
function readOwnJob({ env, event, ownJob, rules }: Facts): Pick<Report, 'decision' | 'run' | 'suspicion'> {
  const run = readOwnJobContext(env, event, ownJob);
  const decision = decideOperation([ownJob.status], rules);
  // Inside a composite action, the runner doesn't tell what failed outside of it.
  const isUncertain = decision.operation === 'close' && run.isInCompositeAction;
  return {
    run,
    suspicion: 'background',
    decision: isUncertain ? none({ kind: 'in-composite-action' }) : decision,
  };
}

/**
 * Makes sure that only one step of a job derives its key: another one would close the case that the first one opens.
 * Throws an InputError if an earlier step did. After a dry run, only another dry run throws.
 */
function claimDerivedKey({ env, exportVariable }: Step, { isDryRun }: Pick<Inputs, 'isDryRun'>): void {
  const claim = isDryRun ? 'dry-run' : 'report';
  const claims = (env[CLAIM_VARIABLE] ?? '').split(' ').filter((text) => text);
  if (claims.includes(claim))
    throw new InputError([
      {
        input: 'dedup_key',
        text: 'is required, because an earlier step of this job uses mode: auto without one, and only one step of a job can. Give one of the steps a dedup_key, such as `${{ github.workflow }}-integration-${{ github.ref }}`.',
      },
    ]);
  exportVariable(CLAIM_VARIABLE, [...claims, claim].join(' '));
}
