import { InputError, type InputIssue, toSentence } from '../base/errors.ts';
import { explain } from '../content/explain.ts';
import { recurrenceComment } from '../content/timeline.ts';
import type { Case } from '../datadog/case.ts';
import { addComment, setAttributes } from '../datadog/cases.ts';
import { toCreateBody } from '../datadog/create-body.ts';
import type { LookupResult } from '../datadog/entities.ts';
import { LookupError } from '../datadog/errors.ts';
import { findProject } from '../datadog/projects.ts';
import { sharedReference, uniqueReference } from '../datadog/reference.ts';
import { resolveNames } from '../datadog/resolve-names.ts';
import { findOpenCases } from '../datadog/search.ts';
import { collectFailures, type RunFailures } from '../github/run-failures.ts';
import { limitTo } from '../http/client.ts';
import type { OpenContext } from './context.ts';
import { createWithFallbacks } from './create.ts';
import { buildDraft, type OpenPlan, summarizePlan } from './draft.ts';
import { commentOnPullRequest } from './link-pull-request.ts';
import type { Result } from './result.ts';
import { closeIfDuplicate } from './settle.ts';

/** How long GitHub may take to list failed jobs and their logs. */
const FAILURES_BUDGET_MS = 5000;
const DRY_RUN_HINT = 'A run with dry_run: true finds such things on a good day (examples/check.yml).';

/**
 * Opens a case, or finds the one that is already open. Throws before a case exists: InputError for wrong inputs,
 * LookupError, the HTTP errors and OutcomeUnknownError. Once a case exists, it only warns.
 */
export async function openCase(context: OpenContext): Promise<Result> {
  const { inputs, datadog } = context;
  // Reserve half of the budget for creating the case.
  const lookupClient = limitTo(datadog, 1 / 2);
  const project = findProject(lookupClient, inputs.project);
  const resolving = resolveNames(lookupClient, project, inputs);
  const [existing, file, failures] = await Promise.all([
    findExisting(context, project).catch(() => undefined), // A project error is rethrown by `await resolving` below.
    readDescriptionFile(context),
    fetchFailures(context),
    resolving.catch(() => undefined),
  ]);
  if (existing && !inputs.dryRun) return reportExisting(context, existing, failures);
  const names = await resolving;
  const projectId = names.project.id;
  const unique = uniqueReference(context.randomUUID());
  const shared = inputs.dedupKey ? sharedReference(projectId, inputs.dedupKey) : unique;
  const plan: OpenPlan = {
    names,
    references: { projectId, sharedReference: shared, uniqueReference: unique },
    fileText: file.text,
    failures,
    omissions: [...file.omissions, ...names.omissions],
  };
  if (inputs.dryRun) return planCase(context, plan, existing);
  for (const { input, text } of plan.omissions)
    context.warn(`${input}: ${text} It is left out. ${DRY_RUN_HINT}`);
  return createNewCase(context, plan);
}

function planCase(context: OpenContext, plan: OpenPlan, existing: Case | undefined): Result {
  const { inputs, datadog } = context;
  if (plan.omissions.length) throw new InputError(plan.omissions);
  if (existing) datadog.log(`${existing.label} is open already: it would be found, and no case opened.`);
  return {
    outcome: 'planned',
    operation: 'open',
    facts: summarizePlan(context, plan, inputs.statusName),
    request: toCreateBody(buildDraft(context, plan, { omissions: [], isShortened: false })),
    attributes: inputs.attributes,
  };
}

async function createNewCase(context: OpenContext, plan: OpenPlan): Promise<Result> {
  const { case: created, isOwn, request } = await createWithFallbacks(context, plan);
  if (!isOwn) return reportExisting(context, created, plan.failures);
  context.onCase(created, 'created');
  const original = context.inputs.dedupKey
    ? await closeIfDuplicate(context, created, plan.references)
    : undefined;
  if (original) return { ...(await reportExisting(context, original, plan.failures)), request };
  const [commentUrl] = await Promise.all([
    commentOnPullRequest(context, created, { isFailure: true }),
    applyAttributes(context, created),
  ]);
  const facts = summarizePlan(context, plan, created.statusName);
  return { outcome: 'created', case: created, facts, request, commentUrl };
}

/** The open case of the `dedup_key`. If the search fails, there is none: a duplicate is better than a lost case. */
async function findExisting(
  { inputs, datadog, warn }: OpenContext,
  project: Promise<LookupResult>,
): Promise<Case | undefined> {
  if (!inputs.dedupKey) return undefined;
  const { id } = await project;
  try {
    const [oldest] = await findOpenCases(limitTo(datadog, 1 / 3), id, sharedReference(id, inputs.dedupKey));
    return oldest;
  } catch (error) {
    const lookupError = new LookupError('The open case of this dedup_key', 'cases_read', error);
    warn(`${explain(lookupError).text} So a new one is opened, which may be a second one.`);
    return undefined;
  }
}

/** Comments on the case that is already open, and on the pull request. */
async function reportExisting(context: OpenContext, existing: Case, { jobs }: RunFailures) {
  const { inputs, datadog, run, onCase, warn } = context;
  onCase(existing, 'existing');
  const comment = async () => {
    if (inputs.onExisting === 'ignore') return;
    await addComment(datadog, existing.id, recurrenceComment(run, inputs.title, jobs)).catch(
      (error: unknown) => {
        warn(`${existing.label} got no comment that it happened again. ${explain(error).text}`);
      },
    );
  };
  const [commentUrl] = await Promise.all([
    commentOnPullRequest(context, existing, { isFailure: true }),
    comment(),
  ]);
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
async function fetchFailures({ inputs, datadog, run, connectToGitHub }: OpenContext): Promise<RunFailures> {
  const isNeeded = inputs.runContext || inputs.logLines > 0;
  const client = isNeeded ? connectToGitHub?.(FAILURES_BUDGET_MS) : undefined;
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
