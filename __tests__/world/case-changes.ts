import { type CaseStore, latest, type StoredCase } from './case-store.ts';
import type { StepRecord } from './record.ts';
import { badRequest, expectObject, genericError, type WorldAnswer } from './server.ts';

interface ChangeRequest {
  /** The last part of the path. */
  readonly resource: string;
  /** What follows it. */
  readonly part: string;
  readonly body: unknown;
  readonly step: StepRecord;
}

/** Changes a case as a step asks. Returns the answer unless it is the case. Throws a Refusal. */
export function changeCase(
  store: CaseStore,
  stored: StoredCase,
  { resource, part, body, step }: ChangeRequest,
): WorldAnswer | undefined {
  if (resource === 'watchers' && part) {
    store.change(stored, 'other', step, {});
    return { status: 201, body: {} };
  }
  const attributes = expectObject(expectObject(expectObject(body).data).attributes);
  switch (resource) {
    case 'comment':
      if (typeof attributes.comment !== 'string' || !attributes.comment) throw badRequest();
      store.change(stored, 'commented', step, {});
      return { status: 200, body: { data: [{ id: store.options.uuid(), type: 'timeline_cell' }] } };
    case 'status':
      setStatus(store, stored, attributes, step);
      return undefined;
    case 'description':
      store.change(stored, 'described', step, {
        description: store.limit(String(attributes.description)),
      });
      return undefined;
    case 'priority':
      store.change(stored, 'other', step, { priority: String(attributes.priority) });
      return undefined;
    case 'title':
      if (typeof attributes.title !== 'string' || !attributes.title) throw badRequest();
      store.change(stored, 'other', step, { title: attributes.title });
      return undefined;
    case 'assign':
      if (store.options.service.refusesDetails) throw badRequest();
      store.change(stored, 'other', step, {});
      return undefined;
    default:
      store.change(stored, 'other', step, {});
      return undefined;
  }
}

const STATUSES: Readonly<Record<string, string>> = {
  Open: 'OPEN',
  'In Progress': 'IN_PROGRESS',
  Closed: 'CLOSED',
};

function setStatus(
  store: CaseStore,
  stored: StoredCase,
  { status, status_name: name }: Record<string, unknown>,
  step: StepRecord,
): void {
  if (status !== undefined && store.options.service.wantsStatusNames) throw badRequest();
  const statusName =
    typeof name === 'string' ? name : Object.keys(STATUSES).find((key) => STATUSES[key] === status);
  const group = STATUSES[statusName ?? ''];
  if (statusName === undefined || group === undefined)
    throw genericError(`invalid status ${name ?? status}. Must be one of OPEN, CLOSED`);
  applyStatus(store, stored, { group, statusName, by: step });
}

/** Closes or reopens a case, or does nothing if that has been done. */
export function applyStatus(
  store: CaseStore,
  stored: StoredCase,
  {
    group,
    statusName,
    by,
  }: { readonly group: string; readonly statusName: string; readonly by: StoredCase['by'] },
): void {
  const wasClosed = latest(stored).status === 'CLOSED';
  const isClosed = group === 'CLOSED';
  // Several steps may reopen a case at the same time: all of them count.
  const hasBeenClosed = stored.versions.some(({ status }) => status === 'CLOSED');
  const doesReopen = !isClosed && (wasClosed || (by !== 'somebody' && hasBeenClosed));
  const kind = doesReopen ? 'reopened' : isClosed && !wasClosed ? 'closed' : 'other';
  const closedAt = isClosed ? (latest(stored).closedAt ?? store.options.now()) : undefined;
  store.change(stored, kind, by, { status: group, statusName, closedAt });
}
