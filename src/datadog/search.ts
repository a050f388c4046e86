import { getList, withQuery } from '../http/client.ts';
import { HttpError } from '../http/errors.ts';
import { type Case, compareByAge, parseCase } from './case.ts';
import type { DatadogClient } from './client.ts';
import { includesReference } from './reference.ts';

/** The largest page of a search. Source: https://github.com/DataDog/datadog-api-client-typescript */
const PAGE_SIZE = 100;

/**
 * The open cases of a project that carry the reference, oldest first, found in one or two searches. Phrase search is
 * undocumented, so its results are filtered here, and the newest cases are read if it finds none.
 * Throws what `getList` throws.
 */
export async function findOpenCases(
  client: DatadogClient,
  projectId: string,
  reference: string,
): Promise<Case[]> {
  const hasReference = ({ description }: Case) => includesReference(description, reference);
  const byPhrase = searchCases(client, `project_id:${projectId} AND "${reference}"`).catch(
    (error: unknown) => {
      // Phrase search may not be supported at all: then the newest cases have to do.
      if (error instanceof HttpError && error.isContentRejected) return [];
      throw error;
    },
  );
  let matches = (await byPhrase).filter(hasReference);
  if (!matches.length) matches = (await searchCases(client, `project_id:${projectId}`)).filter(hasReference);
  // Accept cases whose response names no project: the search was limited to this one.
  return matches
    .filter((match) => match.isOpen && (!match.projectId || match.projectId === projectId))
    .sort(compareByAge);
}

/** The newest cases that a filter matches. `filter` isn't escaped, so it must not contain user input. */
async function searchCases(client: DatadogClient, filter: string): Promise<Case[]> {
  const path = withQuery('/api/v2/cases', {
    filter,
    'page[size]': String(PAGE_SIZE),
    'page[number]': '1',
    'sort[field]': 'created_at',
    'sort[asc]': 'false',
  });
  const data = await getList(client, path);
  return data.flatMap((item) => parseCase(item, client.webUrl) ?? []);
}
