import { asRecord } from '../../base/json.ts';
import { parseCase } from '../../datadog/case.ts';
import type { DatadogClient } from '../../datadog/client.ts';
import { fetchCases } from '../../datadog/search.ts';
import { fetchPage, withQuery } from '../../http/client.ts';
import { type TrackedCase, trackCase } from '../case-state.ts';
import { MAX_PARALLEL } from './concurrency.ts';

const PAGE_SIZE = 100;
const MAX_PAGES = 100;

/** The cases of a report, and whether these are all. */
interface FoundCases {
  readonly cases: readonly TrackedCase[];
  readonly isComplete: boolean;
}

/**
 * Finds all cases of a report, open or not, by a phrase search for its reference: up to 100 pages, four at a time. The
 * index may be stale. Throws HttpError, UnexpectedResponseError, NetworkError or TimeoutError.
 */
export async function fetchReportCases(
  client: DatadogClient,
  projectId: string,
  report: string,
): Promise<FoundCases> {
  const filter = `project_id:${projectId} AND "${report}"`;
  const first = await fetchSearchPage(client, filter, 1);
  const found = [...first.cases];
  let hasMore = first.total === undefined ? first.count > 0 : first.total > 1;
  let total = first.total;
  for (let page = 2, last = 1; hasMore && page <= MAX_PAGES; page = last + 1) {
    last = Math.min(page + MAX_PARALLEL - 1, MAX_PAGES, total ?? MAX_PAGES);
    const numbers = Array.from({ length: last - page + 1 }, (_, index) => page + index);
    const pages = await Promise.all(numbers.map((number) => fetchSearchPage(client, filter, number)));
    for (const { cases } of pages) found.push(...cases);
    total = pages.at(-1)?.total ?? total;
    // A page may hold fewer cases than there are: only the number of pages, or an empty page, ends the list.
    hasMore = total === undefined ? pages.every(({ count }) => count > 0) : last < total;
  }
  const own = select(found, report);
  if (own.length) return { cases: own, isComplete: !hasMore };
  const newest = select(await fetchAmongNewest(client, projectId), report);
  return { cases: newest, isComplete: !hasMore && !newest.length };
}

/** The cases of one item. Throws HttpError, UnexpectedResponseError, NetworkError or TimeoutError. */
export async function fetchItemCases(
  client: DatadogClient,
  projectId: string,
  { report, reference }: { readonly report: string; readonly reference: string },
): Promise<TrackedCase[]> {
  const cases = await fetchCases(client, { projectId, words: [reference] });
  return select(
    cases.flatMap((found) => trackCase(found) ?? []),
    report,
  );
}

/** Phrase search is undocumented. If it finds nothing, the newest cases tell whether it works. */
async function fetchAmongNewest(client: DatadogClient, projectId: string): Promise<TrackedCase[]> {
  return [...(await fetchSearchPage(client, `project_id:${projectId}`, 1)).cases];
}

/** Pages may overlap, because cases are opened meanwhile. The search may find text that only quotes a reference. */
function select(cases: readonly TrackedCase[], report: string): TrackedCase[] {
  const own = cases.filter(({ state }) => state.report === report);
  return [...new Map(own.map((tracked) => [tracked.case.id, tracked])).values()];
}

interface SearchPage {
  readonly cases: readonly TrackedCase[];
  /** How many cases the page holds, of any kind. */
  readonly count: number;
  /** The number of pages; `undefined` if the response doesn't say. */
  readonly total: number | undefined;
}

/** `filter` isn't escaped: it must not contain user input. The newest come first, so that new ones hide none. */
async function fetchSearchPage(client: DatadogClient, filter: string, page: number): Promise<SearchPage> {
  const path = withQuery('/api/v2/cases', {
    filter,
    'page[size]': String(PAGE_SIZE),
    'page[number]': String(page),
    'sort[field]': 'created_at',
    'sort[asc]': 'false',
  });
  const { data, meta } = await fetchPage(client, path);
  const { total } = asRecord(meta.page);
  const cases = data.flatMap((item) => {
    const datadogCase = parseCase(item, client.webUrl);
    return (datadogCase && trackCase(datadogCase)) ?? [];
  });
  return { cases, count: data.length, total: typeof total === 'number' ? total : undefined };
}
