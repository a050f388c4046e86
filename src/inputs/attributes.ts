import { describeType, isRecord, toShortJson } from '../base/json.ts';
import { quoteShort } from '../base/truncate.ts';
import {
  type CaseAttributes,
  CUSTOM_ATTRIBUTE_TYPES,
  type CustomAttributesInput,
  type CustomAttributeValue,
  type UntypedValue,
} from '../datadog/custom-attributes.ts';
import { parseKeyValues } from './key-values.ts';
import type { ParseResult } from './value-parsers.ts';

/** What an object as a value must look like. */
const TYPED_FORM = 'Write a plain value, such as "eu", or an object with type, is_multi and value.';

type ValueResult<T> = { readonly value: T } | { readonly issue: string };

/** Parses `custom_attributes`: a JSON object or lines of `key: value`, each value in the API's form or untyped. */
export async function parseCustomAttributes(text: string): Promise<ParseResult<CustomAttributesInput>> {
  return parseEntries<CustomAttributeValue | UntypedValue>(text, (raw) =>
    isRecord(raw) ? parseTypedValue(raw) : parseUntypedValue(raw),
  );
}

/** Parses `attributes`: a JSON object or lines of `key: value`, each value one text or a list of them. */
export async function parseAttributes(text: string): Promise<ParseResult<CaseAttributes>> {
  return parseEntries(text, (raw) => {
    if (isRecord(raw)) return { issue: 'must be a string or a list of strings, got an object.' };
    const result = parseUntypedValue(raw);
    return 'issue' in result ? result : { value: [result.value].flat().map(String) };
  });
}

async function parseEntries<T>(
  text: string,
  parseValue: (raw: unknown) => ValueResult<T>,
): Promise<ParseResult<ReadonlyMap<string, T>>> {
  const value = new Map<string, T>();
  const keyValues = await parseKeyValues(text);
  const issues = [...keyValues.issues];
  for (const [key, raw] of keyValues.entries) {
    // Expressions about a step that did not run produce null or nothing: ignore such values.
    if (raw === null || raw === '' || (Array.isArray(raw) && !raw.length)) continue;
    const result = parseValue(raw);
    if ('issue' in result) issues.push(`${quoteShort(key)} ${result.issue}`);
    else value.set(key, result.value);
  }
  return { value, issues, warnings: keyValues.warnings };
}

function parseUntypedValue(raw: unknown): ValueResult<UntypedValue> {
  const values: (string | number)[] = [];
  for (const item of [raw].flat()) {
    if (typeof item === 'string' || typeof item === 'number') values.push(item);
    else if (typeof item === 'boolean') values.push(String(item));
    else return { issue: `must be a string, a number or a list of them, got ${describeType(item)}.` };
  }
  return { value: Array.isArray(raw) ? values : (values[0] ?? '') };
}

function parseTypedValue(raw: Record<string, unknown>): ValueResult<CustomAttributeValue> {
  const issue = findTypeIssue(raw) ?? findValueIssue(raw);
  // The checks above cover every property, which the compiler cannot see.
  return issue === undefined ? { value: raw as unknown as CustomAttributeValue } : { issue };
}

/** What is wrong with the properties of a typed value, apart from its `value`. */
function findTypeIssue(raw: Record<string, unknown>): string | undefined {
  const { type, is_multi: isMulti, value: _value, ...unknown } = raw;
  if (!CUSTOM_ATTRIBUTE_TYPES.some((candidate) => candidate === type)) {
    if (type === undefined) return `is an object without type. ${TYPED_FORM}`;
    return `has an invalid type ${toShortJson(type)}. Use one of: ${CUSTOM_ATTRIBUTE_TYPES.join(', ')}.`;
  }
  if (typeof isMulti !== 'boolean') {
    const problem =
      isMulti === undefined ? 'is missing is_multi' : `has an invalid is_multi ${toShortJson(isMulti)}`;
    return `${problem}. Use true or false.`;
  }
  const unknownKeys = Object.keys(unknown);
  if (!unknownKeys.length) return undefined;
  return `has unknown properties: ${unknownKeys.map(toShortJson).join(', ')}. Use only type, is_multi and value.`;
}

/** What is wrong with the `value` of a typed value, whose type is valid. */
function findValueIssue({ type, is_multi: isMulti, value }: Record<string, unknown>): string | undefined {
  if (isMulti && !Array.isArray(value))
    return `has is_multi true, so its value must be a list, got ${describeType(value)}.`;
  if (!isMulti && Array.isArray(value)) return 'has is_multi false, so its value must not be a list.';
  const [expectedType, label] = type === 'NUMBER' ? ['number', 'a number'] : ['string', 'a string'];
  const values = [value].flat();
  const index = values.findIndex((item) => typeof item !== expectedType);
  if (index < 0) return undefined;
  return `is a ${type}, so its value must be ${label}, got ${describeType(values[index])}.`;
}
