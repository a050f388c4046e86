import { formatIssue } from '../../base/errors.ts';
import { stripControlCharacters } from '../../base/log-text.ts';
import { truncate } from '../../base/truncate.ts';
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
  setDueDate,
  setPriority,
} from '../../datadog/cases.ts';
import type { DatadogClient } from '../../datadog/client.ts';
import { toCreateBody } from '../../datadog/create-body.ts';
import type { CaseReference } from '../../datadog/reference.ts';
import type { ResolvedNames } from '../../datadog/resolve-names.ts';
import { isContentRejection } from '../../http/fate.ts';
import { within } from '../../http/time-plan.ts';
import { describeItem, renderTail } from '../case-state.ts';
import type { Action } from '../decide.ts';
import { hashParts } from '../identity.ts';
import { predecessorComment } from '../text/comments.ts';
import { renderDescription, renderItem } from '../text/description.ts';
import { type SyncContext, toRunReference } from './context.ts';

const MAX_TITLE_CHARS = 250;

type OpenAction = Extract<Action, { kind: 'open' }>;

/** How much of the inputs new cases are created with. Once Datadog rejects a case, the others go the same way. */
export interface CreateForm {
  isComplete: boolean;
  isStandard: boolean;
}

/** The reference of the case that this run opens for an item. */
export function ownReference({ runWord }: SyncContext, reference: string): string {
  return `ghac${hashParts([runWord, reference])}`;
}

/**
 * Opens a case with one create request, or another one if the first was certainly rejected. Then sets what a case can't
 * be created with; failures there are warnings. Throws HttpError, UnexpectedResponseError, NetworkError or TimeoutError,
 * and InputError or LookupError if the inputs can't be used.
 */
export async function openItemCase(
  context: SyncContext,
  action: OpenAction,
  { report, form }: { readonly report: string; readonly form: CreateForm },
): Promise<Case> {
  const names = await context.names();
  const created = await createInSomeForm(context, { action, report, names, form });
  await setTheRest(context, { created, action, names, form });
  return created;
}

interface Creation {
  readonly action: OpenAction;
  readonly report: string;
  readonly names: ResolvedNames;
  readonly form: CreateForm;
}

async function createInSomeForm(context: SyncContext, creation: Creation): Promise<Case> {
  const { form, names } = creation;
  const used = { ...form };
  const client = within('syncChange', context.datadog);
  try {
    return await createCase(client, renderBody(context, creation, used));
  } catch (error) {
    const isPlain = !used.isComplete && (used.isStandard || names.type.id === STANDARD_TYPE.id);
    if (!isContentRejection(error) || isPlain) throw error;
    const next = used.isComplete
      ? { isComplete: false, isStandard: false }
      : { isComplete: false, isStandard: true };
    Object.assign(form, next);
    if (next.isStandard)
      context.warn(
        formatIssue({
          input: 'type_id',
          text: `Datadog rejected the type ${names.type.label}. Cases have the type Standard.`,
        }),
      );
    return createInSomeForm(context, creation);
  }
}

function renderBody(context: SyncContext, { action, report, names }: Creation, form: CreateForm) {
  const { inputs, projectId } = context;
  const { item } = action.subject;
  return toCreateBody({
    title: toTitle(item.title),
    projectId,
    typeId: form.isStandard ? STANDARD_TYPE.id : names.type.id,
    description: describeNewCase(context, action, { report, names }),
    priority: form.isComplete ? (inputs.priorities.get(item.severity) ?? 'NOT_DEFINED') : '',
    assigneeId: (form.isComplete && names.assignee?.id) || '',
    statusName: '',
    customAttributes: form.isComplete ? names.customAttributes : new Map(),
  });
}

/** One line of visible text. Datadog takes no empty title. */
function toTitle(text: string): string {
  const line = stripControlCharacters(text).replace(/\s+/g, ' ').trim();
  return truncate(line || 'Finding without a title', MAX_TITLE_CHARS);
}

function describeNewCase(
  context: SyncContext,
  { subject: { tool, item, reference } }: OpenAction,
  { report, names }: { readonly report: string; readonly names: ResolvedNames },
): string {
  const { run, inputs } = context;
  const omissions = [...context.omissions, ...names.omissions].map(formatIssue);
  const text = renderItem({ tool, item, run, hasRunContext: inputs.hasRunContext, omissions });
  const toReference = (textHash: string): CaseReference => ({
    shared: reference,
    unique: ownReference(context, reference),
    openedBy: toRunReference(run),
    tail: renderTail({
      report,
      ...describeItem(item),
      text: textHash,
      run: run.run,
      reopenCount: 0,
      closedAs: undefined,
      isLeftToPeople: false,
    }),
  });
  return renderDescription(text, toReference, undefined);
}

/** What follows the create request. Never throws: the same failure of many cases is one warning. */
async function setTheRest(
  context: SyncContext,
  { created, action, names, form }: Omit<Creation, 'report'> & { readonly created: Case },
): Promise<void> {
  const { inputs, datadog, warn } = context;
  const client = within('syncChange', datadog);
  for (const { input, apply } of listFollowUps(context, { action, names, form }))
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
  { inputs }: SyncContext,
  { action, names, form }: Omit<Creation, 'report'>,
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
