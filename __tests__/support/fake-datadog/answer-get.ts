import type { FakeResponse } from '../fake-server.ts';
import { CUSTOM_ATTRIBUTES, CUSTOM_CASE_TYPES, PROJECTS, USERS } from './catalog.ts';
import { notFound } from './validation.ts';

/** Lists projects, case types, their custom attributes, or users. */
export function answerGet(path: string, query: URLSearchParams): FakeResponse {
  if (path === '/api/v2/cases/projects') return list('project', PROJECTS);
  if (path === '/api/v2/cases/types') return list('case_type', CUSTOM_CASE_TYPES);
  const [, typeId] = /^\/api\/v2\/cases\/types\/([^/]+)\/custom_attributes$/.exec(path) ?? [];
  if (typeId) {
    const configs = CUSTOM_ATTRIBUTES[typeId] ?? [];
    return list(
      'custom_attribute',
      configs.map((config, index) => ({ id: `setting-${index}`, ...config })),
    );
  }
  if (path === '/api/v2/users') return list('users', findUsers(query));
  const user = USERS.find(({ id }) => path === `/api/v2/users/${id}`);
  if (user) {
    const { id, ...attributes } = user;
    return { status: 200, body: { data: { id, type: 'users', attributes } } };
  }
  throw notFound('route not found');
}

function list(type: string, entities: readonly { readonly id: string }[]): FakeResponse {
  const data = entities.map(({ id, ...attributes }) => ({ id, type, attributes }));
  return { status: 200, body: { data } };
}

/** A loose match, as in Datadog: everyone whose address shares a word with the name in the filter. */
function findUsers(query: URLSearchParams) {
  const words = (query.get('filter') ?? '').toLowerCase().replace(/@.*/, '').split('.');
  const matches = USERS.filter(({ email }) => words.some((word) => email.includes(word)));
  const size = Number(query.get('page[size]') ?? 10);
  const start = Number(query.get('page[number]') ?? 0) * size;
  return matches.slice(start, start + size);
}
