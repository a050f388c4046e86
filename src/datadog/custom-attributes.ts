import { isRecord, toShortJson } from '../base/json.ts';
import { didYouMean, sortBySimilarity, suggest } from '../base/suggest.ts';
import { quoteShort } from '../base/truncate.ts';

/** The types of custom attributes. Source: https://github.com/DataDog/datadog-api-client-typescript */
export const CUSTOM_ATTRIBUTE_TYPES = ['URL', 'TEXT', 'NUMBER', 'SELECT'] as const;
type CustomAttributeType = (typeof CUSTOM_ATTRIBUTE_TYPES)[number];

/** A custom attribute in the API's form: `value` is a list if `is_multi` is true. */
export interface CustomAttributeValue {
  readonly type: CustomAttributeType;
  readonly is_multi: boolean;
  readonly value: string | number | readonly string[] | readonly number[];
}

/** A value without a type; the case type's configuration supplies it. */
export type UntypedValue = readonly (string | number)[] | string | number;

// Maps, because a key such as `__proto__` is a key like any other.
export type CustomAttributes = ReadonlyMap<string, CustomAttributeValue>;
export type CustomAttributesInput = ReadonlyMap<string, CustomAttributeValue | UntypedValue>;
/** Attributes that any case can have, such as its service. */
export type CaseAttributes = ReadonlyMap<string, readonly string[]>;

/** A case type's configuration of one custom attribute. */
export interface CustomAttributeConfig {
  readonly key: string;
  readonly name: string;
  readonly type: CustomAttributeType;
  readonly isMulti: boolean;
}

/** How many digits any number keeps. Source: https://tc39.es/ecma262/#sec-ecmascript-language-types-number-type */
const MAX_DIGITS = 15;
/** The most keys that a message lists. */
const MAX_SUGGESTED_KEYS = 10;

/** Whether a value is in the API's own form. */
export function isTypedValue(value: CustomAttributeValue | UntypedValue): value is CustomAttributeValue {
  return isRecord(value);
}

/** Gives untyped values the types of the case type's configuration. `rejected` says why a value doesn't apply. */
export function applyAttributeTypes(
  input: CustomAttributesInput,
  configs: readonly CustomAttributeConfig[],
): { value: CustomAttributes; rejected: string[] } {
  const value = new Map<string, CustomAttributeValue>();
  const rejected: string[] = [];
  for (const [key, raw] of input) {
    const config = findConfig(key, configs);
    if (!config) {
      rejected.push(describeUnknownKey(key, configs));
      continue;
    }
    const typed = isTypedValue(raw) ? raw : toTypedValue(raw, config);
    if (typed) value.set(config.key, typed);
    else rejected.push(`${quoteShort(key)} ${describeExpected(raw, config)}, got ${toShortJson(raw)}.`);
  }
  return { value, rejected };
}

/** What a value that doesn't apply should have been. */
function describeExpected(raw: unknown, { type, isMulti }: CustomAttributeConfig): string {
  if (!isMulti && Array.isArray(raw) && raw.length > 1) return `takes one value (${type})`;
  const noun = { NUMBER: 'number', URL: 'URL', TEXT: 'text', SELECT: 'value' }[type];
  return isMulti ? `must be one or more ${noun}s` : `must be a ${noun}`;
}

function describeUnknownKey(key: string, configs: readonly CustomAttributeConfig[]): string {
  const problem = `${quoteShort(key)} is not an attribute of this case type.`;
  if (!configs.length) return `${problem} It has no custom attributes.`;
  const keys = configs.map((config) => config.key);
  const suggestion = suggest(key, [...keys, ...configs.map(({ name }) => name)]);
  const suggested = configs.find((config) => config.key === suggestion || config.name === suggestion);
  const available = sortBySimilarity(key, keys).slice(0, MAX_SUGGESTED_KEYS).map(quoteShort).join(', ');
  return `${problem}${didYouMean(suggested && quoteShort(suggested.key))} Available: ${available}.`;
}

function findConfig(
  key: string,
  configs: readonly CustomAttributeConfig[],
): CustomAttributeConfig | undefined {
  const matches = (text: string) => text.toLowerCase() === key.toLowerCase();
  return (
    configs.find((config) => config.key === key) ??
    configs.find((config) => matches(config.key)) ??
    configs.find((config) => matches(config.name))
  );
}

function toTypedValue(
  raw: UntypedValue,
  { type, isMulti }: CustomAttributeConfig,
): CustomAttributeValue | undefined {
  const items = [raw].flat();
  const values = items.flatMap((item) => coerce(item, type) ?? []);
  const [first] = values;
  if (first === undefined || values.length < items.length || (!isMulti && values.length > 1))
    return undefined;
  return { type, is_multi: isMulti, value: isMulti ? (values as string[] | number[]) : first };
}

function coerce(item: string | number, type: CustomAttributeType): string | number | undefined {
  const text = String(item);
  if (type === 'URL') return /^https?:\/\//i.test(text) && URL.canParse(text) ? text : undefined;
  if (type !== 'NUMBER') return text;
  if (typeof item === 'number') return item;
  // Workflow expressions produce strings. More than 15 digits would not stay the same.
  return /^[+-]?\d+(?:\.\d+)?$/.test(item) && item.replace(/\D/g, '').length <= MAX_DIGITS
    ? Number(item)
    : undefined;
}
