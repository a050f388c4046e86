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
  readonly projectId: string;
  readonly statusName: string;
  /** Neither closed nor archived. */
  readonly isOpen: boolean;
  /** Milliseconds since 1970; NaN if the response doesn't say. */
  readonly createdAtMs: number;
  /** The `data` of the response, unchanged. */
  readonly raw: unknown;
}

/** Parses the `data` of a response; `undefined` if it isn't a case. */
export function parseCase(data: unknown, webUrl: string): Case | undefined {
  if (!isRecord(data) || typeof data.id !== 'string' || !data.id) return undefined;
  const attributes = asRecord(data.attributes);
  const text = (name: string) => asString(attributes[name]);
  const project = asRecord(asRecord(data.relationships).project);
  // Older responses lack status_name and status_group; `status` is deprecated.
  const group = text('status_group').replace(/^SG_/, '') || text('status');
  const label = text('key') || data.id;
  return {
    id: data.id,
    key: text('key'),
    label,
    // The API returns no URL. This is the form people use.
    url: `${webUrl}/cases/${encodeURIComponent(label)}`,
    title: text('title'),
    description: text('description'),
    priority: text('priority'),
    projectId: asString(asRecord(project.data).id).toLowerCase(),
    statusName: text('status_name') || group,
    isOpen: group !== 'CLOSED' && !text('archived_at'),
    createdAtMs: Date.parse(text('created_at')),
    raw: data,
  };
}

/** Sorts the oldest case first, then the lowest ID, so that every step that looks picks the same one. */
export function compareByAge(a: Case, b: Case): number {
  const age = ({ createdAtMs }: Case) => (Number.isNaN(createdAtMs) ? Number.MAX_SAFE_INTEGER : createdAtMs);
  return age(a) - age(b) || (a.id < b.id ? -1 : 1);
}
