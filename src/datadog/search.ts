import { asRecord } from '../base/json.ts';
import { NOT_NEEDED } from '../http/abort.ts';
import { fetchPage, withQuery } from '../http/client.ts';
import { HttpError } from '../http/errors.ts';
import { isContentRejection } from '../http/fate.ts';
import { within } from '../http/time-plan.ts';
import { type Case, compareByAge, parseCase } from './case.ts';
import { fetchCase } from './cases.ts';
import type { DatadogClient } from './client.ts';
import { parseReference } from './reference.ts';

/** The largest page of a search. Source: https://github.com/DataDog/datadog-api-client-typescript */
const PAGE_SIZE = 100;
/** Bounds how many cases with the same reference are read: 1,000. */
const MAX_PAGES = 10;

/** Which cases to search for. */
interface CaseQuery {
  readonly projectId: string;
  /** Words of references, any of which the case carries. */
  readonly words: readonly string[];
}

/**
 * Fetches the cases of a project that carry a reference, open or not, oldest first. Phrase search is undocumented, so its
 * results are filtered here, and the newest cases are read as well, at the same time. They don't count if the phrase
 * search shows an open case. The index may be stale. Throws HttpError, UnexpectedResponseError, NetworkError or
 * TimeoutError.
 */
export async function fetchCases(client: DatadogClient, query: CaseQuery): Promise<Case[]> {
  const { projectId, words } = query;
  const cancellation = new AbortController();
  // First, so that it gets the connection that is open already: it decides alone if it shows an open case.
  const fetchingByPhrase = Promise.all(words.map((word) => fetchByWord(client, projectId, word)));
  const newestClient = { ...client, cancelSignal: cancellation.signal };
  const fetchingNewest = fetchSearchPage(newestClient, `project_id:${projectId}`, {
    page: 1,
    isOldestFirst: false,
  });
  fetchingNewest.catch(() => undefined); // Thrown below, if it is needed.
  try {
    const matches = selectMatches((await fetchingByPhrase).flat(), query);
    if (matches.some(({ isOpen }) => isOpen)) return matches;
    const newest = await fetchingNewest.catch((error: unknown) => {
      if (!matches.length) throw error;
      return { cases: [] };
    });
    return selectMatches([...newest.cases, ...matches], query);
  } finally {
    cancellation.abort(NOT_NEEDED);
  }
}

/** Phrase search may not be supported at all: then only the newest cases are searched. */
function fetchByWord(client: DatadogClient, projectId: string, word: string): Promise<Case[]> {
  return fetchByPhrase(client, `project_id:${projectId} AND "${word}"`).catch((error: unknown) => {
    if (isContentRejection(error)) return [];
    throw error;
  });
}

/** What a search result is now: the index may be stale. A case is gone, too, if it is about something else by now. */
export type CurrentState =
  | { readonly state: 'open'; readonly case: Case }
  | { readonly state: 'closed'; readonly case: Case }
  | { readonly state: 'gone' }
  | { readonly state: 'unknown'; readonly error: unknown };

/** Fetches a case that a search found. Takes at most half of the time, so that something can follow. Never throws. */
export async function fetchCurrentState(client: DatadogClient, found: Case): Promise<CurrentState> {
  try {
    const fetched = await fetchCase(within('refresh', client), found.id);
    if (!fetched) return { state: 'unknown', error: new Error('the response holds no case') };
    const current = fillIn(fetched, found);
    if (!isAboutTheSame(current, found)) {
      client.log(`${found.label} was found, but it has another project or lost its reference.`);
      return { state: 'gone' };
    }
    if (current.isOpen) return { state: 'open', case: current };
    if (found.isOpen) client.log(`${found.label} was found open, but it is closed.`);
    return { state: 'closed', case: current };
  } catch (error) {
    if (!isNotFound(error)) return { state: 'unknown', error };
    client.log(`${found.label} was found, but it is gone.`);
    return { state: 'gone' };
  }
}

/** The fetched case, with what decides about it: no field of a response is promised. */
function fillIn(fetched: Case, { description, projectId }: Case): Case {
  return {
    ...fetched,
    description: fetched.description || description,
    projectId: fetched.projectId || projectId,
  };
}

/** Whether a fetched case is still in the project, and has the reference, by which it was found. */
function isAboutTheSame(current: Case, found: Case): boolean {
  const reference = parseReference(found.description);
  const hasMoved = found.projectId !== '' && current.projectId !== found.projectId;
  return !hasMoved && (!reference || current.description.includes(reference.shared));
}

/** Whether Datadog says that there is no such case. */
export function isNotFound(error: unknown): boolean {
  return error instanceof HttpError && (error.status === 404 || error.status === 410);
}

function selectMatches(candidates: readonly Case[], { projectId, words }: CaseQuery): Case[] {
  // Accept cases whose response names no project: the search was limited to this one.
  const matches = candidates.filter(
    (candidate) =>
      hasAnyWord(candidate, words) && (!candidate.projectId || candidate.projectId === projectId),
  );
  return [...new Map(matches.map((match) => [match.id, match])).values()].sort(compareByAge);
}

function hasAnyWord({ description }: Case, words: readonly string[]): boolean {
  const reference = parseReference(description);
  return reference !== undefined && [reference.shared, reference.unique].some((word) => words.includes(word));
}

/**
 * Fetches every page: an open case may be behind hundreds of closed ones. The oldest come first, because a case that is
 * opened meanwhile must not move another one to a page that was read already. Beyond the bound, the newest count.
 */
async function fetchByPhrase(client: DatadogClient, filter: string): Promise<Case[]> {
  const found: Case[] = [];
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const { cases, hasMore } = await fetchSearchPage(client, filter, { page, isOldestFirst: true });
    found.push(...cases);
    if (!hasMore) return found;
  }
  const { cases } = await fetchSearchPage(client, filter, { page: 1, isOldestFirst: false });
  return [...found, ...cases];
}

interface PageOptions {
  readonly page: number;
  readonly isOldestFirst: boolean;
}

/**
 * Fetches a page of the cases that a filter matches. `filter` isn't escaped: it must not contain user input. A page may
 * hold fewer cases than there are, so only the number of pages, or an empty page, ends the list.
 */
async function fetchSearchPage(
  client: DatadogClient,
  filter: string,
  { page, isOldestFirst }: PageOptions,
): Promise<{ readonly cases: readonly Case[]; readonly hasMore: boolean }> {
  const path = withQuery('/api/v2/cases', {
    filter,
    'page[size]': String(PAGE_SIZE),
    'page[number]': String(page),
    'sort[field]': 'created_at',
    'sort[asc]': String(isOldestFirst),
  });
  const { data, meta } = await fetchPage(client, path);
  const { total } = asRecord(meta.page);
  const hasMore = typeof total === 'number' ? page < total : data.length > 0;
  return { cases: data.flatMap((item) => parseCase(item, client.webUrl) ?? []), hasMore };
}
