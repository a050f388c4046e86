import type { FakeResponse } from '../fake-server.ts';
import { CUSTOM_ATTRIBUTES, USERS } from './catalog.ts';
import { respondWith, type StoredCase, toApi } from './stored-case.ts';
import {
  badRequest,
  checkCustomAttribute,
  checkPriority,
  expectCaseData,
  expectObject,
  isUuid,
  type Json,
  notFound,
} from './validation.ts';

/** Sets the due date: a day that exists, or null. */
export function setDueDate({ attributes }: StoredCase, date: unknown): void {
  const time = typeof date === 'string' ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  const isDate = !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === date;
  if (date !== null && !isDate) throw badRequest('due_date must be a date');
  attributes.due_date = date;
}

/** Makes a user a watcher. The request has no body. */
export function addWatcher(stored: StoredCase, userId: string, body: unknown): FakeResponse {
  if (body !== undefined) throw badRequest('unexpected body');
  if (!USERS.some(({ id }) => id === userId)) throw notFound('user not found');
  stored.watchers.add(userId);
  return respondWith(201, toApi(stored));
}

export function setPriority({ attributes }: StoredCase, priority: unknown): void {
  checkPriority(priority);
  attributes.priority = priority;
}

export function setTitle({ attributes }: StoredCase, title: unknown): void {
  if (typeof title !== 'string' || !title) throw badRequest();
  attributes.title = title;
}

export function assign(stored: StoredCase, userId: unknown): void {
  if (!isUuid(userId)) throw badRequest();
  stored.assigneeId = userId;
}

/** Sets one custom attribute, if the case's type has it. */
export function setCustomAttribute(stored: StoredCase, key: string, body: unknown): FakeResponse {
  const data = expectCaseData(body, ['type', 'attributes']);
  const value = expectObject(data.attributes, 'attributes', ['type', 'is_multi', 'value']);
  const { attributes } = stored;
  checkCustomAttribute(key, value, CUSTOM_ATTRIBUTES[String(attributes.type_id)] ?? []);
  attributes.custom_attributes = { ...(attributes.custom_attributes as Json), [key]: value };
  return respondWith(200, toApi(stored));
}

const RELATIONSHIPS = ['DUPLICATES', 'RELATES_TO', 'CAUSES', 'BLOCKS', 'PARENT_OF'];

/** Links two cases, as the vendor's published client does. */
export function addLink(links: Json[], cases: readonly StoredCase[], body: unknown): FakeResponse {
  const data = expectObject(expectObject(body, 'document', ['data']).data, 'data', ['type', 'attributes']);
  if (data.type !== 'link') throw badRequest(`got type "${data.type}" expected one of "link"`);
  const names = [
    'parent_entity_type',
    'parent_entity_id',
    'child_entity_type',
    'child_entity_id',
    'relationship',
  ];
  const link = expectObject(data.attributes, 'attributes', names);
  const areCases = link.parent_entity_type === 'CASE' && link.child_entity_type === 'CASE';
  if (!areCases || !RELATIONSHIPS.includes(String(link.relationship))) throw badRequest('invalid link');
  for (const id of [link.parent_entity_id, link.child_entity_id])
    if (!cases.some((stored) => stored.id === id)) throw notFound('case not found');
  links.push(link);
  return { status: 201, body: { data: { id: `link-${links.length}`, type: 'link', attributes: link } } };
}
