import { InputError, type InputIssue, toSentence } from '../base/errors.ts';
import { explain } from '../content/explain.ts';
import { recurrenceComment } from '../content/timeline.ts';
import type { Case } from '../datadog/case.ts';
import { addComment, setAttributes } from '../datadog/cases.ts';
import { toCreateBody } from '../datadog/create-body.ts';
import { isOwnCase } from '../datadog/create-once.ts';
import { findProject } from '../datadog/projects.ts';
import { sharedReferences, uniqueReference } from '../datadog/reference.ts';
import { resolveNames } from '../datadog/resolve-names.ts';
import { isNotFound } from '../datadog/search.ts';
import { verifyNames } from '../datadog/verify-names.ts';
import { collectFailures, type RunFailures } from '../github/run-failures.ts';
import { reserveTime } from '../http/client.ts';
import type { OpenContext } from './context.ts';
import { type CreatedCase, createWithFallbacks } from './create.ts';
import { buildDraft, fullDraft, type OpenPlan, summarizePlan } from './draft.ts';
import { findExisting } from './find-existing.ts';
import { keepReference } from './keep-reference.ts';
import { commentOnPullRequest } from './link-pull-request.ts';
import type { Result } from './result.ts';
import { settle } from './settle.ts';

/** How long GitHub may take to list failed jobs and their logs, if there is that much time. */
const FAILURES_BUDGET_MS = 5000;
/** Kept for creating the case while names are looked up: a share of the time, and no more than this. */
const CREATE_SHARE = 1 / 3;
const MAX_CREATE_RESERVE_MS = 20_000;
const DRY_RUN_HINT = 'A run with dry_run: true finds such things on a good day (examples/check.yml).';

/**
 * Opens a case, or finds the one that is already open. Throws before a case exists: InputError for wrong inputs,
 * LookupError, the HTTP errors and OutcomeUnknownError. Once a case exists, it only warns.
 */
export async function openCase(context: OpenContext): Promise<Result> {
  const { inputs, datadog, run } = context;
  const remainingMs = datadog.deadlineMs - datadog.clock.now();
  const lookupClient = reserveTime(datadog, Math.min(remainingMs * CREATE_SHARE, MAX_CREATE_RESERVE_MS));
  const project = findProject(lookupClient, inputs.project);
  const resolving = resolveNames(lookupClient, project, inputs);
  const [existing, file, failures] = await Promise.all([
    findExisting(context, lookupClient, project).catch(() => undefined), // A project error is rethrown below.
    readDescriptionFile(context),
    fetchFailures(context, Math.min(FAILURES_BUDGET_MS, remainingMs / 2)),
    resolving.catch(() => undefined),
  ]);
  if (existing && !inputs.dryRun) {
    const result = await reportExisting(context, existing, failures);
    if (result) return result;
  }
  const names = await resolving;
  const projectId = names.project.id;
  const unique = uniqueReference(context.randomUUID());
  const shared = inputs.dedupKey ? sharedReferences(projectId, inputs.dedupKey)[0] : unique;
  const openedBy = run.run && { id: run.run.id, repository: run.repository };
  const plan: OpenPlan = {
    names,
    references: { projectId, shared, unique, openedBy },
    fileText: file.text,
    failures,
    omissions: [...file.omissions, ...names.omissions],
  };
  if (inputs.dryRun) return planCase(context, plan, existing);
  for (const { input, text } of plan.omissions)
    context.warn(`${input}: ${text} It is left out. ${DRY_RUN_HINT}`);
  return createNewCase(context, plan);
}

/** Checks everything that a real run would send unchecked. Throws InputError with every issue, or LookupError. */
async function planCase(context: OpenContext, plan: OpenPlan, existing: Case | undefined): Promise<Result> {
  const { inputs, datadog } = context;
  const issues = [...plan.omissions, ...(await verifyNames(datadog, inputs, plan.names.type.id))];
  if (issues.length) throw new InputError(issues);
  if (existing) datadog.log(`${existing.label} is open already: it would be found, and no case opened.`);
  return {
    outcome: 'planned',
    operation: 'open',
    facts: summarizePlan(context, plan, inputs.statusName),
    request: toCreateBody(buildDraft(context, plan, fullDraft(context, plan))),
    attributes: inputs.attributes,
  };
}

async function createNewCase(context: OpenContext, plan: OpenPlan): Promise<Result> {
  const created = await createWithFallbacks(context, plan);
  const { request } = created;
  const isCertain = created.isConfirmed || isOwnCase(created.case, plan.references);
  if (isCertain) context.onCase(created.case, 'created');
  const [settled] = await Promise.all([
    settle(context, created),
    keepReference(context, plan, created),
    isCertain ? applyAttributes(context, created.case) : undefined,
  ]);
  if (!settled.isOwn) {
    const existing = await reportExisting(context, settled.case, plan.failures);
    if (existing) return { ...existing, request };
    context.warn(`${settled.case.label} was closed at the same time. Check whether a case is open.`);
    return { outcome: 'existing', case: settled.case, request, commentUrl: '' };
  }
  return reportCreated(context, plan, { ...created, case: settled.case });
}

async function reportCreated(context: OpenContext, plan: OpenPlan, created: CreatedCase): Promise<Result> {
  context.onCase(created.case, 'created');
  return {
    outcome: 'created',
    case: created.case,
    facts: summarizePlan(context, plan, created.case.statusName),
    request: created.request,
    commentUrl: await commentOnPullRequest(context, created.case, { isFailure: true }),
  };
}

/** Comments on the case that is already open, and on the pull request. `undefined` if the case turns out to be gone. */
async function reportExisting(context: OpenContext, existing: Case, { jobs }: RunFailures) {
  const { inputs, datadog, run, onCase, warn } = context;
  onCase(existing, 'existing');
  if (inputs.onExisting === 'comment')
    try {
      await addComment(datadog, existing.id, recurrenceComment(run, inputs.title, jobs));
    } catch (error) {
      if (isNotFound(error)) return undefined;
      warn(`${existing.label} got no comment that it happened again. ${explain(error).text}`);
    }
  const commentUrl = await commentOnPullRequest(context, existing, { isFailure: true });
  return { outcome: 'existing', case: existing, request: undefined, commentUrl } as const;
}

/** Sets attributes, which the create endpoint does not accept. Failure is a warning. */
async function applyAttributes({ inputs, datadog, warn }: OpenContext, { id }: Case): Promise<void> {
  const { attributes } = inputs;
  if (!attributes.size) return;
  await setAttributes(datadog, id, attributes).catch((error: unknown) => {
    warn(`These attributes were not set: ${[...attributes.keys()].join(', ')}. ${explain(error).text}`);
  });
}

/** Collects failed jobs and their logs, if the description should have them. */
async function fetchFailures(
  { inputs, datadog, run, connectToGitHub }: OpenContext,
  budgetMs: number,
): Promise<RunFailures> {
  const isNeeded = inputs.runContext || inputs.logLines > 0;
  const client = isNeeded ? connectToGitHub?.(budgetMs) : undefined;
  return collectFailures(client, run, inputs.logLines, datadog.log);
}

/** Reads `description_file`. A file that can't be read is an omission. */
async function readDescriptionFile({
  inputs,
  datadog,
  readWorkspaceFile,
}: OpenContext): Promise<{ text: string; omissions: InputIssue[] }> {
  const path = inputs.descriptionFile;
  if (!path) return { text: '', omissions: [] };
  try {
    const text = await readWorkspaceFile(path);
    return { text: datadog.redactor.redact(text.trim()), omissions: [] };
  } catch (error) {
    const issue = { input: 'description_file', text: toSentence(error) };
    return { text: '', omissions: [issue] };
  }
}
