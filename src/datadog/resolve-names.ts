import { InputError, type InputIssue } from '../base/errors.ts';
import { findCaseType, resolveCustomAttributes } from './case-types.ts';
import type { DatadogClient } from './client.ts';
import type { CustomAttributes, CustomAttributesInput } from './custom-attributes.ts';
import type { LookupResult } from './entities.ts';
import { findUser } from './users.ts';
import { findWatchers } from './watchers.ts';

/** What has to be looked up besides the project, as IDs or names. */
export interface NamesToResolve {
  readonly caseType: string;
  /** Empty if nobody is assigned. */
  readonly assignee: string;
  readonly customAttributes: CustomAttributesInput;
  readonly watchers: readonly string[];
}

/** Resolved IDs, and the optional inputs that could not be resolved. */
export interface ResolvedNames {
  readonly project: LookupResult;
  readonly type: LookupResult;
  readonly assignee: LookupResult | undefined;
  readonly customAttributes: CustomAttributes;
  readonly watchers: readonly LookupResult[];
  readonly omissions: readonly InputIssue[];
}

const NO_ATTRIBUTES: { value: CustomAttributes; rejected: string[] } = { value: new Map(), rejected: [] };

/**
 * Resolves names to IDs. Runs all lookups in parallel; UUIDs need no request.
 * Throws InputError if the project or the type is unknown or ambiguous (both are reported together), LookupError if
 * they could not be looked up. Optional inputs never throw: they become omissions.
 */
export async function resolveNames(
  client: DatadogClient,
  project: Promise<LookupResult>,
  names: NamesToResolve,
): Promise<ResolvedNames> {
  const omissions: InputIssue[] = [];
  const tolerate = <T>(input: string, lookup: Promise<T>, fallback: T): Promise<T> =>
    lookup.catch((error: unknown) => {
      omissions.push({ input, text: error instanceof Error ? error.message : String(error) });
      return fallback;
    });
  const type = findCaseType(client, names.caseType);
  const customAttributes = type.then(
    ({ id }) =>
      tolerate(
        'custom_attributes',
        resolveCustomAttributes(client, id, names.customAttributes),
        NO_ATTRIBUTES,
      ),
    () => NO_ATTRIBUTES, // The type's own error is reported instead.
  );
  const assignee = names.assignee
    ? tolerate('assignee', findUser(client, names.assignee), undefined)
    : undefined;
  const [required, user, attributes, watchers] = await Promise.all([
    waitForBoth(project, type),
    assignee,
    customAttributes,
    findWatchers(client, names.watchers),
  ]);
  omissions.push(...attributes.rejected.map((text) => ({ input: 'custom_attributes', text })));
  omissions.push(...watchers.issues);
  return {
    ...required,
    assignee: user,
    customAttributes: attributes.value,
    watchers: watchers.found,
    omissions,
  };
}

/** Waits for both, so that the errors of both are reported. */
async function waitForBoth(
  project: Promise<LookupResult>,
  type: Promise<LookupResult>,
): Promise<Pick<ResolvedNames, 'project' | 'type'>> {
  const errors = (await Promise.allSettled([project, type])).flatMap((lookup) =>
    lookup.status === 'rejected' ? [lookup.reason as unknown] : [],
  );
  if (errors.length) throw mergeErrors(errors);
  return { project: await project, type: await type };
}

/** All input issues as one error, or else the first error. */
function mergeErrors(errors: readonly unknown[]): unknown {
  const inputErrors = errors.filter((error) => error instanceof InputError);
  return inputErrors.length > 1
    ? new InputError(inputErrors.flatMap(({ issues }) => issues))
    : (inputErrors[0] ?? errors[0]);
}
