import { asRecord, asString, isRecord } from '../base/json.ts';

/** A case as the API returns it. Fields missing from the response are empty: none of them is promised. */
export interface Case {
  readonly id: string;
  /** Such as `OPS-123`. */
  readonly key: string;
  /** The key, or the ID if the response has no key. */
  readonly label: string;
  /** The case's page in the Datadog app. */
  readonly url: string;
  readonly title: string;
  readonly description: string;
  readonly priority: string;
  readonly typeId: string;
  readonly projectId: string;
  readonly statusName: string;
  /** Neither closed nor archived. */
  readonly isOpen: boolean;
  readonly isArchived: boolean;
  /** Milliseconds since 1970; NaN if the response doesn't say. */
  readonly createdAtMs: number;
  /** The latest time at which it can have been closed: a closed case may lack `closed_at`. */
  readonly closedAtMs: number;
  /** The `data` of the response, unchanged. */
  readonly raw: unknown;
}

/** Parses the `data` of a response; `undefined` if it isn't a case. */
export function parseCase(data: unknown, webUrl: string): Case | undefined {
  // The ID becomes part of paths, where `..` would lead elsewhere, and half a character is an error.
  if (!isRecord(data) || typeof data.id !== 'string') return undefined;
  if (/^\.{0,2}$/.test(data.id) || !data.id.isWellFormed()) return undefined;
  const attributes = asRecord(data.attributes);
  const text = (name: string) => asString(attributes[name]);
  const project = asRecord(asRecord(data.relationships).project);
  const isArchived = text('archived_at') !== '';
  const label = text('key') || data.id;
  return {
    id: data.id,
    key: text('key'),
    label,
    // The API returns no URL. This is the form people use.
    url: `${webUrl}/cases/${encodeURIComponent(label.toWellFormed())}`,
    title: text('title'),
    description: text('description'),
    priority: text('priority'),
    typeId: text('type_id').toLowerCase(),
    projectId: asString(asRecord(project.data).id).toLowerCase(),
    // Older responses lack status_name and status_group; `status` is deprecated.
    statusName: text('status_name') || text('status_group').replace(/^SG_/, '') || text('status'),
    isOpen: !isArchived && !isClosed(attributes),
    isArchived,
    createdAtMs: Date.parse(text('created_at')),
    closedAtMs: Date.parse(text('closed_at') || text('modified_at')),
    raw: data,
  };
}

/** Values of the deprecated `status` that end a case. Source: recorded responses. */
const FINAL_STATUSES = ['CLOSED', 'RESOLVED', 'COMPLETED', 'CANCELLED', 'DECLINED'];

/** Judges by `status_group`, then `closed_at`, then `status`: any of them may be missing or new. */
function isClosed(attributes: Readonly<Record<string, unknown>>): boolean {
  const group = asString(attributes.status_group);
  if (group === 'SG_CLOSED') return true;
  if (group === 'SG_OPEN' || group === 'SG_IN_PROGRESS') return false;
  return (
    asString(attributes.closed_at) !== '' ||
    FINAL_STATUSES.includes(asString(attributes.status).toUpperCase())
  );
}

/** Sorts the oldest case first, then the lowest ID, so that every step that looks picks the same one. */
export function compareByAge(a: Case, b: Case): number {
  const age = ({ createdAtMs }: Case) => (Number.isNaN(createdAtMs) ? Number.MAX_SAFE_INTEGER : createdAtMs);
  return age(a) - age(b) || (a.id < b.id ? -1 : 1);
}
