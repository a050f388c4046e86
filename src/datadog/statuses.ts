import { asArray, asRecord, asString } from '../base/json.ts';
import type { DatadogClient } from './client.ts';
import { type Entity, fetchEntities } from './entities.ts';

/**
 * The names of a case type's statuses. Empty if the type or its statuses aren't listed: `statuses_config` may be absent.
 * Throws LookupError if the request fails.
 */
export async function fetchStatusNames(client: DatadogClient, typeId: string): Promise<string[]> {
  const type = await fetchCaseType(client, typeId);
  return Object.values(asRecord(type?.attributes.statuses_config))
    .flatMap((group) => asArray(asRecord(group).status_options))
    .map((option) => asString(asRecord(option).name))
    .filter((name) => name);
}

/** The status that closes a case of this type by default; empty if it isn't listed. Throws LookupError. */
export async function fetchClosingStatus(client: DatadogClient, typeId: string): Promise<string> {
  const type = await fetchCaseType(client, typeId);
  const closed = asRecord(asRecord(type?.attributes.statuses_config).closed);
  return asString(closed.default) || asString(asRecord(asArray(closed.status_options)[0]).name);
}

async function fetchCaseType(client: DatadogClient, typeId: string): Promise<Entity | undefined> {
  const types = await fetchEntities(client, '/api/v2/cases/types', {
    task: 'look up the statuses of the case type',
    permission: 'cases_read',
  });
  return types.find(({ id }) => id.toLowerCase() === typeId.toLowerCase());
}

/** The name as it is spelled in the list, in upper or lower case; `undefined` if it isn't there. */
export function findStatusName(names: readonly string[], input: string): string | undefined {
  return (
    names.find((name) => name === input) ?? names.find((name) => name.toLowerCase() === input.toLowerCase())
  );
}
