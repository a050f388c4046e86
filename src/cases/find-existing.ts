import { explain } from '../content/explain.ts';
import type { Case } from '../datadog/case.ts';
import type { DatadogClient } from '../datadog/client.ts';
import { LookupError } from '../datadog/errors.ts';
import { sharedReferences } from '../datadog/reference.ts';
import { fetchCurrentState, findCases } from '../datadog/search.ts';
import type { CaseContext } from './context.ts';

/**
 * The open cases of the `dedup_key`, oldest first, as they are now: the search index may be stale.
 * Throws LookupError if the search fails.
 */
export async function findOpenCasesOfKey(
  context: CaseContext,
  client: DatadogClient,
  projectId: string,
): Promise<Case[]> {
  const references = sharedReferences(projectId, context.inputs.dedupKey);
  const found = await findCases(client, { projectId, references }).catch((cause: unknown) => {
    throw new LookupError('The open case of this dedup_key', 'cases_read', cause);
  });
  const confirmed = await Promise.all(
    found.filter(({ isOpen }) => isOpen).map((candidate) => confirmOpen(context, client, candidate)),
  );
  return confirmed.filter((candidate) => candidate !== undefined);
}

/** The case as it is now; `undefined` if it is closed or gone. If it can't be fetched, this warns and believes the search. */
export async function confirmOpen(
  { warn }: CaseContext,
  client: DatadogClient,
  found: Case,
): Promise<Case | undefined> {
  const current = await fetchCurrentState(client, found);
  if (current.state === 'open') return current.case;
  if (current.state !== 'unknown') return undefined;
  warn(`Could not check that ${found.label} is still open. ${explain(current.error).text}`);
  return found;
}

/** The oldest open case of the `dedup_key`. If the search fails, this warns: a duplicate is better than a lost case. */
export async function findExisting(
  context: CaseContext,
  client: DatadogClient,
  project: Promise<{ readonly id: string }>,
): Promise<Case | undefined> {
  if (!context.inputs.dedupKey) return undefined;
  const { id } = await project;
  try {
    const [oldest] = await findOpenCasesOfKey(context, client, id);
    return oldest;
  } catch (error) {
    context.warn(`${explain(error).text} So a new one is opened, which may be a second one.`);
    return undefined;
  }
}
