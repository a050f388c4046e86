import { HttpError } from '../errors.ts';
import { getList, pathWith, type Service } from '../http.ts';
import { type Case, read } from './cases.ts';
import { isIn } from './reference.ts';

/** The most that a page of the search holds. Source: the vendor's published client. */
const PAGE = 100;

/**
 * The open cases of a project that carry the reference, the oldest first (then the lowest id), in one search or two.
 * How well the index matches a phrase is not documented, so the cases themselves decide, and the project's newest
 * are read as well where the phrase brought nothing. Throws what http.send throws.
 */
export async function find(service: Service, projectId: string, reference: string): Promise<Case[]> {
  const carries = ({ description }: Case) => isIn(description, reference);
  const phrase = search(service, `project_id:${projectId} AND "${reference}"`).catch((error: unknown) => {
    // Nor is it certain that phrases are known at all: without them, there are still the newest.
    if (error instanceof HttpError && error.refuses) return [];
    throw error;
  });
  let found = (await phrase).filter(carries);
  if (!found.length) found = (await search(service, `project_id:${projectId}`)).filter(carries);
  // A case whose project the answer does not tell passes: only the project's own cases were asked for.
  return found.filter((one) => one.open && (!one.projectId || one.projectId === projectId)).sort(byAge);
}

/** Orders cases the same way for everyone who looks: the oldest first, then the lowest id. */
export function byAge(a: Case, b: Case): number {
  const age = (one: Case) => (Number.isNaN(one.createdAt) ? Number.MAX_SAFE_INTEGER : one.createdAt);
  return age(a) - age(b) || (a.id < b.id ? -1 : 1);
}

/** The newest cases that a filter matches. Nothing of a user's may stand in the filter. */
async function search(service: Service, filter: string): Promise<Case[]> {
  const path = pathWith('/api/v2/cases', {
    filter,
    'page[size]': String(PAGE),
    'page[number]': '1',
    'sort[field]': 'created_at',
    'sort[asc]': 'false',
  });
  const data = await getList(service, path);
  return data.flatMap((item) => read(item) ?? []);
}
