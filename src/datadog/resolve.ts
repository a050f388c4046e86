import type { CustomAttributes, GivenAttributes } from '../attributes.ts';
import { InputError, type Problem } from '../errors.ts';
import type { Service } from '../http.ts';
import * as lookup from './lookup.ts';

/** What is to be looked up besides the project: ids or names. */
export interface Wanted {
  readonly typeId: string;
  /** Empty: nobody. */
  readonly assignee: string;
  readonly customAttributes: GivenAttributes;
}

/** The same in ids, and what could not be had although it was only optional. */
export interface Resolved {
  readonly project: lookup.Named;
  readonly type: lookup.Named;
  readonly assignee: lookup.Named | undefined;
  readonly customAttributes: CustomAttributes;
  readonly drift: readonly Problem[];
}

/**
 * Turns names into ids, all look-ups side by side with that of the project; ids cost no request.
 * Throws InputError where the project or the type is unknown or not the only one (both are said at once),
 * LookupError where they could not be asked for. What is optional never throws: it becomes drift.
 */
export async function resolve(
  service: Service,
  project: Promise<lookup.Named>,
  wanted: Wanted,
): Promise<Resolved> {
  const drift: Problem[] = [];
  const optional = <T>(input: string, work: Promise<T>, without: T): Promise<T> =>
    work.catch((error: unknown) => {
      drift.push({ input, text: error instanceof Error ? error.message : String(error) });
      return without;
    });
  const type = lookup.caseType(service, wanted.typeId);
  const custom = type.then(
    ({ id }) =>
      optional('custom_attributes', lookup.customAttributes(service, id, wanted.customAttributes), NOTHING),
    () => NOTHING, // The type's own failure is the one to tell.
  );
  const found = await Promise.allSettled([
    project,
    type,
    wanted.assignee ? optional('assignee', lookup.user(service, wanted.assignee), undefined) : undefined,
    custom,
  ]);
  const [projectFound, typeFound, assignee, attributes] = found;
  if (projectFound.status === 'rejected' || typeFound.status === 'rejected') {
    throw together(found.flatMap((one) => (one.status === 'rejected' ? [one.reason] : [])));
  }
  const { value: customValues, leftOut } = attributes.status === 'fulfilled' ? attributes.value : NOTHING;
  drift.push(...leftOut.map((text) => ({ input: 'custom_attributes', text })));
  return {
    project: projectFound.value,
    type: typeFound.value,
    assignee: assignee.status === 'fulfilled' ? assignee.value : undefined,
    customAttributes: customValues,
    drift,
  };
}

const NOTHING: { value: CustomAttributes; leftOut: string[] } = { value: new Map(), leftOut: [] };

/** One error of several: all wrong inputs at once, else the first failure. */
function together(errors: readonly unknown[]): unknown {
  const wrong = errors.filter((error) => error instanceof InputError);
  return wrong.length > 1
    ? new InputError(wrong.flatMap(({ problems }) => problems))
    : (wrong[0] ?? errors[0]);
}
