import { formatIssue } from '../../base/errors.ts';
import { explain } from '../../content/explain.ts';
import type { Case } from '../../datadog/case.ts';
import { STANDARD_TYPE } from '../../datadog/case-types.ts';
import {
  addComment,
  addWatcher,
  createCase,
  setAssignee,
  setAttributes,
  setCustomAttribute,
  setDescription,
  setDueDate,
  setPriority,
} from '../../datadog/cases.ts';
import type { DatadogClient } from '../../datadog/client.ts';
import { toCreateBody } from '../../datadog/create-body.ts';
import type { CaseReference } from '../../datadog/reference.ts';
import type { ResolvedNames } from '../../datadog/resolve-names.ts';
import { listRun } from '../../github/run-order.ts';
import { isContentRejection } from '../../http/fate.ts';
import { within } from '../../http/time-plan.ts';
import { describeItem, hashTitle, isWhole, renderTail } from '../case-state.ts';
import type { Action } from '../decide.ts';
import { hashParts, hashTool } from '../identity.ts';
import { predecessorComment } from '../text/comments.ts';
import { renderDescription, renderItem, renderTitle } from '../text/description.ts';
import type { CaseForm, SyncContext } from './context.ts';

export type OpenAction = Extract<Action, { kind: 'open' }>;

/** The reference of the case that this run opens for an item. */
export function ownReference({ runWord }: SyncContext, reference: string): string {
  return `ghac${hashParts([runWord, reference])}`;
}

/**
 * Opens a case with one create request, or another one if the first was certainly rejected. Then sets what a case can't
 * be created with; failures there are warnings. `report` is the reference of the report. Throws HttpError,
 * UnexpectedResponseError, NetworkError or TimeoutError, and InputError or LookupError if the inputs can't be used.
 */
export async function openItemCase(context: SyncContext, action: OpenAction, report: string): Promise<Case> {
  const names = await context.names();
  const creation = { action, report, names };
  const created = await createInSomeForm(context, creation);
  await setTheRest(context, action, created);
  return created;
}

interface Creation {
  readonly action: OpenAction;
  readonly report: string;
  readonly names: ResolvedNames;
}

async function createInSomeForm(context: SyncContext, creation: Creation): Promise<Case> {
  const used = { ...context.form };
  const client = within('syncChange', context.changing);
  try {
    const sent = describeNewCase(context, creation);
    const created = await createCase(client, renderBody(context, creation, sent));
    await keepReference(context, creation, { created, sent });
    return created;
  } catch (error) {
    const next = isContentRejection(error) && findNextForm(used, error.status);
    if (!next) throw error;
    Object.assign(context.form, next);
    if (next.isStandard && creation.names.type.id !== STANDARD_TYPE.id)
      context.warn(
        formatIssue({
          input: 'type_id',
          text: `Datadog rejected the type ${creation.names.type.label}. Cases have the type Standard.`,
        }),
      );
    return createInSomeForm(context, creation);
  }
}

/** What to try after a rejection, whose words aren't read, because they differ. A 413 is about the size alone. */
function findNextForm(form: CaseForm, status: number): CaseForm | undefined {
  if (status === 413 && !form.isShort) return { ...form, isShort: true };
  if (form.isComplete) return { ...form, isComplete: false };
  if (!form.isStandard) return { ...form, isStandard: true };
  return form.isShort ? undefined : { ...form, isShort: true };
}

/**
 * Writes a short description if Datadog silently cut off the long one: without its last line, every later run would open
 * another case. Never throws.
 */
async function keepReference(
  context: SyncContext,
  creation: Creation,
  { created, sent }: { readonly created: Case; readonly sent: string },
): Promise<void> {
  if (isWhole(sent, created)) return;
  context.form.isShort = true;
  const client = within('syncChange', context.changing);
  const short = describeNewCase(context, creation);
  const written = await setDescription(client, created.id, short).catch(() => undefined);
  if (!written?.description || !isWhole(short, written))
    context.warn(
      `Datadog did not keep the whole description of ${created.label}, so later runs won't find this case: close it by hand.`,
    );
}

function renderBody(
  { inputs, projectId, form }: SyncContext,
  { action, names }: Creation,
  description: string,
) {
  const { item } = action.subject;
  return toCreateBody({
    title: renderTitle(item),
    projectId,
    typeId: form.isStandard ? STANDARD_TYPE.id : names.type.id,
    description,
    priority: form.isComplete ? (inputs.priorities.get(item.severity) ?? 'NOT_DEFINED') : '',
    assigneeId: (form.isComplete && names.assignee?.id) || '',
    statusName: '',
    customAttributes: form.isComplete ? names.customAttributes : new Map(),
  });
}

function describeNewCase(context: SyncContext, { action, report, names }: Creation): string {
  const { tool, item, reference } = action.subject;
  const { run, inputs, form } = context;
  const omissions = [...context.omissions, ...names.omissions].map(formatIssue);
  const text = renderItem({
    tool,
    item,
    run,
    hasRunContext: inputs.hasRunContext,
    omissions,
    isShort: form.isShort,
  });
  const toReference = (textHash: string): CaseReference => ({
    shared: reference,
    unique: ownReference(context, reference),
    runs: listRun(run),
    tail: renderTail({
      report,
      tool: hashTool(tool),
      ...describeItem(item),
      title: hashTitle(renderTitle(item)),
      text: textHash,
      run: run.run,
      reopenCount: 0,
      closedAs: undefined,
      isLeftToPeople: false,
    }),
  });
  return renderDescription(text, toReference, undefined);
}

/**
 * What follows the create request. Throws InputError or LookupError only if the names could not be looked up before: the
 * same failure of many cases is one warning.
 */
export async function setTheRest(context: SyncContext, action: OpenAction, created: Case): Promise<void> {
  const { inputs, changing, warn } = context;
  const names = await context.names();
  const client = within('syncChange', changing);
  for (const { input, apply } of listFollowUps(context, { action, names }))
    await apply(client, created).catch((error: unknown) =>
      warn(`${input}: could not be set for new cases. ${explain(error).text}`),
    );
  const { predecessor } = action;
  if (predecessor)
    await addComment(client, created.id, predecessorComment(predecessor.case)).catch((error: unknown) =>
      warn(`Could not comment on ${created.label}. ${explain(error).text}`),
    );
  if (inputs.dueDate)
    await setDueDate(client, created.id, inputs.dueDate).catch((error: unknown) =>
      warn(`due_date: could not be set for new cases. ${explain(error).text}`),
    );
}

interface FollowUp {
  readonly input: string;
  readonly apply: (client: DatadogClient, created: Case) => Promise<void>;
}

function listFollowUps(
  { inputs, form }: SyncContext,
  { action, names }: Omit<Creation, 'report'>,
): FollowUp[] {
  const { assignee } = names;
  const priority = inputs.priorities.get(action.subject.item.severity) ?? 'NOT_DEFINED';
  const extras: FollowUp[] = form.isComplete
    ? []
    : [
        { input: 'priorities', apply: (client, { id }) => setPriority(client, id, priority) },
        ...(assignee
          ? [
              {
                input: 'assignee',
                apply: (client: DatadogClient, { id }: Case) => setAssignee(client, id, assignee.id),
              },
            ]
          : []),
        ...[...names.customAttributes].map((entry) => ({
          input: 'custom_attributes',
          apply: (client: DatadogClient, { id }: Case) => setCustomAttribute(client, id, entry),
        })),
      ];
  return [
    ...extras,
    ...(inputs.attributes.size
      ? [
          {
            input: 'attributes',
            apply: (client: DatadogClient, { id }: Case) => setAttributes(client, id, inputs.attributes),
          },
        ]
      : []),
    ...names.watchers.map((watcher) => ({
      input: 'watchers',
      apply: (client: DatadogClient, { id }: Case) => addWatcher(client, id, watcher.id),
    })),
  ];
}
