import { explain } from '../content/explain.ts';
import type { Case } from '../datadog/case.ts';
import type { DatadogClient } from '../datadog/client.ts';
import { LookupError } from '../datadog/errors.ts';
import { parseReference, sharedReferences } from '../datadog/reference.ts';
import { fetchCurrentState, findCases, findCasesAnywhere } from '../datadog/search.ts';
import { capTime } from '../http/client.ts';
import { isContentRejection } from '../http/fate.ts';
import type { Inputs } from '../inputs/parse-inputs.ts';
import type { CaseContext } from './context.ts';

/** What an open case is searched for by: the key, or the watched job that the key was derived from. */
export function describeKey({ isKeyDerived }: Inputs): string {
  return isKeyDerived ? 'this job' : 'this dedup_key';
}

function describeSearch(inputs: Inputs): string {
  return `check whether a case is open for ${describeKey(inputs)}`;
}

/**
 * The references of the `dedup_key`: the one to write, and others to find. A key that was derived from the job belongs to
 * the project as it is written in the workflow, so that a search for it needs no lookup of the project.
 */
export function deriveReferences(
  { project, dedupKey, isKeyDerived }: Inputs,
  projectId: string,
): readonly [string, ...string[]] {
  return sharedReferences(isKeyDerived ? project : projectId, dedupKey);
}

/** An outage must not hold up every job that succeeds for as long as `timeout`. */
const QUICK_SEARCH_MS = 15_000;

/**
 * Whether the `dedup_key` may have an open case. For a derived key, one request answers that in all projects; for
 * others, the answer is always yes. Throws LookupError if the search fails.
 */
export async function mayHaveOpenCase({ inputs, datadog }: CaseContext): Promise<boolean> {
  if (!inputs.isKeyDerived) return true;
  try {
    const client = capTime(datadog, QUICK_SEARCH_MS);
    const found = await findCasesAnywhere(client, deriveReferences(inputs, ''));
    return found.some(({ isOpen }) => isOpen);
  } catch (error) {
    // Phrase search may not be supported at all.
    if (isContentRejection(error)) return true;
    throw new LookupError(describeSearch(inputs), 'cases_read', error);
  }
}

/** The cases of a `dedup_key`. */
export interface KeyedCases {
  /** Oldest first, as they are now: the search index may be stale. */
  readonly open: readonly Case[];
  /** Closed and not archived; those that the search showed as open are up to date. */
  readonly closed: readonly Case[];
  /** Whether the search succeeded, so that there are no others. */
  readonly isComplete: boolean;
}

const NO_CASES: KeyedCases = { open: [], closed: [], isComplete: false };

/** Finds the cases of the `dedup_key`. Throws LookupError if the search fails. */
export async function findKeyedCases(
  context: CaseContext,
  client: DatadogClient,
  projectId: string,
): Promise<KeyedCases> {
  const references = deriveReferences(context.inputs, projectId);
  const found = await findCases(client, { projectId, references }).catch((cause: unknown) => {
    throw new LookupError(describeSearch(context.inputs), 'cases_read', cause);
  });
  const current = await Promise.all(
    found.map((candidate) => (candidate.isOpen ? refresh(context, client, candidate) : candidate)),
  );
  const cases = current.filter((candidate) => candidate !== undefined);
  return {
    open: cases.filter(({ isOpen }) => isOpen),
    closed: cases.filter(({ isOpen, isArchived }) => !isOpen && !isArchived),
    isComplete: true,
  };
}

/** The same, but if the search fails, this warns and finds nothing: a duplicate is better than a lost case. */
export async function findExisting(
  context: CaseContext,
  client: DatadogClient,
  project: Promise<{ readonly id: string }>,
): Promise<KeyedCases> {
  if (!context.inputs.dedupKey) return NO_CASES;
  const { id } = await project;
  try {
    return await findKeyedCases(context, client, id);
  } catch (error) {
    context.warn(`${explain(error).text} A new case is opened; it may be a duplicate.`);
    return NO_CASES;
  }
}

/** The case as it is now; `undefined` if it is gone. If it can't be fetched, this warns and believes the search. */
async function refresh({ warn }: CaseContext, client: DatadogClient, found: Case): Promise<Case | undefined> {
  const current = await fetchCurrentState(client, found);
  if (current.state === 'gone') return undefined;
  if (current.state !== 'unknown') return current.case;
  warn(`Could not check that ${found.label} is still open. ${explain(current.error).text}`);
  return found;
}

/** Warns if a run of another repository opened the case: the two probably share a `dedup_key` by accident. */
export function warnOfOtherRepository({ run, warn }: CaseContext, datadogCase: Case): void {
  const other = parseReference(datadogCase.description)?.openedBy?.repository;
  if (!other || !run.repository || other.toLowerCase() === run.repository.toLowerCase()) return;
  warn(
    `${datadogCase.label} was opened by ${other}, which uses the same dedup_key as ${run.repository}. If these are different problems, add \${{ github.repository }} to the dedup_key.`,
  );
}
