import type { FakeResponse } from '../fake-server.ts';
import { CASE_TYPES, CUSTOM_ATTRIBUTES, PROJECTS, USERS } from './catalog.ts';
import { notFound } from './validation.ts';

/** Lists projects, case types, their custom attributes, or users. */
export function answerGet(path: string, query: URLSearchParams): FakeResponse {
  if (path === '/api/v2/cases/projects') return list('project', PROJECTS);
  if (path === '/api/v2/cases/types') return list('case_type', CASE_TYPES);
  const [, typeId] = /^\/api\/v2\/cases\/types\/([^/]+)\/custom_attributes$/.exec(path) ?? [];
  if (typeId) {
    const configs = CUSTOM_ATTRIBUTES[typeId] ?? [];
    return list(
      'custom_attribute',
      configs.map((config, index) => ({ id: `setting-${index}`, ...config })),
    );
  }
  if (path === '/api/v2/users') return listUsers(query);
  const [, userId] = /^\/api\/v2\/users\/([^/]+)$/.exec(path) ?? [];
  if (userId) return answerUser(userId);
  throw notFound('route not found');
}

function list(type: string, entities: readonly { readonly id: string }[]): FakeResponse {
  const data = entities.map(({ id, ...attributes }) => ({ id, type, attributes }));
  return { status: 200, body: { data } };
}

/** Users are answered as plain JSON, and errors about them are texts. */
const PLAIN_JSON = { 'Content-Type': 'application/json' };

function answerUser(userId: string): FakeResponse {
  const user = USERS.find(({ id }) => id === userId);
  if (!user) return { status: 404, headers: PLAIN_JSON, body: { errors: [`${userId} not found`] } };
  const { id, ...attributes } = user;
  return { status: 200, headers: PLAIN_JSON, body: { data: { id, type: 'users', attributes } } };
}

/** A loose match, as in Datadog: everyone whose address shares a word with the name in the filter. */
function listUsers(query: URLSearchParams): FakeResponse {
  const words = (query.get('filter') ?? '').toLowerCase().replace(/@.*/, '').split('.');
  const matches = USERS.filter(({ email }) => words.some((word) => email.includes(word)));
  const size = Number(query.get('page[size]') ?? 10);
  const start = Number(query.get('page[number]') ?? 0) * size;
  const page = { total_filtered_count: matches.length, total_count: USERS.length };
  const { body } = list('users', matches.slice(start, start + size));
  return { status: 200, headers: PLAIN_JSON, body: { meta: { page }, ...(body as object) } };
}
