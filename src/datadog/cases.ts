import type { PlainAttributes } from '../attributes.ts';
import { AnswerError } from '../errors.ts';
import { type Call, isRecord, type Service, send } from '../http.ts';
import type { CreateBody } from './request.ts';

/** A case as the API tells it. Fields that an answer lacks are empty: no document promises them. */
export interface Case {
  readonly id: string;
  /** Such as `OPS-123`. */
  readonly key: string;
  readonly title: string;
  readonly priority: string;
  /** The status by the name that people see. */
  readonly status: string;
  /** The `data` of the answer, untouched. */
  readonly raw: unknown;
}

/** Creates a case in one request. Throws what http.send throws, and AnswerError where the answer is no case. */
export async function create(service: Service, body: CreateBody): Promise<Case> {
  const answer = await send(service, { method: 'POST', path: '/api/v2/cases', body, repeat: 'untaken' });
  const found = isRecord(answer) ? read(answer.data) : undefined;
  if (!found) throw new AnswerError('POST /api/v2/cases was answered with a success that holds no case.');
  return found;
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

async function change(
  service: Service,
  id: string,
  what: string,
  attributes: object,
  repeat: Call['repeat'],
): Promise<void> {
  const path = `/api/v2/cases/${encodeURIComponent(id)}/${what}`;
  await send(service, { method: 'POST', path, body: { data: { type: 'case', attributes } }, repeat });
}

/** Reads a case out of an answer; `undefined` where there is none. */
export function read(data: unknown): Case | undefined {
  if (!isRecord(data) || typeof data.id !== 'string' || !data.id) return undefined;
  const attributes = isRecord(data.attributes) ? data.attributes : {};
  const text = (name: string) => (typeof attributes[name] === 'string' ? attributes[name] : '');
  // Older answers lack status_name and status_group; `status` is deprecated.
  const status = text('status_name') || text('status_group').replace(/^SG_/, '') || text('status');
  return {
    id: data.id,
    key: text('key'),
    title: text('title'),
    priority: text('priority'),
    status,
    raw: data,
  };
}
