import { InputError, type InputIssue } from '../base/errors.ts';
import { fetchCaseType, resolveCustomAttributes, STANDARD_TYPE } from './case-types.ts';
import type { DatadogClient } from './client.ts';
import type { CustomAttributes, CustomAttributesInput } from './custom-attributes.ts';
import type { LookupResult } from './entities.ts';
import { fetchUser } from './users.ts';
import { fetchWatchers } from './watchers.ts';

/** What has to be looked up besides the project, as IDs or names. */
export interface NamesToResolve {
  readonly caseType: string;
  /** Empty if nobody is assigned. */
  readonly assignee: string;
  readonly customAttributes: CustomAttributesInput;
  readonly watchers: readonly string[];
  /** A dry run needs the case type itself: a real run makes do with another one. */
  readonly isDryRun: boolean;
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

/** Why no custom attribute can be set if the case type was not found. */
const WITHOUT_TYPE = 'not set, because the case type was not found.';
const NO_ATTRIBUTES: { value: CustomAttributes; rejected: string[] } = { value: new Map(), rejected: [] };

/**
 * Resolves names to IDs. Runs all lookups in parallel; UUIDs need no request.
 * Throws InputError if the project is unknown or ambiguous (with all other issues), LookupError if it could not be
 * looked up. Whatever else is wrong becomes an omission: a case type that can't be used is replaced by Standard, except
 * in a dry run, which throws for it as for the project.
 */
export async function resolveNames(
  client: DatadogClient,
  project: Promise<LookupResult>,
  names: NamesToResolve,
): Promise<ResolvedNames> {
  const omissions: InputIssue[] = [];
  const tolerate = <T>(input: string, lookup: Promise<T>, fallback: T): Promise<T> =>
    lookup.catch((error: unknown) => {
      omissions.push(...toIssues(input, error));
      return fallback;
    });
  const lookup = fetchCaseType(client, names.caseType);
  const type = tolerate('type_id', lookup, undefined);
  const [projectLookup, foundType, assignee, attributes, watchers] = await Promise.all([
    settle(project),
    type,
    names.assignee ? tolerate('assignee', fetchUser(client, names.assignee), undefined) : undefined,
    type.then((found) =>
      tolerate('custom_attributes', resolveAttributes(client, found, names), NO_ATTRIBUTES),
    ),
    fetchWatchers(client, names.watchers),
  ]);
  omissions.push(...attributes.rejected.map((text) => ({ input: 'custom_attributes', text })));
  omissions.push(...watchers.issues);
  throwErrors([projectLookup, ...(names.isDryRun ? [await settle(lookup)] : [])], omissions);
  return {
    project: await project,
    type: foundType ?? STANDARD_TYPE,
    assignee,
    customAttributes: attributes.value,
    watchers: watchers.found,
    omissions,
  };
}

function settle<T>(lookup: Promise<T>): Promise<PromiseSettledResult<T>> {
  return Promise.allSettled([lookup]).then(([result]) => result);
}

/** The issues of an error, which belong to the input unless the error names others. */
function toIssues(input: string, error: unknown): readonly InputIssue[] {
  if (error instanceof InputError) return error.issues;
  return [{ input, text: error instanceof Error ? error.message : String(error), cause: error }];
}

async function resolveAttributes(
  client: DatadogClient,
  type: LookupResult | undefined,
  { customAttributes, isDryRun }: NamesToResolve,
): Promise<typeof NO_ATTRIBUTES> {
  if (type) return resolveCustomAttributes(client, type.id, customAttributes);
  return customAttributes.size && !isDryRun ? { ...NO_ATTRIBUTES, rejected: [WITHOUT_TYPE] } : NO_ATTRIBUTES;
}

/** Throws the error that is no InputError, or else all issues as one, also those of other inputs. */
function throwErrors(
  lookups: readonly PromiseSettledResult<LookupResult>[],
  omissions: readonly InputIssue[],
): void {
  const errors = lookups.flatMap((lookup) =>
    lookup.status === 'rejected' ? [lookup.reason as unknown] : [],
  );
  const [first] = errors;
  if (first === undefined) return;
  const other = errors.find((error) => !(error instanceof InputError));
  if (other !== undefined) throw other;
  const issues = [...new Set([...errors.flatMap((error) => toIssues('project', error)), ...omissions])];
  if (issues.length > 1) throw new InputError(issues);
  throw first;
}
