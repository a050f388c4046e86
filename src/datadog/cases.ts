import { asRecord, asString } from '../base/json.ts';
import { fetchJson, sendJson } from '../http/client.ts';
import { HttpError, UnexpectedResponseError } from '../http/errors.ts';
import { isContentRejection, requestFate } from '../http/fate.ts';
import { within } from '../http/time-plan.ts';
import { type Case, parseCase } from './case.ts';
import type { DatadogClient } from './client.ts';
import type { CreateCaseBody } from './create-body.ts';
import type { CaseAttributes, CustomAttributeValue } from './custom-attributes.ts';
import { StatusUnknownError } from './errors.ts';
import { fetchDefaultStatus } from './statuses.ts';

// Requests about one case. Unless a comment says more, they throw HttpError, UnexpectedResponseError, NetworkError or
// TimeoutError, and are retried, because repeating them does no harm.
// Source: https://docs.datadoghq.com/api/latest/case-management/

/** Creates a case. Retried only if the request certainly wasn't processed. */
export async function createCase(client: DatadogClient, body: CreateCaseBody): Promise<Case> {
  const response = await sendJson(client, {
    method: 'POST',
    path: '/api/v2/cases',
    body,
    idempotent: false,
    about: {
      project: asString(body.data.relationships.project?.data.id),
      type_id: asString(body.data.attributes.type_id),
    },
  });
  const created = parseCaseResponse(client, response);
  if (!created)
    throw new UnexpectedResponseError('POST /api/v2/cases succeeded, but the response contains no case.');
  return created;
}

/** Fetches a case; `undefined` if the response contains none. */
export async function fetchCase(client: DatadogClient, id: string): Promise<Case | undefined> {
  return parseCaseResponse(client, await fetchJson(client, `/api/v2/cases/${encodeURIComponent(id)}`));
}

/** Writes a comment in Markdown to the timeline of a case. Retried only if it certainly wasn't processed. */
export async function addComment(client: DatadogClient, id: string, comment: string): Promise<void> {
  await changeCase(client, id, { resource: 'comment', attributes: { comment }, idempotent: false });
}

/** Replaces the given attributes of a case. */
export async function setAttributes(
  client: DatadogClient,
  id: string,
  attributes: CaseAttributes,
): Promise<void> {
  const values = Object.fromEntries(attributes);
  await changeCase(client, id, {
    resource: 'attributes',
    attributes: { attributes: values },
    hasInput: true,
  });
}

/** Sets a custom attribute of a case. */
export async function setCustomAttribute(
  client: DatadogClient,
  id: string,
  [key, value]: readonly [string, CustomAttributeValue],
): Promise<void> {
  const resource = `custom_attributes/${encodeURIComponent(key)}`;
  await changeCase(client, id, { resource, attributes: { ...value }, hasInput: true });
}

/** Sets the priority of a case: `NOT_DEFINED`, or `P1` to `P5`. */
export async function setPriority(client: DatadogClient, id: string, priority: string): Promise<void> {
  await changeCase(client, id, { resource: 'priority', attributes: { priority }, hasInput: true });
}

/** Gives a case another title, which may not be empty. */
export async function setTitle(client: DatadogClient, id: string, title: string): Promise<void> {
  await changeCase(client, id, { resource: 'title', attributes: { title }, hasInput: true });
}

/** Assigns a case to the user with this UUID. */
export async function setAssignee(client: DatadogClient, id: string, userId: string): Promise<void> {
  await changeCase(client, id, { resource: 'assign', attributes: { assignee_id: userId }, hasInput: true });
}

/** Sets the due date of a case, in the form `2026-12-31`. */
export async function setDueDate(client: DatadogClient, id: string, date: string): Promise<void> {
  await changeCase(client, id, { resource: 'due_date', attributes: { due_date: date }, hasInput: true });
}

/** Makes a user a watcher of a case. A 409 means that the user is one already. */
export async function addWatcher(client: DatadogClient, id: string, userId: string): Promise<void> {
  const path = `/api/v2/cases/${encodeURIComponent(id)}/watchers/${encodeURIComponent(userId)}`;
  try {
    await sendJson(client, { method: 'POST', path, idempotent: true, about: { case: id, user: userId } });
  } catch (error) {
    if (!(error instanceof HttpError && error.status === 409)) throw error;
  }
}

/** Gives an open case another status of its type. Returns the case, if the response holds it. */
export async function setStatusName(
  client: DatadogClient,
  id: string,
  name: string,
): Promise<Case | undefined> {
  const change = { resource: 'status', attributes: { status_name: name }, hasInput: true };
  return parseCaseResponse(client, await changeCase(client, id, change));
}

/** Replaces the description of a case and returns the case, if the response holds it. */
export async function setDescription(
  client: DatadogClient,
  id: string,
  description: string,
): Promise<Case | undefined> {
  const change = { resource: 'description', attributes: { description } };
  return parseCaseResponse(client, await changeCase(client, id, change));
}

/** Links a case to the one that it duplicates. Source: the vendor's published client; never seen recorded. */
export async function linkDuplicate(
  client: DatadogClient,
  { duplicateId, originalId }: { readonly duplicateId: string; readonly originalId: string },
): Promise<void> {
  const attributes = {
    parent_entity_type: 'CASE',
    parent_entity_id: duplicateId,
    child_entity_type: 'CASE',
    child_entity_id: originalId,
    relationship: 'DUPLICATES',
  };
  const body = { data: { type: 'link', attributes } };
  const about = { case: duplicateId };
  await sendJson(client, { method: 'POST', path: '/api/v2/cases/link', body, idempotent: false, about });
}

/** A change of status that succeeded, after which the case is as it was. */
export class StatusUnchangedError extends UnexpectedResponseError {
  override name = 'StatusUnchangedError';
}

/** Closes a case with the named status and returns it. Also throws StatusUnchangedError if that doesn't close it. */
export function closeCaseAs(client: DatadogClient, id: string, statusName: string): Promise<Case> {
  return setStatus(client, id, { attributes: { status_name: statusName }, shouldBeOpen: false });
}

/**
 * Closes a case with the default status of its type and returns it. Also throws StatusUnchangedError if it is still open.
 * If a second request is needed, `check` comes right before it; what that throws is thrown.
 */
export function closeCase(
  client: DatadogClient,
  datadogCase: Pick<Case, 'id' | 'typeId'>,
  check?: () => Promise<void>,
): Promise<Case> {
  return setDefaultStatus(client, datadogCase, { group: 'closed', check });
}

/**
 * Opens a closed case again and returns it. Also throws StatusUnchangedError if it is still closed. That a closed case
 * may be opened like this is not documented.
 */
export function reopenCase(client: DatadogClient, datadogCase: Pick<Case, 'id' | 'typeId'>): Promise<Case> {
  return setDefaultStatus(client, datadogCase, { group: 'open' });
}

/** The API's generic field is deprecated: if it is refused, the default of the type is looked up. */
async function setDefaultStatus(
  client: DatadogClient,
  { id, typeId }: Pick<Case, 'id' | 'typeId'>,
  { group, check }: { readonly group: 'open' | 'closed'; readonly check?: (() => Promise<void>) | undefined },
): Promise<Case> {
  const shouldBeOpen = group === 'open';
  const change = { attributes: { status: group.toUpperCase() }, shouldBeOpen };
  try {
    return await setStatus(within('beforeMore', client), id, change);
  } catch (error) {
    if (!isContentRejection(error)) throw error;
    const name = await fetchDefaultStatus(client, typeId, group).catch(() => '');
    if (!name) throw error;
    await check?.();
    return setStatus(client, id, { attributes: { status_name: name }, shouldBeOpen });
  }
}

/**
 * Changes the status. If the response doesn't show the change, the case itself is fetched: an error can follow a request
 * that was processed, and somebody else may have made the change first.
 */
async function setStatus(
  client: DatadogClient,
  id: string,
  { attributes, shouldBeOpen }: { readonly attributes: object; readonly shouldBeOpen: boolean },
): Promise<Case> {
  let problem: unknown;
  const change = { resource: 'status', attributes };
  const response = await changeCase(within('status', client), id, change).catch((error: unknown) => {
    problem = error;
  });
  const changed = parseCaseResponse(client, response);
  if (changed?.isOpen === shouldBeOpen) return changed;
  const current = await fetchCase(client, id).catch((error: unknown) => {
    problem ??= error;
  });
  if (current?.isOpen === shouldBeOpen) return current;
  if (problem)
    throw !current && requestFate(problem) === 'unknown' ? new StatusUnknownError(problem) : problem;
  const state = shouldBeOpen ? 'closed' : 'open';
  throw new StatusUnchangedError(
    `POST /api/v2/cases/${id}/status succeeded, but the case is still ${state}.`,
  );
}

interface CaseChange {
  readonly resource: string;
  readonly attributes: object;
  /** Whether sending it twice does no harm, which is the default. */
  readonly idempotent?: boolean;
  /** Whether the workflow's inputs say what the case should get. */
  readonly hasInput?: boolean;
}

async function changeCase(
  client: DatadogClient,
  id: string,
  { resource, attributes, idempotent = true, hasInput }: CaseChange,
): Promise<unknown> {
  const path = `/api/v2/cases/${encodeURIComponent(id)}/${resource}`;
  const body = { data: { type: 'case', attributes } };
  const about = { case: id, ...(hasInput && { input: resource }) };
  return sendJson(client, { method: 'POST', path, body, idempotent, about });
}

function parseCaseResponse({ webUrl }: DatadogClient, response: unknown): Case | undefined {
  return parseCase(asRecord(response).data, webUrl);
}
