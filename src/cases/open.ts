import { formatIssue, type InputIssue, toSentence } from '../base/errors.ts';
import type { DatadogClient } from '../datadog/client.ts';
import { isOwnCase } from '../datadog/create-once.ts';
import { findProject } from '../datadog/projects.ts';
import { uniqueReference } from '../datadog/reference.ts';
import { type ResolvedNames, resolveNames } from '../datadog/resolve-names.ts';
import { collectFailures, type RunFailures } from '../github/run-failures.ts';
import { limitTo, reserveTime } from '../http/client.ts';
import type { OpenContext } from './context.ts';
import { type CreatedCase, createWithFallbacks } from './create.ts';
import { type OpenPlan, summarizePlan } from './draft.ts';
import { deriveReferences, describeKey, findExisting, type KeyedCases } from './find-existing.ts';
import { applyFollowUps } from './follow-up.ts';
import { keepReference } from './keep-reference.ts';
import { commentOnPullRequest } from './link-pull-request.ts';
import { findMaybeReopened, findRecentlyClosed, reopen } from './reopen.ts';
import { reportExisting } from './report-existing.ts';
import type { Result } from './result.ts';
import { settle } from './settle.ts';

/** How long GitHub may take to list failed jobs and their logs, if there is that much time. */
const FAILURES_BUDGET_MS = 5000;
/** How long `description_file` may take to be read: a file system that doesn't respond must not cost the case. */
const FILE_BUDGET_MS = 2000;
/** Kept for creating the case while names are looked up: a share of the time, and no more than this. */
const CREATE_SHARE = 1 / 3;
const MAX_CREATE_RESERVE_MS = 20_000;
/** What a case is like without an input; for others, "without it" says enough. */
const OMITTED: Readonly<Record<string, string>> = {
  type_id: 'this type, as Standard',
  assignee: 'an assignee',
  due_date: 'a due date',
  watchers: 'this watcher',
};

/**
 * Opens a case, in this order: an open case with the same `dedup_key` gets a comment; one that was closed recently is
 * reopened (`reopen_within`); a short streak of failures waits (`after_failures`); otherwise a case is created. Each
 * check makes requests only if its input is used. Throws before a case exists: InputError for wrong inputs,
 * LookupError, the HTTP errors and OutcomeUnknownError. Once a case exists, it only warns.
 */
export async function openCase(context: OpenContext): Promise<Result> {
  const { inputs, datadog } = context;
  const remainingMs = datadog.deadlineMs - datadog.clock.now();
  const lookupClient = reserveTime(datadog, Math.min(remainingMs * CREATE_SHARE, MAX_CREATE_RESERVE_MS));
  const project = findProject(lookupClient, inputs.project);
  const resolving = resolveNames(lookupClient, project, inputs);
  resolving.catch(() => undefined); // Thrown below, unless a case is found first.
  const [keyed, file, failures] = await Promise.all([
    findExisting(context, lookupClient, project).catch(() => undefined), // A project error is rethrown below.
    readDescriptionFile(context, Math.min(FILE_BUDGET_MS, remainingMs / 3)),
    fetchFailures(context, Math.min(FAILURES_BUDGET_MS, remainingMs / 2)),
  ]);
  if (keyed && !inputs.isDryRun) {
    const result = await reportToKeyedCase(context, lookupClient, { keyed, failures });
    if (result) return result;
  }
  const names = await resolving;
  datadog.log(`Project: ${names.project.label}. Case type: ${names.type.label}.`);
  if (inputs.dedupKey && keyed?.isComplete && !keyed.open.length)
    datadog.log(`No case is open for ${describeKey(inputs)}.`);
  const plan = createPlan(context, { names, file, failures, keyed });
  if (inputs.isDryRun) {
    const { planCase } = await import('./plan.ts');
    return planCase(context, plan, keyed);
  }
  const failureCount = await checkStreak(context);
  if (failureCount) return { outcome: 'waiting', failureCount, afterFailures: inputs.afterFailures };
  warnOfOmissions(context, plan);
  return createNewCase(context, plan);
}

/** How many failures there were in a row, if that is too few to open a case. */
async function checkStreak(context: OpenContext): Promise<number | undefined> {
  if (context.inputs.afterFailures <= 1) return undefined;
  const { countEarlyFailures } = await import('./streak.ts');
  return countEarlyFailures(context);
}

interface PlanParts {
  readonly names: ResolvedNames;
  readonly file: DescriptionFile;
  readonly failures: RunFailures;
  readonly keyed: KeyedCases | undefined;
}

function createPlan(context: OpenContext, { names, file, failures, keyed }: PlanParts): OpenPlan {
  const { inputs, run, randomUUID } = context;
  const projectId = names.project.id;
  const unique = uniqueReference(randomUUID());
  const shared = inputs.dedupKey ? deriveReferences(inputs, projectId)[0] : unique;
  const openedBy = run.run && { id: run.run.id, repository: run.repository };
  return {
    names,
    references: { projectId, shared, unique, openedBy },
    fileText: file.text,
    failures,
    omissions: [...inputs.omissions, ...file.omissions, ...names.omissions],
    maybeReopened: findMaybeReopened(context, keyed?.closed ?? []),
  };
}

/** Warns of what was found since the inputs were parsed. */
function warnOfOmissions(
  { inputs, datadog, warn, docsLink }: OpenContext,
  { names, omissions }: OpenPlan,
): void {
  for (const issue of omissions.filter((omission) => !inputs.omissions.includes(omission)))
    warn(`${formatIssue(issue)} The case is opened without ${OMITTED[issue.input] ?? 'it'}.`);
  if (names.omissions.length)
    datadog.log(
      `A scheduled dry run finds such changes before an incident: ${docsLink('examples/check.yml')}`,
    );
}

/** Reports to the open case, or reopens one that was closed recently. `undefined` if there is neither. */
async function reportToKeyedCase(
  context: OpenContext,
  lookupClient: DatadogClient,
  { keyed, failures }: { readonly keyed: KeyedCases; readonly failures: RunFailures },
): Promise<Result | undefined> {
  const [oldest] = keyed.open;
  if (oldest) return reportExisting(context, oldest, failures);
  const recent = findRecentlyClosed(context, keyed.closed);
  return recent && reopen(context, lookupClient, { closed: recent, failures });
}

async function createNewCase(context: OpenContext, plan: OpenPlan): Promise<Result> {
  const created = await createWithFallbacks(context, plan);
  if (created.isConfirmed) context.datadog.log(`Created case ${created.case.label}.`);
  const { request } = created;
  const isCertain = created.isConfirmed || isOwnCase(created.case, plan.references);
  if (isCertain) context.onCase(created.case, 'created');
  // Comments come after these.
  const hasMoreToDo = context.inputs.shouldComment || context.inputs.dedupKey !== '';
  const limited = hasMoreToDo ? limitToHalf(context) : context;
  const [settled] = await Promise.all([
    settle(context, created, plan.maybeReopened),
    keepReference(limited, plan, created),
    isCertain ? applyFollowUps(limited, created.case, plan.names.watchers) : undefined,
  ]);
  if (!settled.isOwn) {
    const existing = await reportExisting(context, settled.case, plan.failures);
    if (existing) return { ...existing, request };
    context.onCase(settled.case, 'existing');
    context.warn(`${settled.case.label} was deleted at the same time. Check whether a case is open.`);
    return { outcome: 'existing', case: settled.case, request, wasCommented: false, commentUrl: '' };
  }
  if (settled.case.id !== created.case.id) {
    await applyFollowUps(limitToHalf(context), settled.case, plan.names.watchers);
  }
  return reportCreated(context, plan, { ...created, case: settled.case });
}

function limitToHalf(context: OpenContext): OpenContext {
  return { ...context, datadog: limitTo(context.datadog, 1 / 2) };
}

async function reportCreated(context: OpenContext, plan: OpenPlan, created: CreatedCase): Promise<Result> {
  context.onCase(created.case, 'created');
  return {
    outcome: 'created',
    case: created.case,
    facts: summarizePlan(context, plan, created.case.statusName),
    request: created.request,
    commentUrl: await commentOnPullRequest(context, created.case, {
      isFailure: true,
      failures: plan.failures,
    }),
  };
}

/** Collects failed jobs and their logs, if the description should have them. */
async function fetchFailures(
  { inputs, run, connectToGitHub, warn }: OpenContext,
  budgetMs: number,
): Promise<RunFailures> {
  const isNeeded = inputs.hasRunContext || inputs.logLines > 0;
  const client = isNeeded ? connectToGitHub?.(budgetMs) : undefined;
  return collectFailures(client, run, inputs.logLines, warn);
}

interface DescriptionFile {
  readonly text: string;
  readonly omissions: readonly InputIssue[];
}

/** Reads `description_file`. A file that can't be read is an omission. */
async function readDescriptionFile(
  { inputs, datadog, readWorkspaceFile, warn }: OpenContext,
  budgetMs: number,
): Promise<DescriptionFile> {
  const path = inputs.descriptionFile;
  if (!path) return { text: '', omissions: [] };
  try {
    const file = await readWorkspaceFile(path, budgetMs);
    const issues = file.problems.map((text) => ({ input: 'description_file', text }));
    if (!inputs.isDryRun) for (const issue of issues) warn(formatIssue(issue));
    const text = datadog.redactor.redact(file.text.trim());
    return { text, omissions: inputs.isDryRun ? issues : [] };
  } catch (error) {
    const issue = { input: 'description_file', text: toSentence(error) };
    return { text: '', omissions: [issue] };
  }
}
