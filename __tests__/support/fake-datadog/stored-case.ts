import type { FakeResponse } from '../fake-server.ts';
import { badRequest, genericError, type Json } from './validation.ts';

/** A case as the fake keeps it. */
export interface StoredCase {
  id: string;
  key: string;
  projectId: string;
  assigneeId: string | undefined;
  attributes: Record<string, unknown> & { title: string; description: string; status: string };
  readonly comments: string[];
  /** The UUIDs of the users who watch the case. */
  readonly watchers: Set<string>;
  /** Milliseconds since 1970. */
  readonly createdAtMs: number;
}

/** What the field `status` may be. */
const API_STATUSES =
  'NOT_STARTED, IN_PROGRESS, CLOSED, ACKNOWLEDGED, TRIGGERED, PENDING_APPROVAL, COMPLETED, CANCELLED, DECLINED, SUNKNOWN, OPEN, RESOLVED, APPROVED, IMPLEMENTING';

/** Statuses by name, with their group. */
export const STATUSES: Readonly<Record<string, string>> = {
  Open: 'OPEN',
  Triage: 'OPEN',
  'In Progress': 'IN_PROGRESS',
  Closed: 'CLOSED',
  Resolved: 'CLOSED',
};

const AUTHOR_ID = 'aaaaaaaa-0000-4000-8000-000000000001';
/** Who creates and changes all cases. Nothing of it may be shown. */
export const AUTHOR = { active: true, email: 'person@acme.example', handle: AUTHOR_ID, name: 'Ada Person' };

/** Other fields of each case that was created through the API. Absent values are missing, not null. */
export const SERVER_FIELDS = {
  comment_count: 0,
  creation_source: 'MANUAL',
  insights: [],
  merge_status: 'NOT_MERGED',
  type: 'STANDARD',
};

/** A case as in the API's responses. */
export function toApi({ id, key, projectId, assigneeId, attributes }: StoredCase): Json & { id: string } {
  return {
    id,
    type: 'case',
    attributes: {
      attributes: {},
      custom_attributes: {},
      ...attributes,
      key,
      internal_id: id,
      public_id: key.replace(/^.*-/, ''),
    },
    relationships: {
      project: { data: { id: projectId, type: 'project' } },
      created_by: { data: { id: AUTHOR_ID, type: 'user' } },
      ...(attributes.modified_at !== undefined && { modified_by: { data: { id: AUTHOR_ID, type: 'user' } } }),
      ...(assigneeId && { assignee: { data: { id: assigneeId, type: 'user' } } }),
    },
  };
}

/** A case in a list of search results, which also names its author. */
export function toSearchResult(stored: StoredCase): Json {
  const { attributes, ...rest } = toApi(stored);
  const author = { type: 'USER', content: { ID: AUTHOR_ID, ...AUTHOR } };
  return { ...rest, attributes: { ...(attributes as Json), created_by_author: author } };
}

/** A response with one case or several, and with the users that they name. */
export function respondWith(status: number, data: unknown, more: Json = {}): FakeResponse {
  const included = [{ id: AUTHOR_ID, type: 'user', attributes: AUTHOR }];
  return { status, body: { ...more, data, included } };
}

/** Matches the part of the filter language that is known to work. Text in quotes is a phrase and contains no operators. */
export function matchesFilter({ projectId, attributes }: StoredCase, filter: string): boolean {
  const text = `${attributes.title} ${attributes.description}`.toLowerCase();
  const terms = filter.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
  return terms.every((term) => {
    if (term === 'AND') return true;
    if (term.startsWith('project_id:')) return projectId === term.slice('project_id:'.length);
    return text.includes(term.replace(/^"|"$/g, '').toLowerCase());
  });
}

/** A case as the search shows it before the index is updated. */
export function asOpen(stored: StoredCase): StoredCase {
  const { closed_at: _, ...attributes } = stored.attributes;
  const open = { status: 'OPEN', status_name: 'Open', status_group: 'SG_OPEN' };
  return { ...stored, attributes: { ...attributes, ...open } as StoredCase['attributes'] };
}

/** The attributes of a closed case. Without a time, in milliseconds since 1970, it is unknown when it was closed. */
export function closedAttributes(closedAtMs?: number) {
  const closedAt = closedAtMs !== undefined && { closed_at: new Date(closedAtMs).toISOString() };
  return { status: 'CLOSED', status_group: 'SG_CLOSED', ...closedAt };
}

export function setStatus(stored: StoredCase, { status, status_name: name }: Json, nowMs: number): void {
  const match = Object.entries(STATUSES).find(([statusName, group]) =>
    name === undefined ? group === status : statusName === name,
  );
  if (!match)
    throw genericError(
      name === undefined
        ? `invalid status ${status}. Must be one of ${API_STATUSES}`
        : `invalid status ${name}`,
    );
  const [statusName, group] = match;
  Object.assign(stored.attributes, {
    status_name: statusName,
    status: group,
    status_group: `SG_${group}`,
    ...(group === 'CLOSED' && { closed_at: new Date(nowMs).toISOString() }),
  });
  if (group !== 'CLOSED') delete stored.attributes.closed_at;
}

export function setAttributes(stored: StoredCase, attributes: unknown): void {
  const isValid =
    typeof attributes === 'object' &&
    attributes !== null &&
    Object.values(attributes).every(
      (values) => Array.isArray(values) && values.every((value) => typeof value === 'string'),
    );
  if (!isValid) throw badRequest('error decoding attribute "attributes": invalid type string');
  stored.attributes.attributes = { ...(stored.attributes.attributes as Json), ...attributes };
}
