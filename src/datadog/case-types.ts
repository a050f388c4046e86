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
import { type Entity, fetchEntities, formatAlternatives, type LookupResult } from './entities.ts';
import { UUID_PATTERN } from './ids.ts';

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

/** The type that every project has. */
export const STANDARD_TYPE_ID = '00000000-0000-0000-0000-000000000001';

/** The name of a case type that every organization has; empty for others. */
export function findBuiltInTypeName(id: string): string {
  return [...BUILT_IN_CASE_TYPES].find(([, builtInId]) => builtInId === id)?.[0] ?? '';
}

/**
 * Finds a case type by UUID or built-in name (no request) or another name, in upper or lower case.
 * Throws InputError if it is unknown or ambiguous, LookupError if the request fails.
 */
export async function findCaseType(client: DatadogClient, input: string): Promise<LookupResult> {
  const isInput = (text: string) => text.toLowerCase() === input.toLowerCase();
  for (const [name, id] of BUILT_IN_CASE_TYPES) if (isInput(name) || isInput(id)) return { id, label: name };
  if (UUID_PATTERN.test(input)) return { id: input.toLowerCase(), label: input };
  const types = await fetchCaseTypes(client, input);
  const matches = types.filter(({ attributes }) => isInput(asString(attributes.name)));
  const [match] = matches;
  if (match && matches.length === 1) return { id: match.id, label: input };
  const text = matches.length ? describeAmbiguity(input, matches) : describeUnknown(input, types);
  throw new InputError([{ input: 'type_id', text }], 'type');
}

/** Fetches all case types, in order to find `input`. Throws LookupError. */
export function fetchCaseTypes(client: DatadogClient, input: string): Promise<Entity[]> {
  return fetchEntities(client, '/api/v2/cases/types', {
    task: `look up the case type ${quoteShort(input)}`,
    permission: 'cases_read',
  });
}

function describeAmbiguity(input: string, matches: readonly Entity[]): string {
  const ids = matches.map(({ id }) => id).join(', ');
  return `Several case types are named ${quoteShort(input)}. Use the UUID of one: ${ids}.`;
}

function describeUnknown(input: string, types: readonly Entity[]): string {
  const builtIn = [...BUILT_IN_CASE_TYPES.keys()];
  const custom = types.map(({ attributes }) => asString(attributes.name));
  const hint = didYouMean(suggest(input, [...builtIn, ...custom]));
  const available = formatAlternatives('Available', [
    ...builtIn,
    ...sortBySimilarity(input, custom).map(quoteShort),
  ]);
  return `Case type ${quoteShort(input)} not found.${hint} ${available}`;
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
