import { asRecord, isRecord, type JsonObject } from '../base/json.ts';
import { fetchPage, type ListPage } from '../http/client.ts';
import type { DatadogClient } from './client.ts';
import { LookupError } from './errors.ts';

/** The form of every ID in the API, in upper or lower case. */
export const UUID_PATTERN = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Something with an ID, and the label that people know it by. */
export interface LookupResult {
  readonly id: string;
  readonly label: string;
}

/** An item of a list that the API returns. */
export interface Entity {
  readonly id: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** What a request is for, and the permission that it needs, to go into a LookupError. */
interface Purpose {
  readonly task: string;
  readonly permission: string;
}

/** Fetches a list that has only one page. Throws LookupError. */
export async function fetchEntities(
  client: DatadogClient,
  path: string,
  purpose: Purpose,
): Promise<readonly Entity[]> {
  return (await fetchEntityPage(client, path, purpose)).entities;
}

/** A page of a list, and what the response says about the list. */
interface EntityPage {
  readonly entities: readonly Entity[];
  readonly meta: JsonObject;
}

/** Fetches a page of a list. Throws LookupError. */
export async function fetchEntityPage(
  client: DatadogClient,
  path: string,
  { task, permission }: Purpose,
): Promise<EntityPage> {
  let page: ListPage;
  try {
    page = await fetchPage(client, path);
  } catch (cause) {
    throw new LookupError(task, permission, cause);
  }
  const entities = page.data.flatMap((item) => {
    if (!isRecord(item) || typeof item.id !== 'string') return [];
    return [{ id: item.id, attributes: asRecord(item.attributes) }];
  });
  return { entities, meta: page.meta };
}

/** A sentence that lists what exists, without repetition and at most `max` of it. */
export function formatAlternatives(heading: string, alternatives: readonly string[], max: number): string {
  const names = [...new Set(alternatives)];
  const rest = names.length - max;
  return `${heading}: ${names.slice(0, max).join(', ')}${rest > 0 ? `, and ${rest} more` : ''}.`;
}
