import { asRecord, isRecord } from '../base/json.ts';
import { fetchList } from '../http/client.ts';
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

/** Fetches a list. Throws LookupError with the task and the permission that the request needs. */
export async function fetchEntities(
  client: DatadogClient,
  path: string,
  { task, permission }: { readonly task: string; readonly permission: string },
): Promise<Entity[]> {
  let data: readonly unknown[];
  try {
    data = await fetchList(client, path);
  } catch (cause) {
    throw new LookupError(task, permission, cause);
  }
  return data.flatMap((item) => {
    if (!isRecord(item) || typeof item.id !== 'string') return [];
    return [{ id: item.id, attributes: asRecord(item.attributes) }];
  });
}

/** A sentence that lists what exists, without repetition and at most `max` of it. */
export function formatAlternatives(heading: string, alternatives: readonly string[], max: number): string {
  const names = [...new Set(alternatives)];
  const rest = names.length - max;
  return `${heading}: ${names.slice(0, max).join(', ')}${rest > 0 ? `, and ${rest} more` : ''}.`;
}
