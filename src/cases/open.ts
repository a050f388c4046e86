import { formatIssue } from '../base/errors.ts';
import { within } from '../http/time-plan.ts';
import { commentOnCase, type Failure } from './comment.ts';
import { createNewCase } from './create/create-case.ts';
import { summarize } from './create/new-case.ts';
import { findMaybeReopened } from './decide.ts';
import { describeKey, type KeyedCases } from './find-cases.ts';
import { type Facts, gather } from './gather.ts';
import { decide, type FailureReport, planNewCase } from './plan.ts';
import { reopen } from './reopen.ts';
import type { Result } from './result.ts';
import type { CaseTools } from './tools.ts';

/**
 * Reports a failure in three steps: asks for what there is to know, decides, and acts. A decision that turns out to be
 * impossible, because a case is gone, is made again without that case. Throws before a case exists: InputError for wrong
 * inputs, LookupError, HttpError, NetworkError, TimeoutError, UnexpectedResponseError and OutcomeUnknownError. Once a
 * case exists, it only warns.
 */
export async function openCase(tools: CaseTools, report: FailureReport): Promise<Result> {
  const { inputs } = report;
  const lookUpClient = within('lookUp', tools.datadog);
  const facts = await gather(tools, lookUpClient, report);
  if (inputs.isDryRun) {
    const { planCase } = await import('./dry-run.ts');
    return planCase(tools, facts, report);
  }
  let keyed = facts.keyed;
  for (;;) {
    const decision = decide({ ...facts, keyed }, report, tools);
    const failure = toFailure(report, facts);
    if (decision.kind === 'create') return create(tools, { ...facts, keyed }, report);
    if (decision.kind === 'wait') {
      await facts.names; // Wrong names are reported now, rather than at the failure that opens the case.
      const { failureCount } = decision;
      return { outcome: 'waiting', failureCount, afterFailures: inputs.afterFailures };
    }
    const result =
      decision.kind === 'comment'
        ? await commentOnCase(tools, { existing: decision.case, duplicates: decision.duplicates }, failure)
        : await reopen(tools, lookUpClient, { closed: decision.case, failure });
    if (result) return result;
    keyed = without(keyed, decision.case.id);
  }
}

function without(keyed: KeyedCases, id: string): KeyedCases {
  const isOther = (candidate: { readonly id: string }) => candidate.id !== id;
  return { ...keyed, open: keyed.open.filter(isOther), closed: keyed.closed.filter(isOther) };
}

function toFailure({ inputs, run, commentOnPullRequest }: FailureReport, { failedJobs }: Facts): Failure {
  const shouldComment = inputs.onExisting === 'comment';
  return { title: inputs.title, failedJobs, run, shouldComment, commentOnPullRequest };
}

async function create(tools: CaseTools, facts: Facts, report: FailureReport): Promise<Result> {
  const { inputs, docsLink, commentOnPullRequest } = report;
  const { log, warn, datadog, onCase } = tools;
  const names = await facts.names;
  log(`Project: ${names.project.label}. Case type: ${names.type.label}.`);
  const { isComplete } = facts.keyed;
  if (inputs.dedupKey && isComplete)
    log(`No case is open for ${describeKey({ isDerived: inputs.isKeyDerived })}.`);
  const newCase = planNewCase(names, facts, report);
  // The others were known at once, and are warnings already.
  const news = newCase.omissions.filter((issue) => !inputs.omissions.includes(issue));
  for (const issue of news) warn(`${formatIssue(issue)} The case is opened without it.`);
  if (names.omissions.length)
    log(`A scheduled dry run finds such changes before an incident: ${docsLink('examples/check.yml')}`);
  const { reopenWithinMs } = inputs;
  const created = await createNewCase(tools, newCase, {
    maybeReopened: findMaybeReopened(reopenWithinMs, datadog.clock.now(), facts.keyed.closed).slice(0, 1),
    reopenWithinMs,
    hasMoreToDo: inputs.shouldComment || inputs.dedupKey !== '',
  });
  if (!created.isOwn) {
    const existing = { existing: created.case, duplicates: [] };
    const result = await commentOnCase(tools, existing, toFailure(report, facts));
    if (result) return { ...result, request: created.request };
    onCase(created.case, 'existing');
    warn(`${created.case.label} was deleted at the same time. Check whether a case is open.`);
    const { case: gone, request } = created;
    return { outcome: 'existing', case: gone, request, wasCommented: false, commentUrl: '' };
  }
  onCase(created.case, 'created');
  const commentUrl = await commentOnPullRequest(created.case, {
    isFailure: true,
    failedJobs: facts.failedJobs,
  });
  const summary = summarize(newCase, created.case.statusName);
  return { outcome: 'created', case: created.case, facts: summary, request: created.request, commentUrl };
}
