import { asRecord, asString } from '../base/json.ts';
import { getJson, limitTo, sendJson } from '../http/client.ts';
import { UnexpectedResponseError } from '../http/errors.ts';
import { type Case, parseCase } from './case.ts';
import type { DatadogClient } from './client.ts';
import type { CreateCaseBody } from './create-body.ts';
import type { CaseAttributes } from './custom-attributes.ts';

/** Creates a case. Throws what `sendJson` throws, and UnexpectedResponseError if the response contains no case. */
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

/** Writes a comment to the timeline of a case. Throws what `sendJson` throws; retried only if it wasn't sent. */
export async function addComment(client: DatadogClient, id: string, comment: string): Promise<void> {
  await postToCase(client, id, { resource: 'comment', attributes: { comment }, idempotent: false });
}

/** Replaces the given attributes of a case. Idempotent, so it is retried. Throws what `sendJson` throws. */
export async function setAttributes(
  client: DatadogClient,
  id: string,
  attributes: CaseAttributes,
): Promise<void> {
  const values = Object.fromEntries(attributes);
  await postToCase(client, id, {
    resource: 'attributes',
    attributes: { attributes: values },
    idempotent: true,
  });
}

/** Replaces the description of a case and returns the case. Idempotent. Throws what `sendJson` throws. */
export async function setDescription(
  client: DatadogClient,
  id: string,
  description: string,
): Promise<Case | undefined> {
  const change = { resource: 'description', attributes: { description }, idempotent: true };
  return parseCaseResponse(client, await postToCase(client, id, change));
}

/**
 * Closes a case, with the named status or with the generic one that every case type has, and returns it.
 * Throws what `sendJson` throws, and UnexpectedResponseError if the case is still open.
 */
export async function closeCase(client: DatadogClient, id: string, statusName = ''): Promise<Case> {
  return setStatus(client, id, {
    attributes: statusName ? { status_name: statusName } : { status: 'CLOSED' },
    shouldBeOpen: false,
  });
}

/** Fetches a case; `undefined` if the response contains none. Throws what `getJson` throws. */
export async function getCase(client: DatadogClient, id: string): Promise<Case | undefined> {
  return parseCaseResponse(client, await getJson(client, `/api/v2/cases/${encodeURIComponent(id)}`));
}

interface CaseChange {
  readonly resource: string;
  readonly attributes: object;
  readonly idempotent: boolean;
}

/**
 * Opens a closed case again and returns it. Idempotent. Throws what `sendJson` throws, and UnexpectedResponseError if
 * the case is still closed. That a closed case may be opened like this is not documented.
 */
export async function reopenCase(client: DatadogClient, id: string): Promise<Case> {
  return setStatus(client, id, { attributes: { status: 'OPEN' }, shouldBeOpen: true });
}

/**
 * Changes the status. If the response doesn't show the change, the case itself is asked: an error can follow a request
 * that was processed, and somebody else may have made the change first.
 */
async function setStatus(
  client: DatadogClient,
  id: string,
  { attributes, shouldBeOpen }: { readonly attributes: object; readonly shouldBeOpen: boolean },
): Promise<Case> {
  const change = { resource: 'status', attributes, idempotent: true };
  let problem: unknown;
  const response = await postToCase(limitTo(client, 2 / 3), id, change).catch((error: unknown) => {
    problem = error;
  });
  const changed = parseCaseResponse(client, response);
  if (changed?.isOpen === shouldBeOpen) return changed;
  const current = await getCase(client, id).catch((error: unknown) => {
    problem ??= error;
  });
  if (current?.isOpen === shouldBeOpen) return current;
  if (problem) throw problem;
  const state = shouldBeOpen ? 'closed' : 'open';
  throw new UnexpectedResponseError(
    `POST /api/v2/cases/${id}/status succeeded, but the case is still ${state}.`,
  );
}

async function postToCase(
  client: DatadogClient,
  id: string,
  { resource, attributes, idempotent }: CaseChange,
): Promise<unknown> {
  const path = `/api/v2/cases/${encodeURIComponent(id)}/${resource}`;
  const body = { data: { type: 'case', attributes } };
  return sendJson(client, { method: 'POST', path, body, idempotent, about: { case: id } });
}

function parseCaseResponse({ webUrl }: DatadogClient, response: unknown): Case | undefined {
  return parseCase(asRecord(response).data, webUrl);
}
