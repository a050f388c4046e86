import { CUSTOM_ATTRIBUTES, LIVE_TYPE_IDS } from './catalog.ts';
import { STATUSES } from './stored-case.ts';
import {
  badRequest,
  checkCustomAttributes,
  checkPriority,
  expectCaseData,
  expectObject,
  expectProjectId,
  genericError,
  type Json,
  notFound,
  relationId,
} from './validation.ts';

/** Characters that a text may have. */
export interface MaxLengths {
  readonly title: number;
  readonly description: number;
}

export interface CreateRequest {
  readonly attributes: Json & { readonly title: string };
  readonly projectId: string;
  readonly assigneeId: string | undefined;
}

/** Parses the body of a create request. Throws a Rejection if it is not valid. */
export function parseCreateRequest(body: unknown, maxLengths: MaxLengths): CreateRequest {
  const data = expectCaseData(body, ['type', 'attributes', 'relationships']);
  const attributes = expectObject(data.attributes, 'attributes', [
    'title',
    'type_id',
    'description',
    'priority',
    'status_name',
    'custom_attributes',
  ]);
  const relationships = expectObject(data.relationships, 'relationships', ['project', 'assignee']);
  checkTexts(attributes, maxLengths);
  const projectId = expectProjectId(relationships.project);
  const typeId = String(attributes.type_id);
  if (!LIVE_TYPE_IDS.includes(typeId)) throw notFound('case_type not found');
  const assigneeId =
    relationships.assignee === undefined ? undefined : relationId(relationships.assignee, 'user');
  const { status_name: status = 'Open' } = attributes;
  if (!Object.keys(STATUSES).includes(String(status))) throw genericError(`invalid status ${status}`);
  checkCustomAttributes(attributes.custom_attributes, CUSTOM_ATTRIBUTES[typeId] ?? []);
  const title = String(attributes.title);
  return { attributes: { ...attributes, title, status_name: status }, projectId, assigneeId };
}

function checkTexts(attributes: Json, maxLengths: MaxLengths): void {
  const { title, description = '', priority = 'NOT_DEFINED', status_name: status = 'Open' } = attributes;
  for (const [name, value] of Object.entries({ title, description, priority, status })) {
    if (typeof value !== 'string') throw badRequest(`${name} must be a string`);
  }
  if (!title) throw genericError('title is required');
  for (const [name, maxLength] of Object.entries(maxLengths))
    if (String(attributes[name] ?? '').length > maxLength) throw genericError(`${name} is too long`);
  checkPriority(priority);
}
