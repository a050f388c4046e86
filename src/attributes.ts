import { isRecord } from './http.ts';

/** The types that a custom attribute can have. Source: the vendor's published client. */
export const TYPES = ['URL', 'TEXT', 'NUMBER', 'SELECT'] as const;
export type AttributeType = (typeof TYPES)[number];

/** A custom attribute as the API takes it: a list where `is_multi`. */
export interface TypedValue {
  readonly type: AttributeType;
  readonly is_multi: boolean;
  readonly value: string | number | readonly string[] | readonly number[];
}

/** Custom attributes by key. A map, since a key such as `__proto__` is a key like any other. */
export type CustomAttributes = ReadonlyMap<string, TypedValue>;

/** What was found in an input: its attributes, or the words for all that is wrong with them. */
export interface Reading<T> {
  readonly value: T;
  readonly problems: readonly string[];
}

/** Reads `custom_attributes`: a JSON object of typed values. */
export async function parseCustom(text: string): Promise<Reading<CustomAttributes>> {
  const value = new Map<string, TypedValue>();
  if (!text) return { value, problems: [] };
  const json = await parseJson(text);
  if ('problem' in json) return { value, problems: [json.problem] };
  if (!isRecord(json.value))
    return { value, problems: [`must be a JSON object, but is ${formOf(json.value)}.`] };
  const problems: string[] = [];
  for (const [key, given] of Object.entries(json.value)) {
    const problem = typedProblem(given);
    if (problem) problems.push(`${JSON.stringify(key)} ${problem}`);
    else value.set(key, given as unknown as TypedValue);
  }
  return { value, problems };
}

/** What is wrong with a typed value, or nothing. */
function typedProblem(given: unknown): string | undefined {
  if (!isRecord(given)) return `is ${formOf(given)}; write {"type": "TEXT", "is_multi": false, "value": …}.`;
  const { type, is_multi: multi, value, ...more } = given;
  if (!TYPES.some((known) => known === type))
    return `has type ${show(type)}; use one of ${TYPES.join(', ')}.`;
  if (typeof multi !== 'boolean') return `has is_multi ${show(multi)}; use true or false.`;
  const unknown = Object.keys(more);
  if (unknown.length) return `has ${unknown.map(show).join(', ')}; only type, is_multi and value are known.`;
  if (multi !== Array.isArray(value)) {
    return multi
      ? `has is_multi true, so its value must be a list, but is ${formOf(value)}.`
      : `has is_multi false, so its value must not be ${formOf(value)}.`;
  }
  const wanted = type === 'NUMBER' ? 'number' : 'string';
  const wrong = [value].flat().find((item) => typeof item !== wanted);
  return wrong === undefined && value !== undefined
    ? undefined
    : `is of type ${type}, so its value must be ${wanted === 'number' ? 'a number' : 'text'}, but is ${formOf(wrong)}.`;
}

/** Parses JSON, or says where it breaks and shows the spot. */
async function parseJson(text: string): Promise<{ value: unknown } | { problem: string }> {
  try {
    return { value: JSON.parse(text) };
  } catch {
    // V8 does not always say where. Loaded only here, since most steps never need it.
    const { parse } = await import('jsonc-parser');
    const errors: { offset: number }[] = [];
    parse(text, errors as never, { disallowComments: true });
    return { problem: `is not valid JSON: ${spot(text, errors[0]?.offset ?? text.length)}` };
  }
}

function spot(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  const column = (before.at(-1)?.length ?? 0) + 1;
  const near = `${text.slice(Math.max(0, offset - 20), offset)}⟨here⟩${text.slice(offset, offset + 20)}`;
  return `it breaks at line ${before.length}, column ${column}, near ${near.replace(/\s+/g, ' ').trim()}`;
}

function show(value: unknown): string {
  return value === undefined ? 'missing' : (JSON.stringify(value) ?? String(value)).slice(0, 80);
}

function formOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return 'a list';
  if (isRecord(value)) return 'an object';
  return show(value);
}
