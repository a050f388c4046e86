import {
  applySettings,
  type CustomAttributes,
  type GivenAttributes,
  isTyped,
  type Setting,
  TYPES,
} from '../attributes.ts';
import { InputError, LookupError } from '../errors.ts';
import { getList, pathWith, type Service } from '../http.ts';
import { isRecord, recordOf, textOf } from '../json.ts';
import { nearest, quote } from '../text.ts';

/** The form of every id in the API; its letters may be of either case. */
export const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The case types that every organisation has, under the same ids. Source: recorded answers. */
const BUILT_IN: ReadonlyMap<string, string> = new Map(
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

/** Something by its id, and as people call it. */
export interface Named {
  readonly id: string;
  readonly label: string;
}

/** A project by its UUID (no request), key or name, in any case. Throws as `resolve` does. */
export async function project(service: Service, given: string): Promise<Named> {
  if (UUID.test(given)) return { id: given.toLowerCase(), label: given };
  const all = (
    await list(service, '/api/v2/cases/projects', `The project ${quote(given)}`, 'cases_read')
  ).map(({ id, attributes }) => ({
    id,
    key: textOf(attributes.key),
    name: textOf(attributes.name),
  }));
  const same = (text: string) => text.toLowerCase() === given.toLowerCase();
  const byKey = all.filter(({ key }) => same(key));
  const found = byKey.length ? byKey : all.filter(({ name }) => same(name));
  const [only] = found;
  if (only && found.length === 1)
    return { id: only.id, label: same(only.key) ? only.key : `${given} (${only.key})` };
  const entry = ({ key, name, id }: (typeof all)[number]) =>
    `${key} (${quote(name)}${found.length ? `, ${id}` : ''})`;
  const byLikeness = nearest(
    given,
    all.flatMap(({ key, name }) => [key, name]),
  ).flatMap((word) => all.filter(({ key, name }) => key === word || name === word));
  const text = found.length
    ? `${quote(given)} is the name of several projects; give the key or the id of one: ${found.map(entry).join(', ')}.`
    : `${quote(given)} is no project that this key may see. ${known(byLikeness.map(entry))}`;
  throw new InputError([{ input: 'project', text }], 'project');
}

/** A case type by its UUID or built-in name (no request), or any other name, in any case. Throws as `resolve` does. */
export async function caseType(service: Service, given: string): Promise<Named> {
  const same = (text: string) => text.toLowerCase() === given.toLowerCase();
  for (const [name, id] of BUILT_IN) if (same(name) || same(id)) return { id, label: name };
  if (UUID.test(given)) return { id: given.toLowerCase(), label: given };
  const all = await list(service, '/api/v2/cases/types', `The case type ${quote(given)}`, 'cases_read');
  const found = all.filter(({ attributes }) => same(textOf(attributes.name)));
  const [only] = found;
  if (only && found.length === 1) return { id: only.id, label: given };
  const names = [...BUILT_IN.keys(), ...all.map(({ attributes }) => textOf(attributes.name))];
  const text = found.length
    ? `${quote(given)} is the name of several case types; give the id of one: ${found.map(({ id }) => id).join(', ')}.`
    : `${quote(given)} is no case type that this key may see. ${known(nearest(given, names))}`;
  throw new InputError([{ input: 'type_id', text }], 'type');
}

/** A user by UUID (no request) or e-mail address. Throws an Error with the reason, fit for a warning. */
export async function user(service: Service, given: string): Promise<Named> {
  if (UUID.test(given)) return { id: given.toLowerCase(), label: given };
  const wanted = given.toLowerCase();
  const seen: Item[] = [];
  // The filter is a loose text match, so others come back as well; pages count from 0.
  for (let page = 0; page < 10; page += 1) {
    const query = { filter: given, 'page[size]': '100', 'page[number]': String(page) };
    const path = pathWith('/api/v2/users', query);
    const some = await list(service, path, `The user ${given}`, 'user_access_read');
    seen.push(...some);
    if (some.length < 100) break;
  }
  const found = seen.filter(({ attributes }) => textOf(attributes.email).toLowerCase() === wanted);
  const usable = found.filter(({ attributes }) => attributes.disabled !== true);
  const best =
    usable.find(({ attributes }) => textOf(attributes.status).toLowerCase() === 'active') ?? usable[0];
  if (best) return { id: best.id, label: given };
  throw new Error(`${quote(given)} is ${found.length ? 'disabled' : 'nobody whom this key may see'}.`);
}

/** Custom attributes with their types; the type's settings are asked for only where a value came without one. */
export async function customAttributes(
  service: Service,
  typeId: string,
  given: GivenAttributes,
): Promise<{ value: CustomAttributes; leftOut: string[] }> {
  if ([...given.values()].every(isTyped)) return { value: given as CustomAttributes, leftOut: [] };
  const path = `/api/v2/cases/types/${typeId}/custom_attributes`;
  const all = await list(service, path, 'The custom attributes of the case type', 'cases_read');
  const settings = all.flatMap(({ attributes }): Setting[] => {
    const { key, display_name: name, type, is_multi: multi } = attributes;
    const known = TYPES.find((one) => one === type);
    return typeof key === 'string' && known
      ? [{ key, name: textOf(name), type: known, multi: multi === true }]
      : [];
  });
  return applySettings(given, settings);
}

interface Item {
  readonly id: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Asks for a list. Throws LookupError that says what was looked for and which permission it takes. */
async function list(service: Service, path: string, what: string, permission: string): Promise<Item[]> {
  let data: unknown[];
  try {
    data = await getList(service, path);
  } catch (cause) {
    throw new LookupError(what, permission, cause);
  }
  return data.flatMap((item) => {
    if (!isRecord(item) || typeof item.id !== 'string') return [];
    return [{ id: item.id, attributes: recordOf(item.attributes) }];
  });
}

/** The known ones in this order, each once, and no more than fit on a screen. */
function known(all: readonly string[]): string {
  const names = [...new Set(all)];
  const more = names.length > 20 ? `, and ${names.length - 20} more` : '';
  return names.length ? `Known are ${names.slice(0, 20).join(', ')}${more}.` : 'It may see none at all.';
}
