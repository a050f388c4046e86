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

/** Statuses by name, with their group. */
export const STATUSES: Readonly<Record<string, string>> = {
  Open: 'OPEN',
  Triage: 'OPEN',
  'In Progress': 'IN_PROGRESS',
  Closed: 'CLOSED',
  Resolved: 'CLOSED',
};

/** A case as in the API's responses. */
export function toApi({ id, key, projectId, assigneeId, attributes }: StoredCase): Json & { id: string } {
  return {
    id,
    type: 'case',
    attributes: { ...attributes, key },
    relationships: {
      project: { data: { id: projectId, type: 'project' } },
      ...(assigneeId && { assignee: { data: { id: assigneeId, type: 'user' } } }),
    },
  };
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
  const attributes = { ...stored.attributes, status: 'OPEN', status_name: 'Open', status_group: 'SG_OPEN' };
  return { ...stored, attributes: { ...attributes, closed_at: null } };
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
  if (!match) throw genericError(`invalid status ${name ?? status}`);
  const [statusName, group] = match;
  const closedAt = group === 'CLOSED' ? new Date(nowMs).toISOString() : null;
  Object.assign(stored.attributes, {
    status_name: statusName,
    status: group,
    status_group: `SG_${group}`,
    closed_at: closedAt,
  });
}

export function setAttributes(stored: StoredCase, attributes: unknown): void {
  if (typeof attributes !== 'object' || attributes === null) throw badRequest('attributes must be an object');
  for (const [key, values] of Object.entries(attributes)) {
    const isValid = Array.isArray(values) && values.every((value) => typeof value === 'string');
    if (!isValid) throw badRequest(`attribute ${key} must be an array of strings`);
  }
  stored.attributes.attributes = { ...(stored.attributes.attributes as Json), ...attributes };
}
