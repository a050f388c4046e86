import { asArray, asRecord, asString } from '../base/json.ts';
import { fetchCaseTypes } from './case-types.ts';
import type { DatadogClient } from './client.ts';
import type { Entity } from './entities.ts';

/** The names of a case type's statuses. Empty if they aren't listed. */
export interface StatusNames {
  /** Those of an open case, also if it is in progress. */
  readonly open: readonly string[];
  readonly closed: readonly string[];
}

export const NO_STATUS_NAMES: StatusNames = { open: [], closed: [] };

/**
 * The names of a case type's statuses. Empty if the type or its statuses aren't listed: `statuses_config` may be absent.
 * Throws LookupError if the request fails.
 */
export async function fetchStatusNames(client: DatadogClient, typeId: string): Promise<StatusNames> {
  const types = await fetchCaseTypes(client, 'look up the statuses of the case type');
  return listStatusNames(types, typeId);
}

/** The statuses of one of the case types, as far as they are listed. */
export function listStatusNames(types: readonly Entity[], typeId: string): StatusNames {
  const type = types.find(({ id }) => id.toLowerCase() === typeId.toLowerCase());
  const { closed, ...others } = asRecord(type?.attributes.statuses_config);
  return { open: Object.values(others).flatMap(listGroup), closed: listGroup(closed) };
}

function listGroup(group: unknown): string[] {
  return asArray(asRecord(group).status_options)
    .map((option) => asString(asRecord(option).name))
    .filter((name) => name);
}

/** The status that opens or closes a case of this type by default; empty if it isn't listed. Throws LookupError. */
export async function fetchDefaultStatus(
  client: DatadogClient,
  typeId: string,
  group: 'open' | 'closed',
): Promise<string> {
  const types = await fetchCaseTypes(client, 'look up the statuses of the case type');
  const type = types.find(({ id }) => id.toLowerCase() === typeId.toLowerCase());
  const { default: name, status_options: options } = asRecord(
    asRecord(type?.attributes.statuses_config)[group],
  );
  return asString(name) || asString(asRecord(asArray(options)[0]).name);
}

/** The name as it is spelled in the list, in upper or lower case; `undefined` if it isn't there. */
export function findStatusName(names: readonly string[], input: string): string | undefined {
  return (
    names.find((name) => name === input) ?? names.find((name) => name.toLowerCase() === input.toLowerCase())
  );
}
