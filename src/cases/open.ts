import { formatIssue } from '../base/errors.ts';
import type { DatadogClient } from '../datadog/client.ts';
import { NOT_NEEDED } from '../http/abort.ts';
import { UnexpectedResponseError } from '../http/errors.ts';
import { within } from '../http/time-plan.ts';
import { commentOnCase, type Failure, type OpenCases } from './comment.ts';
import { createNewCase } from './create/create-case.ts';
import type { NewCase } from './create/new-case.ts';
import type { OpenDecision } from './decide.ts';
import { planCase } from './dry-run.ts';
import { type Facts, gather } from './gather.ts';
import { describeKey, type KeyedCases } from './keyed-cases.ts';
import { decide, type FailureReport, planNewCase } from './plan.ts';
import { closeOpenedMeanwhile, reopen } from './reopen.ts';
import type { Result } from './result.ts';
import type { CaseTools } from './tools.ts';

/** What a case is like without an input; for others, "without it" says enough. */
const OMITTED: Readonly<Record<string, string>> = {
  type_id: 'this type, as Standard',
  assignee: 'an assignee',
  watchers: 'this watcher',
};

/**
 * Reports a failure in three steps: asks for what there is to know, decides, and acts. A decision that turns out to be
 * impossible, because a case is gone, is made again without that case. Throws before a case exists: InputError for wrong
 * inputs, LookupError, HttpError, NetworkError, TimeoutError, UnexpectedResponseError and OutcomeUnknownError. Once a
 * case exists, it only warns.
 */
export async function openCase(tools: CaseTools, report: FailureReport): Promise<Result> {
  const cancellation = new AbortController();
  const lookUpClient = { ...within('lookUp', tools.datadog), cancelSignal: cancellation.signal };
  try {
    const facts = await gather(tools, lookUpClient, report);
    return report.inputs.isDryRun
      ? await planCase(tools, facts, report)
      : await act(tools, lookUpClient, { facts, report });
  } finally {
    cancellation.abort(NOT_NEEDED); // Of names that nobody waits for, because a case was found.
  }
}

async function act(
  tools: CaseTools,
  lookUpClient: DatadogClient,
  { facts, report }: { readonly facts: Facts; readonly report: FailureReport },
): Promise<Result> {
  const { inputs } = report;
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
        ? await commentOnCase(tools, toOpenCases(decision, keyed), failure)
        : await reopen(tools, lookUpClient, { closed: decision.case, failure });
    if (result?.outcome === 'reopened')
      await closeOpenedMeanwhile(tools, result.case, {
        run: report.run,
        key: {
          projectId: decision.case.projectId,
          dedupKey: inputs.dedupKey,
          isDerived: inputs.isKeyDerived,
        },
      });
    if (result) return result;
    keyed = without(keyed, decision.case.id);
  }
}

function toOpenCases(
  { case: existing, duplicates }: Extract<OpenDecision, { kind: 'comment' }>,
  { uncheckedIds }: KeyedCases,
): OpenCases {
  return { existing, duplicates, isChecked: !uncheckedIds.has(existing.id) };
}

function without(keyed: KeyedCases, id: string): KeyedCases {
  const isOther = (candidate: { readonly id: string }) => candidate.id !== id;
  return { ...keyed, open: keyed.open.filter(isOther), closed: keyed.closed.filter(isOther) };
}

function toFailure({ inputs, run, commentOnPullRequest }: FailureReport, { failedJobs }: Facts): Failure {
  const hasTimelineComment = inputs.onExisting === 'comment';
  return { title: inputs.title, failedJobs, run, hasTimelineComment, commentOnPullRequest };
}

/** How often a case is created if the older one, as whose duplicate it was closed, turns out to be gone. */
const MAX_CREATES = 2;

async function create(
  tools: CaseTools,
  facts: Facts,
  report: FailureReport,
  createCount = 1,
): Promise<Result> {
  const { inputs, commentOnPullRequest } = report;
  const names = await facts.names;
  const newCase = planNewCase(names, facts, report);
  if (createCount === 1) announce(tools, newCase, { facts, report });
  const created = await createNewCase(tools, newCase, {
    closed: facts.keyed.closed,
    hasMoreToDo: inputs.hasPullRequestComment || !inputs.dedupKey.isEmpty,
  });
  const { case: datadogCase, facts: summary, request } = created;
  if (created.isOwn) {
    tools.onCase(datadogCase, 'created');
    const event = { isFailure: true, failedJobs: facts.failedJobs };
    const commentUrl = await commentOnPullRequest(datadogCase, event);
    return { outcome: 'created', case: datadogCase, facts: summary, request, commentUrl };
  }
  const existing = { existing: datadogCase, duplicates: [], isChecked: true };
  const result = await commentOnCase(tools, existing, toFailure(report, facts));
  if (result) return { ...result, request };
  if (createCount < MAX_CREATES) return create(tools, facts, report, createCount + 1);
  throw new UnexpectedResponseError(
    `${datadogCase.label} is listed as open, but is not found. This step's own case was closed as its duplicate.`,
  );
}

/** Says what is known before a case is created, and what it is created without. */
function announce(
  { log, warn }: CaseTools,
  { names, omissions }: NewCase,
  { facts, report: { inputs, docsLink } }: { readonly facts: Facts; readonly report: FailureReport },
): void {
  log(`Project: ${names.project.label}. Case type: ${names.type.label}.`);
  if (inputs.dedupKey.isEmpty) log('No dedup_key, or an empty one: every failure opens a case of its own.');
  else if (facts.keyed.isComplete)
    log(`No case is open for ${describeKey({ isDerived: inputs.isKeyDerived })}.`);
  // The others were known at once, and are warnings already.
  for (const issue of omissions.filter((omission) => !inputs.omissions.includes(omission)))
    warn(`${formatIssue(issue)} The case is opened without ${OMITTED[issue.input] ?? 'it'}.`);
  if (names.omissions.length)
    log(`A scheduled dry run finds such changes before an incident: ${docsLink('examples/check.yml')}`);
}
