// Lenient readers for untrusted JSON, and words to describe it in a message.

const MAX_SHORT_JSON_CHARS = 80;

/** A JSON object of which nothing else is known. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether the value is a JSON object: neither an array nor `null`. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object, or an empty one if the value is anything else. */
export function asRecord(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

/** The array, or an empty one if the value is anything else. */
export function asArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The string, or an empty one if the value is anything else. */
export function asString(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The positive safe integer, given as a number or as its digits; `undefined` for anything else. */
export function asPositiveInteger(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number > 0 ? number : undefined;
}

/** The value as JSON, at most 80 characters of it, for a message. `undefined` becomes `missing`. */
export function toShortJson(value: unknown): string {
  if (value === undefined) return 'missing';
  return (JSON.stringify(value) ?? String(value)).slice(0, MAX_SHORT_JSON_CHARS);
}

/** Describes a value by its type for a message: `a list`, `an object`, or the value itself as short JSON. */
export function describeType(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return isRecord(value) ? 'an object' : toShortJson(value);
}

/** A copy of a JSON value with the keys of all objects in alphabetical order. */
export function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, sortKeys(item)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
