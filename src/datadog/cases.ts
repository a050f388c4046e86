import type { PlainAttributes } from '../attributes.ts';
import { AnswerError } from '../errors.ts';
import { type Call, getPath, type Service, send } from '../http.ts';
import { isRecord, recordOf, textOf } from '../json.ts';
import type { CreateBody } from './request.ts';

/** A case as the API tells it. Fields that an answer lacks are empty: no document promises them. */
export interface Case {
  readonly id: string;
  /** Such as `OPS-123`. */
  readonly key: string;
  /** What people call it: its key, or its id where the answer tells no key. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly priority: string;
  readonly projectId: string;
  /** The status by the name that people see. */
  readonly status: string;
  /** Neither closed nor archived. */
  readonly open: boolean;
  /** Milliseconds since 1970; NaN where the answer does not tell. */
  readonly createdAt: number;
  /** The `data` of the answer, untouched. */
  readonly raw: unknown;
}

/** Creates a case in one request. Throws what http.send throws, and AnswerError where the answer is no case. */
export async function create(service: Service, body: CreateBody): Promise<Case> {
  const found = caseIn(
    await send(service, { method: 'POST', path: '/api/v2/cases', body, repeat: 'untaken' }),
  );
  if (!found) throw new AnswerError('POST /api/v2/cases was answered with a success that holds no case.');
  return found;
}

/** Writes to a case's timeline. Throws what http.send throws; repeated only while it surely was not taken. */
export async function comment(service: Service, id: string, text: string): Promise<void> {
  await change(service, id, 'comment', { comment: text }, 'untaken');
}

/**
 * Sets attributes of a case; each given one takes the place of what it held. Throws what http.send throws.
 * Setting twice is setting once, so this is repeated freely.
 */
export async function setAttributes(
  service: Service,
  id: string,
  attributes: PlainAttributes,
): Promise<void> {
  await change(service, id, 'attributes', { attributes: Object.fromEntries(attributes) }, 'freely');
}

/**
 * Closes a case, with a status by its name or, without one, as every case type can. Gives the closed case.
 * Throws what http.send throws, and AnswerError where the case is not closed after all.
 */
export async function close(service: Service, id: string, statusName = ''): Promise<Case> {
  const status = statusName ? { status_name: statusName } : { status: 'CLOSED' };
  // That the answer holds the case is the vendor's word; where it does not, the case itself is asked.
  const answer = caseIn(await change(service, id, 'status', status, 'freely'));
  const found = answer ?? caseIn(await getPath(service, `/api/v2/cases/${encodeURIComponent(id)}`));
  if (!found || found.open)
    throw new AnswerError(
      `POST /api/v2/cases/${id}/status was answered with a success, but the case is not closed.`,
    );
  return found;
}

async function change(
  service: Service,
  id: string,
  what: string,
  attributes: object,
  repeat: Call['repeat'],
): Promise<unknown> {
  const path = `/api/v2/cases/${encodeURIComponent(id)}/${what}`;
  return send(service, { method: 'POST', path, body: { data: { type: 'case', attributes } }, repeat });
}

function caseIn(answer: unknown): Case | undefined {
  return read(recordOf(answer).data);
}

/** Reads a case out of an answer's `data`; `undefined` where there is none. */
export function read(data: unknown): Case | undefined {
  if (!isRecord(data) || typeof data.id !== 'string' || !data.id) return undefined;
  const attributes = recordOf(data.attributes);
  const text = (name: string) => textOf(attributes[name]);
  const project = recordOf(recordOf(data.relationships).project);
  // Older answers lack status_name and status_group; `status` is deprecated.
  const group = text('status_group').replace(/^SG_/, '') || text('status');
  return {
    id: data.id,
    key: text('key'),
    name: text('key') || data.id,
    title: text('title'),
    description: text('description'),
    priority: text('priority'),
    projectId: textOf(recordOf(project.data).id).toLowerCase(),
    status: text('status_name') || group,
    open: group !== 'CLOSED' && !text('archived_at'),
    createdAt: Date.parse(text('created_at')),
    raw: data,
  };
}
