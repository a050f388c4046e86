import { InputError } from '../base/errors.ts';
import { asString } from '../base/json.ts';
import { didYouMean, sortBySimilarity, suggest } from '../base/suggest.ts';
import { quoteShort } from '../base/truncate.ts';
import type { DatadogClient } from './client.ts';
import {
  applyAttributeTypes,
  CUSTOM_ATTRIBUTE_TYPES,
  type CustomAttributeConfig,
  type CustomAttributes,
  type CustomAttributesInput,
  isTypedValue,
} from './custom-attributes.ts';
import {
  type Entity,
  fetchEntities,
  formatAlternatives,
  type LookupResult,
  UUID_PATTERN,
} from './entities.ts';

/** The case types that every organization has, with the same IDs. Source: recorded responses. */
const BUILT_IN_CASE_TYPES: ReadonlyMap<string, string> = new Map(
  (
    [
      [1, 'Standard'],
      [2, 'Event Management'],
      [3, 'Security'],
      [4, 'Change Request'],
      [5, 'Error Tracking'],
      [7, 'Logs Optimization Insights'],
    ] as const
  ).map(([number, name]) => [name, `00000000-0000-0000-0000-00000000000${number}`]),
);

/** The case type of a case whose own type can't be used. */
export const STANDARD_TYPE: LookupResult = { id: '00000000-0000-0000-0000-000000000001', label: 'Standard' };

/** The most alternatives that an error lists: an organization may have hundreds of types. */
const MAX_ALTERNATIVES = 5;

/** The name of a case type that every organization has; empty for others. */
export function findBuiltInTypeName(id: string): string {
  return [...BUILT_IN_CASE_TYPES].find(([, builtInId]) => builtInId === id)?.[0] ?? '';
}

/**
 * Finds a case type by UUID or built-in name (no request) or another name, in upper or lower case.
 * Throws InputError if it is unknown, ambiguous or deleted, LookupError if the request fails.
 */
export async function fetchCaseType(client: DatadogClient, input: string): Promise<LookupResult> {
  const isInput = (text: string) => text.toLowerCase() === input.toLowerCase();
  for (const [name, id] of BUILT_IN_CASE_TYPES) if (isInput(name) || isInput(id)) return { id, label: name };
  if (UUID_PATTERN.test(input)) return { id: input.toLowerCase(), label: input };
  const types = await fetchCaseTypes(client, `look up the case type ${quoteShort(input)}`);
  const namesakes = types.filter(({ attributes }) => isInput(asString(attributes.name)));
  const [match, ...others] = namesakes.filter((type) => !isDeleted(type));
  if (match && !others.length) return { id: match.id, label: input };
  const text = match
    ? describeAmbiguity(input, [match, ...others])
    : describeUnknown(input, types, namesakes.length > 0);
  throw new InputError([{ input: 'type_id', text }], 'type');
}

/** Whether a case type was deleted: Datadog goes on listing it. Source: recorded responses. */
export function isDeleted({ attributes }: Entity): boolean {
  return attributes.deleted_at !== undefined && attributes.deleted_at !== null;
}

/** Fetches all case types, also the built-in and the deleted ones. Throws LookupError, which says what for. */
export function fetchCaseTypes(client: DatadogClient, task: string): Promise<readonly Entity[]> {
  return fetchEntities(client, '/api/v2/cases/types', { task, permission: 'cases_read' });
}

function describeAmbiguity(input: string, matches: readonly Entity[]): string {
  const ids = matches.map(({ id }) => id);
  return `Several case types are named ${quoteShort(input)}. ${formatAlternatives('Use the UUID of one', ids, MAX_ALTERNATIVES)}`;
}

function describeUnknown(input: string, types: readonly Entity[], wasDeleted: boolean): string {
  const others = types.filter((type) => !isDeleted(type) && !findBuiltInTypeName(type.id));
  const names = [...BUILT_IN_CASE_TYPES.keys(), ...others.map(({ attributes }) => asString(attributes.name))];
  const suggestion = suggest(input, names);
  const hint = didYouMean(suggestion && quoteShort(suggestion));
  const closest = sortBySimilarity(input, names).map(quoteShort);
  const problem = `Case type ${quoteShort(input)} ${wasDeleted ? 'was deleted in Datadog' : 'not found'}.`;
  return `${problem}${hint} ${formatAlternatives('Available', closest, MAX_ALTERNATIVES)}`;
}

/**
 * Gives custom attributes their types. The case type's configuration is fetched only if a value has no type.
 * `rejected` says why a value doesn't apply. Throws LookupError if the request fails.
 */
export async function resolveCustomAttributes(
  client: DatadogClient,
  typeId: string,
  input: CustomAttributesInput,
): Promise<{ value: CustomAttributes; rejected: string[] }> {
  if ([...input.values()].every(isTypedValue)) return { value: input as CustomAttributes, rejected: [] };
  const entities = await fetchEntities(client, `/api/v2/cases/types/${typeId}/custom_attributes`, {
    task: 'look up the custom attributes of the case type',
    permission: 'cases_read',
  });
  return applyAttributeTypes(input, entities.flatMap(parseConfig));
}

function parseConfig({ attributes }: Entity): CustomAttributeConfig[] {
  const { key, display_name: name, is_multi: isMulti } = attributes;
  const type = CUSTOM_ATTRIBUTE_TYPES.find((candidate) => candidate === attributes.type);
  if (typeof key !== 'string' || !type) return [];
  return [{ key, name: asString(name), type, isMulti: isMulti === true }];
}
