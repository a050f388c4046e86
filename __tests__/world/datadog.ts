import { changeCase } from './case-changes.ts';
import {
  API_KEY,
  APP_KEY,
  ASSIGNEE,
  type CaseStore,
  type CaseVersion,
  label,
  latest,
  OTHER_PROJECT,
  PROJECT,
  type StoredCase,
} from './case-store.ts';
import type { StepRecord } from './record.ts';
import {
  badRequest,
  expectObject,
  genericError,
  notFound,
  Refusal,
  type Server,
  type WorldAnswer,
  type WorldRequest,
} from './server.ts';

/** Datadog Case Management, as far as steps use it. */
export class Datadog implements Server {
  readonly contentType = 'application/vnd.api+json';
  readonly #store: CaseStore;

  constructor(store: CaseStore) {
    this.#store = store;
  }

  answer(request: WorldRequest): WorldAnswer {
    const { headers } = request;
    if (headers['dd-api-key'] !== API_KEY || headers['dd-application-key'] !== APP_KEY)
      return { status: 403, body: { errors: ['Forbidden'] } };
    try {
      return this.#route(request);
    } catch (error) {
      if (error instanceof Refusal) return error.answer;
      throw error;
    }
  }

  #route(request: WorldRequest): WorldAnswer {
    const { method, path, body, step } = request;
    if (method === 'POST' && path === '/api/v2/cases') return this.#create(expectObject(body), step);
    if (method === 'GET' && path === '/api/v2/cases') return this.#search(request);
    if (method === 'POST' && path === '/api/v2/cases/link')
      return { status: 201, body: { data: { type: 'link', id: this.#store.options.uuid() } } };
    if (method === 'GET' && path.startsWith('/api/v2/cases/') && !/\/(?:projects|types)/.test(path))
      return {
        status: 200,
        body: { data: this.#render(this.#store.find(path.slice('/api/v2/cases/'.length))) },
      };
    const [, id = '', resource = '', part = ''] =
      /^\/api\/v2\/cases\/([^/]+)\/([a-z_]+)(?:\/([^/]+))?$/.exec(path) ?? [];
    if (method === 'POST' && resource) {
      const answer = changeCase(this.#store, this.#store.find(id), { resource, part, body, step });
      return answer ?? { status: 200, body: { data: this.#render(this.#store.find(id)) } };
    }
    return answerLookup(path);
  }

  #create(body: Record<string, unknown>, step: StepRecord): WorldAnswer {
    const data = expectObject(body.data);
    const attributes = expectObject(data.attributes);
    const { project, assignee } = expectObject(data.relationships);
    const projectId = String(expectObject(expectObject(project).data).id);
    if (![PROJECT, OTHER_PROJECT].some(({ id }) => id === projectId)) throw notFound('project not found');
    if (typeof attributes.title !== 'string' || !attributes.title || data.type !== 'case') throw badRequest();
    const { refusesDetails } = this.#store.options.service;
    if (assignee && refusesDetails) throw badRequest();
    if (attributes.status_name !== undefined && (refusesDetails || attributes.status_name !== 'Open'))
      throw genericError(`invalid status ${attributes.status_name}`);
    const stored = this.#store.store(step, {
      title: attributes.title,
      description: String(attributes.description ?? ''),
      projectId,
      typeId: String(attributes.type_id),
      statusName: String(attributes.status_name ?? 'Open'),
      priority: String(attributes.priority ?? 'NOT_DEFINED'),
    });
    return { status: 201, body: { data: this.#render(stored) } };
  }

  /** Each shard of the index shows its cases as they were a while ago. */
  #search({ query }: WorldRequest): WorldAnswer {
    const { service, now } = this.#store.options;
    const filter = query.get('filter') ?? '';
    const current = Number(query.get('page[number]') ?? 1);
    const time = now() - (current % 2 ? 0 : service.pageLag);
    const found = this.#store.cases.flatMap((stored) => {
      const shard = stored.number % 2 === 1 ? 0 : 1;
      if (stored.createdAt + service.newCaseLag[shard] > time) return [];
      const known = stored.versions.filter(({ at }) => at + service.changeLag[shard] <= time);
      const shown = known.at(-1) ?? stored.versions[0];
      return !shown.isArchived && matches(shown, filter) ? [{ stored, shown }] : [];
    });
    const direction = query.get('sort[asc]') === 'true' ? 1 : -1;
    found.sort((a, b) => direction * (a.stored.number - b.stored.number));
    const size = Math.min(service.pageSize, Number(query.get('page[size]') ?? 10));
    const page = found.slice((current - 1) * size, current * size);
    const meta = {
      total_cases: found.length,
      page: { current, size: page.length, total: Math.ceil(found.length / size) },
    };
    return {
      status: 200,
      body: { data: page.map(({ stored, shown }) => this.#render(stored, shown)), meta },
    };
  }

  #render(stored: StoredCase, version = latest(stored)): object {
    const { isOld, hasClosingTime } = this.#store.options.service;
    const { title, description, priority, status, statusName, closedAt, isArchived, projectId, at } = version;
    const time = (ms: number) => new Date(ms).toISOString();
    const attributes = {
      title,
      description,
      key: label(stored),
      type_id: stored.typeId,
      priority,
      status,
      ...(!isOld && { status_name: statusName, status_group: `SG_${status}` }),
      created_at: time(stored.createdAt),
      ...(stored.versions.length > 1 && { modified_at: time(at) }),
      ...(closedAt !== undefined && hasClosingTime && { closed_at: time(closedAt) }),
      ...(isArchived && { archived_at: time(at) }),
    };
    const project = { data: { id: projectId, type: 'project' } };
    return { id: stored.id, type: 'case', attributes, relationships: { project } };
  }
}

/** The part of the filter language that is known to work: a project and quoted phrases. */
function matches({ title, description, projectId }: CaseVersion, filter: string): boolean {
  const text = `${title} ${description}`.toLowerCase();
  const terms = filter.match(/"[^"]*"|\S+/g) ?? [];
  return terms.every((term) => {
    if (term === 'AND') return true;
    if (term.startsWith('project_id:')) return projectId === term.slice('project_id:'.length);
    return text.includes(term.replaceAll('"', '').toLowerCase());
  });
}

function answerLookup(path: string): WorldAnswer {
  const list = (data: unknown[]) => ({ status: 200, body: { data } });
  if (path === '/api/v2/cases/projects')
    return list(
      [PROJECT, OTHER_PROJECT].map(({ id, ...attributes }) => ({ id, type: 'project', attributes })),
    );
  if (path === '/api/v2/cases/types') {
    const statuses = (name: string) => ({ status_options: [{ name }], default: name });
    const statuses_config = {
      open: statuses('Open'),
      in_progress: statuses('In Progress'),
      closed: statuses('Closed'),
    };
    const id = '00000000-0000-0000-0000-000000000001';
    return list([
      { id, type: 'case_type', attributes: { name: 'Standard', internal: true, statuses_config } },
    ]);
  }
  if (/\/custom_attributes$/.test(path)) return list([]);
  if (path === '/api/v2/users') return list([]);
  if (path === `/api/v2/users/${ASSIGNEE}`) {
    const attributes = { email: 'ada@acme.example', status: 'Active', disabled: false };
    return { status: 200, body: { data: { id: ASSIGNEE, type: 'users', attributes } } };
  }
  throw notFound('route not found');
}
