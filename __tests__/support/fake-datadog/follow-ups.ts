import type { FakeResponse } from '../fake-server.ts';
import { USERS } from './catalog.ts';
import { type StoredCase, toApi } from './stored-case.ts';
import { badRequest, notFound } from './validation.ts';

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
  return { status: 201, body: { data: toApi(stored) } };
}
