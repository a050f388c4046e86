import { isRecord } from './json.ts';
import { formOf, parsePairs, show } from './pairs.ts';
import { nearest, quote } from './text.ts';

/** The types that a custom attribute can have. Source: the vendor's published client. */
export const TYPES = ['URL', 'TEXT', 'NUMBER', 'SELECT'] as const;
export type AttributeType = (typeof TYPES)[number];

/** A custom attribute as the API takes it: a list where `is_multi`. */
export interface TypedValue {
  readonly type: AttributeType;
  readonly is_multi: boolean;
  readonly value: string | number | readonly string[] | readonly number[];
}

/** A value whose type only the case type's settings tell. */
export type BareValue = readonly (string | number)[] | string | number;

// Maps throughout, since a key such as `__proto__` is a key like any other.
export type CustomAttributes = ReadonlyMap<string, TypedValue>;
export type GivenAttributes = ReadonlyMap<string, TypedValue | BareValue>;
/** The other attributes of a case, such as its service: every value a list. */
export type PlainAttributes = ReadonlyMap<string, readonly string[]>;

/** What a case type says of one of its custom attributes. */
export interface Setting {
  readonly key: string;
  readonly name: string;
  readonly type: AttributeType;
  readonly multi: boolean;
}

/** What was found in an input, and the words for all that is wrong with it. */
export interface Reading<T> {
  readonly value: T;
  readonly problems: readonly string[];
}

/** Whether a value came in the API's own form. */
export function isTyped(value: TypedValue | BareValue): value is TypedValue {
  return isRecord(value);
}

/** Reads `custom_attributes`: a JSON object or lines of `key: value`; each value typed or bare. */
export async function parseCustom(text: string): Promise<Reading<GivenAttributes>> {
  return parse<TypedValue | BareValue>(text, (given) =>
    isRecord(given) ? readTyped(given) : readBare(given),
  );
}

/** Reads `attributes`: the same two forms, where every value is text or a list of it. */
export async function parsePlain(text: string): Promise<Reading<PlainAttributes>> {
  return parse(text, (given) => {
    if (isRecord(given)) return { problem: 'is an object; give a text or a list of texts.' };
    const bare = readBare(given);
    return 'problem' in bare ? bare : { value: [bare.value].flat().map(String) };
  });
}

/**
 * Gives bare values the type that the case type's settings say.
 * What the type does not know, or what does not fit, is left out; `leftOut` says in words why.
 */
export function applySettings(
  given: GivenAttributes,
  settings: readonly Setting[],
): { value: CustomAttributes; leftOut: string[] } {
  const value = new Map<string, TypedValue>();
  const leftOut: string[] = [];
  for (const [key, one] of given) {
    const setting = findSetting(key, settings);
    if (!setting) {
      const known = nearest(
        key,
        settings.map((each) => each.key),
      ).slice(0, 10);
      leftOut.push(
        `the case type has no ${quote(key)}; it has ${known.map(quote).join(', ') || 'none at all'}.`,
      );
      continue;
    }
    const typed = isTyped(one) ? one : withType(one, setting);
    if (typed) value.set(setting.key, typed);
    else
      leftOut.push(
        `${quote(key)} is a ${setting.type}${setting.multi ? ' of many values' : ''}, which ${show(one)} does not fit.`,
      );
  }
  return { value, leftOut };
}

function findSetting(key: string, settings: readonly Setting[]): Setting | undefined {
  const same = (text: string) => text.toLowerCase() === key.toLowerCase();
  return (
    settings.find((each) => each.key === key) ??
    settings.find((each) => same(each.key)) ??
    settings.find((each) => same(each.name))
  );
}

function withType(bare: BareValue, { type, multi }: Setting): TypedValue | undefined {
  const given = [bare].flat();
  const values = given.flatMap((one) => convert(one, type) ?? []);
  const [first] = values;
  if (first === undefined || values.length < given.length || (!multi && values.length > 1)) return undefined;
  return { type, is_multi: multi, value: multi ? (values as string[] | number[]) : first };
}

function convert(one: string | number, type: AttributeType): string | number | undefined {
  const text = String(one);
  if (type === 'URL') return /^https?:\/\//i.test(text) && URL.canParse(text) ? text : undefined;
  if (type !== 'NUMBER') return text;
  if (typeof one === 'number') return one;
  // Expressions in workflows give text, so a whole number in text is meant as one; any other text is not.
  return /^[+-]?\d+$/.test(one) && Number.isSafeInteger(Number(one)) ? Number(one) : undefined;
}

type One<T> = { readonly value: T } | { readonly problem: string };

async function parse<T>(
  text: string,
  read: (given: unknown) => One<T>,
): Promise<Reading<ReadonlyMap<string, T>>> {
  const value = new Map<string, T>();
  const { entries, problems: wrong } = await parsePairs(text);
  const problems = [...wrong];
  for (const [key, given] of entries) {
    // An expression over a step that did not run gives null or nothing: then nothing is set.
    if (given === null || given === '' || (Array.isArray(given) && !given.length)) continue;
    const one = read(given);
    if ('problem' in one) problems.push(`${quote(key)} ${one.problem}`);
    else value.set(key, one.value);
  }
  return { value, problems };
}

function readBare(given: unknown): One<BareValue> {
  const texts = [given].flat().map((one) => (typeof one === 'boolean' ? String(one) : one));
  const wrong = texts.find((one) => typeof one !== 'string' && typeof one !== 'number');
  if (wrong !== undefined)
    return { problem: `holds ${formOf(wrong)}; give a text, a number, or a list of them.` };
  const values = texts as (string | number)[];
  return { value: Array.isArray(given) ? values : (values[0] ?? '') };
}

/** Reads the API's own form of a value. */
function readTyped(given: Record<string, unknown>): One<TypedValue> {
  const { type, is_multi: multi, value, ...more } = given;
  const problem = (text: string) => ({ problem: text });
  if (!TYPES.some((known) => known === type))
    return problem(`has type ${show(type)}; use one of ${TYPES.join(', ')}.`);
  if (typeof multi !== 'boolean') return problem(`has is_multi ${show(multi)}; use true or false.`);
  const unknown = Object.keys(more);
  if (unknown.length)
    return problem(`has ${unknown.map(show).join(', ')}; only type, is_multi and value are known.`);
  if (multi && !Array.isArray(value))
    return problem(`has is_multi true, so its value must be a list, but is ${formOf(value)}.`);
  if (!multi && Array.isArray(value)) return problem('has is_multi false, so its value must not be a list.');
  const [wanted, words] = type === 'NUMBER' ? ['number', 'a number'] : ['string', 'text'];
  const values = [value].flat();
  const wrong = values.findIndex((item) => typeof item !== wanted);
  if (wrong < 0) return { value: given as unknown as TypedValue };
  return problem(`is of type ${type}, so its value must be ${words}, but is ${formOf(values[wrong])}.`);
}
