import type { InputIssue } from '../../base/errors.ts';
import { explain } from '../../content/explain.ts';
import type { Case } from '../../datadog/case.ts';
import {
  addWatcher,
  setAssignee,
  setAttributes,
  setCustomAttribute,
  setDueDate,
  setPriority,
  setStatusName,
} from '../../datadog/cases.ts';
import type { DatadogClient } from '../../datadog/client.ts';
import { fetchStatusNames, findStatusName, NO_STATUS_NAMES } from '../../datadog/statuses.ts';
import { HttpError } from '../../http/errors.ts';
import type { CaseTools } from '../tools.ts';
import type { Form, NewCase } from './new-case.ts';

/** Something to set once a case exists. */
interface FollowUp {
  readonly input: string;
  /** What is set, for a warning. */
  readonly value: string;
  readonly apply: (client: DatadogClient, datadogCase: Case) => Promise<void>;
}

/** What a case can't be created with. */
export function listFollowUps({ attributes, dueDate, names }: NewCase): FollowUp[] {
  const followUps: FollowUp[] = [];
  if (attributes.size)
    followUps.push({
      input: 'attributes',
      value: [...attributes.keys()].join(', '),
      apply: (client, { id }) => setAttributes(client, id, attributes),
    });
  if (dueDate)
    followUps.push({
      input: 'due_date',
      value: dueDate,
      apply: (client, { id }) => setDueDate(client, id, dueDate),
    });
  for (const { id: userId, label } of names.watchers)
    followUps.push({
      input: 'watchers',
      value: label,
      apply: (client, { id }) => addWatcher(client, id, userId),
    });
  return followUps;
}

/**
 * What a case could have been created with, if Datadog had not rejected that. `onStatus` receives the case with its new
 * status, if the response holds it.
 */
export function listExtras(
  { priority, statusName, names: { assignee, customAttributes } }: NewCase,
  { isComplete }: Form,
  onStatus: (datadogCase: Case) => void,
): FollowUp[] {
  if (isComplete) return [];
  const extras: FollowUp[] = [];
  if (priority !== 'NOT_DEFINED')
    extras.push({
      input: 'priority',
      value: priority,
      apply: (client, { id }) => setPriority(client, id, priority),
    });
  if (assignee)
    extras.push({
      input: 'assignee',
      value: assignee.label,
      apply: (client, { id }) => setAssignee(client, id, assignee.id),
    });
  for (const entry of customAttributes)
    extras.push({
      input: 'custom_attributes',
      value: entry[0],
      apply: (client, { id }) => setCustomAttribute(client, id, entry),
    });
  if (statusName)
    extras.push({
      input: 'status_name',
      value: statusName,
      apply: async (client, datadogCase) => {
        const changed = await setStatus(client, datadogCase, statusName);
        if (changed) onStatus(changed);
      },
    });
  return extras;
}

/** Sets the status, as it is spelled in the case type if that differs in upper and lower case. */
async function setStatus(
  client: DatadogClient,
  { id, typeId }: Case,
  statusName: string,
): Promise<Case | undefined> {
  try {
    return await setStatusName(client, id, statusName);
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    const { open, closed } = await fetchStatusNames(client, typeId).catch(() => NO_STATUS_NAMES);
    const corrected = findStatusName([...open, ...closed], statusName);
    if (corrected && corrected !== statusName) return setStatusName(client, id, corrected);
    throw error;
  }
}

/**
 * Sets what a case was not created with, all in parallel. Never throws: every failure is a warning that names the inputs.
 * Those that fail for the same reason share one. Returns what could not be set, for the description.
 */
export async function applyFollowUps(
  { datadog, warn }: CaseTools,
  datadogCase: Case,
  followUps: readonly FollowUp[],
): Promise<InputIssue[]> {
  const results = await Promise.all(
    followUps.map((followUp) =>
      followUp.apply(datadog, datadogCase).then(
        () => [],
        (error: unknown) => [{ followUp, error }],
      ),
    ),
  );
  const failed = results.flat();
  for (const group of groupBy(failed, ({ error }) => describeReason(error))) {
    const list = groupBy(group, ({ followUp }) => followUp.input).map(
      (items) => `${items[0]?.followUp.input} (${items.map(({ followUp }) => followUp.value).join(', ')})`,
    );
    warn(`Could not set ${list.join(', ')}. ${explain(group[0]?.error).text}`);
  }
  return failed.map(({ followUp: { input, value }, error }) => ({
    input,
    text: `${value} could not be set (${describeReason(error)}).`,
  }));
}

/** The items in groups with the same key. `Map.groupBy` needs Node 21, and act runs actions with Node 20. */
function groupBy<T>(items: readonly T[], getKey: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(getKey(item), [...(groups.get(getKey(item)) ?? []), item]);
  return [...groups.values()];
}

/** Why a follow-up failed. Errors that need one fix have one reason, although their requests differ. */
function describeReason(error: unknown): string {
  if (!(error instanceof HttpError)) return explain(error).text;
  return `${error.status} ${error.details.map(({ text }) => text).join('; ')}`.trim();
}
