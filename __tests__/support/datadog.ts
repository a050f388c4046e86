import { type Answer, type Received, StandIn } from './server.ts';

/** A case as the sandbox keeps it. */
export interface StoredCase {
  id: string;
  key: string;
  projectId: string;
  assigneeId: string | undefined;
  attributes: Record<string, unknown> & { title: string; description: string; status: string };
  readonly comments: string[];
  /** When it was created, in milliseconds since 1970. */
  readonly at: number;
}

type Json = Record<string, unknown>;

export const PROJECT = { id: 'c0ffee00-1111-4222-8333-444455556666', key: 'OPS', name: 'Operations' };
export const OTHER_PROJECT = { id: 'c0ffee00-1111-4222-8333-444455557777', key: 'PAY', name: 'Payments' };
/** Two projects of one name, as organisations have them. */
const NAMESAKES = ['A', 'B'].map((letter, at) => ({
  id: `c0ffee00-1111-4222-8333-44445555888${at}`,
  key: `WEB${letter}`,
  name: 'Web',
}));
const PROJECTS = [PROJECT, OTHER_PROJECT, ...NAMESAKES];

export const DEPLOYMENT = 'dec1de00-1111-4222-8333-444455556666';
/** Case types that are not built in: over 200, and their names are not unique. */
const TYPES = [
  { id: DEPLOYMENT, name: 'Deployment failure' },
  ...['1', '2'].map((at) => ({ id: `dec1de00-1111-4222-8333-44445555777${at}`, name: 'Incident' })),
  ...Array.from({ length: 200 }, (_, at) => ({
    id: `dec1de00-2222-4222-8333-${String(at).padStart(12, '0')}`,
    name: `Team type ${at}`,
  })),
];

interface Setting {
  readonly key: string;
  readonly display_name: string;
  readonly type: string;
  readonly is_multi: boolean;
}
const setting = (key: string, name: string, type: string, multi = false): Setting => ({
  key,
  display_name: name,
  type,
  is_multi: multi,
});
/** Custom attributes by case type. */
const SETTINGS: Record<string, Setting[]> = {
  [DEPLOYMENT]: [
    setting('region', 'Region', 'SELECT'),
    setting('services', 'Services', 'TEXT', true),
    setting('failures', 'Failed checks', 'NUMBER'),
    setting('sizes', 'Sizes', 'NUMBER', true),
    setting('runbook', 'Runbook', 'URL'),
    setting('summary', 'Summary', 'TEXT'),
  ],
  '00000000-0000-0000-0000-000000000003': [setting('region', 'Region', 'SELECT', true)],
};

const user = (at: number, email: string, status = 'Active', disabled = false) => ({
  id: `ba5e0000-1111-4222-8333-${String(at).padStart(12, '0')}`,
  email,
  status,
  disabled,
});
/** The address of a user who has several accounts, only the last of which is of use. */
export const PERSON = { email: 'ada@acme.example', id: 'ba5e0000-1111-4222-8333-000000000003' };
const USERS = [
  user(1, PERSON.email, 'Active', true),
  user(2, PERSON.email, 'Pending'),
  user(3, PERSON.email),
  user(4, 'gone@acme.example', 'Disabled', true),
  ...Array.from({ length: 120 }, (_, at) => user(100 + at, `x${at}.late@acme.example`)),
  user(5, 'late@acme.example'),
];

export const STANDARD = '00000000-0000-0000-0000-000000000001';
const BUILT_IN = [1, 2, 3, 4, 5, 7].map((number) => `00000000-0000-0000-0000-00000000000${number}`);

/** What the real service answers where a body is not as it should be. */
class Refusal extends Error {
  readonly answer: Answer;
  constructor(status: number, error: unknown) {
    super('refused');
    this.answer = { status, body: { errors: [error] } };
  }
}
const badRequest = (detail: string) => new Refusal(400, { status: '400', title: 'Bad Request', detail });
const generic = (detail: string) => new Refusal(400, { title: 'Generic Error', detail });
const notFound = (title: string, meta?: Json) =>
  new Refusal(404, { code: 'resource_not_found', title, ...(meta && { meta }) });

/** A stateful stand-in for Datadog Case Management, strict about what it is sent. */
export class DatadogSandbox extends StandIn {
  static readonly apiKey = 'sandbox-api-key-0123456789';
  static readonly appKey = 'sandbox-app-key-0123456789';
  static readonly token = 'sandbox-token-0123456789';
  readonly cases: StoredCase[] = [];
  /** How many of the cases were put there without a request. */
  seeded = 0;
  /** Milliseconds until the search finds a new case. */
  lag = 0;
  /** Characters that a text may have. No document tells a limit. */
  longest = { title: Number.POSITIVE_INFINITY, description: Number.POSITIVE_INFINITY };
  /** Whose time it is: the lag is measured with it. */
  now: () => number = Date.now;
  protected override readonly contentType = 'application/vnd.api+json';

  static start(): Promise<DatadogSandbox> {
    return new DatadogSandbox().listen();
  }

  protected override answer(request: Received): Answer {
    if (!this.#signedIn(request)) return { status: 403, body: { errors: ['Forbidden'] } };
    try {
      return this.#route(request);
    } catch (error) {
      if (error instanceof Refusal) return error.answer;
      throw error;
    }
  }

  #signedIn({ headers }: Received): boolean {
    if (headers.authorization) return headers.authorization === `Bearer ${DatadogSandbox.token}`;
    return (
      headers['dd-api-key'] === DatadogSandbox.apiKey &&
      headers['dd-application-key'] === DatadogSandbox.appKey
    );
  }

  #route(request: Received): Answer {
    const { method, path, body } = request;
    if (method === 'POST' && path === '/api/v2/cases') return this.#create(body);
    if (method === 'GET' && path === '/api/v2/cases') return this.#search(request.query);
    const [, id = '', action] = /^\/api\/v2\/cases\/([^/]+)\/(attributes|comment|status)$/.exec(path) ?? [];
    if (method === 'POST' && action) return this.#change(id, action, body);
    const one = this.cases.find(({ id: known }) => path === `/api/v2/cases/${known}`);
    if (method === 'GET' && one) return { status: 200, body: { data: present(one) } };
    if (method === 'GET') return lookUp(path, request.query);
    throw notFound('route not found');
  }

  /** The open cases. */
  get open(): StoredCase[] {
    return this.cases.filter(({ attributes }) => attributes.status !== 'CLOSED');
  }

  /** Puts a case where it is without a request, with what is given in place of what a new one has. */
  seed(given: Partial<StoredCase['attributes']>, projectId = PROJECT.id): StoredCase {
    const stored = this.#store(
      { title: 'Seeded', type_id: STANDARD, priority: 'NOT_DEFINED', ...given },
      projectId,
      undefined,
    );
    Object.assign(stored.attributes, given);
    this.seeded += 1;
    return stored;
  }

  #search(query: URLSearchParams): Answer {
    const filter = query.get('filter') ?? '';
    if (!['created_at', 'priority', 'status'].includes(query.get('sort[field]') ?? 'created_at'))
      throw badRequest('invalid sort field');
    if (!['true', 'false'].includes(query.get('sort[asc]') ?? 'false'))
      throw badRequest('invalid sort order');
    const size = Math.min(100, Number(query.get('page[size]') ?? 10));
    const page = Number(query.get('page[number]') ?? 1);
    const indexed = this.cases.filter(
      ({ at, attributes }) => at + this.lag <= this.now() && !attributes.archived_at,
    );
    const found = indexed.filter((one) => matches(one, filter));
    found.sort((a, b) => (query.get('sort[asc]') === 'true' ? a.at - b.at : b.at - a.at));
    const data = found.slice((page - 1) * size, page * size).map(present);
    return { status: 200, body: { data, meta: { page: { total: Math.ceil(found.length / size) } } } };
  }

  #change(id: string, action: string, body: unknown): Answer {
    const found = this.cases.find((one) => one.id === id || one.key === id);
    if (!found) throw notFound('case not found');
    const data = object(object(body, 'document', ['data']).data, 'data', ['type', 'attributes']);
    if (data.type !== 'case') throw badRequest(`got type "${data.type}" expected one of "case"`);
    const fields = object(
      data.attributes,
      'attributes',
      action === 'status' ? ['status', 'status_name'] : [action],
    );
    if (action === 'comment') {
      if (typeof fields.comment !== 'string' || !fields.comment)
        throw badRequest('comment must not be empty');
      found.comments.push(fields.comment);
      return {
        status: 200,
        body: { data: { id: `comment-${found.comments.length}`, type: 'timeline_cell' } },
      };
    }
    if (action === 'status') setStatus(found, fields);
    else setAttributes(found, fields.attributes);
    return { status: 200, body: { data: present(found) } };
  }

  #create(body: unknown): Answer {
    const data = object(object(body, 'document', ['data']).data, 'data', [
      'type',
      'attributes',
      'relationships',
    ]);
    if (data.type !== 'case') throw badRequest(`got type "${data.type}" expected one of "case"`);
    const attributes = object(data.attributes, 'attributes', [
      'title',
      'type_id',
      'description',
      'priority',
      'status_name',
      'custom_attributes',
    ]);
    const relationships = object(data.relationships, 'relationships', ['project', 'assignee']);
    const {
      title,
      type_id: typeId,
      description = '',
      priority = 'NOT_DEFINED',
      status_name: status = 'Open',
    } = attributes;
    for (const [name, value] of Object.entries({ title, description, priority, status })) {
      if (typeof value !== 'string') throw badRequest(`${name} must be a string`);
    }
    if (!title) throw generic('title is required');
    for (const [name, most] of Object.entries(this.longest))
      if (String(attributes[name] ?? '').length > most) throw generic(`${name} is too long`);
    if (!/^(NOT_DEFINED|P[1-5])$/.test(String(priority))) {
      throw generic(`invalid priority ${priority}. Must be one of NOT_DEFINED, P1, P2, P3, P4, P5`);
    }
    const projectId = related(relationships.project, 'project');
    if (!PROJECTS.some(({ id }) => id === projectId)) throw notFound('project not found');
    if (![...BUILT_IN, ...TYPES.map(({ id }) => id)].includes(String(typeId)))
      throw notFound('case type not found');
    const assigneeId =
      relationships.assignee === undefined ? undefined : related(relationships.assignee, 'user');
    if (!['Open', 'In Progress', 'Closed'].includes(String(status)))
      throw generic(`invalid status ${status}`);
    checkCustomAttributes(attributes.custom_attributes, SETTINGS[String(typeId)] ?? []);
    const stored = this.#store(
      { ...attributes, title: String(title), status_name: status },
      projectId,
      assigneeId,
    );
    return { status: 201, body: { data: present(stored) } };
  }

  #store(given: Json & { title: string }, projectId: string, assigneeId: string | undefined): StoredCase {
    const number = this.cases.length + 1;
    const stored: StoredCase = {
      id: `5eed0000-0000-4000-8000-${String(number).padStart(12, '0')}`,
      key: `${PROJECTS.find(({ id }) => id === projectId)?.key}-${number}`,
      projectId,
      assigneeId,
      attributes: {
        description: '',
        status_name: 'Open',
        status_group: 'SG_OPEN',
        status: 'OPEN',
        ...given,
        created_at: new Date(this.now()).toISOString(),
      },
      comments: [],
      at: this.now(),
    };
    this.cases.push(stored);
    return stored;
  }
}

/** The part of the filter language that is known to work. Quoted text is a phrase; what stands in it is no operator. */
function matches({ projectId, attributes }: StoredCase, filter: string): boolean {
  const text = `${attributes.title} ${attributes.description}`.toLowerCase();
  const terms = filter.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
  return terms.every((term) => {
    if (term === 'AND') return true;
    if (term.startsWith('project_id:')) return projectId === term.slice('project_id:'.length);
    return text.includes(term.replace(/^"|"$/g, '').toLowerCase());
  });
}

const STATUSES: Record<string, string> = {
  Open: 'OPEN',
  'In Progress': 'IN_PROGRESS',
  Closed: 'CLOSED',
  Resolved: 'CLOSED',
};

function setStatus(found: StoredCase, { status, status_name: name }: Json): void {
  const wanted = Object.entries(STATUSES).find(([known, group]) =>
    name === undefined ? group === status : known === name,
  );
  if (!wanted) throw generic(`invalid status ${name ?? status}`);
  const [known, group] = wanted;
  Object.assign(found.attributes, { status_name: known, status: group, status_group: `SG_${group}` });
}

function setAttributes(found: StoredCase, attributes: unknown): void {
  if (typeof attributes !== 'object' || attributes === null) throw badRequest('attributes must be an object');
  for (const [key, values] of Object.entries(attributes)) {
    const fits = Array.isArray(values) && values.every((one) => typeof one === 'string');
    if (!fits) throw badRequest(`attribute ${key} must be an array of strings`);
  }
  found.attributes.attributes = { ...(found.attributes.attributes as Json), ...attributes };
}

/** A case in the form of the API's answers. */
function present({ id, key, projectId, assigneeId, attributes }: StoredCase): Json & { id: string } {
  return {
    id,
    type: 'case',
    attributes: { ...attributes, key },
    relationships: {
      project: { data: { id: projectId, type: 'project' } },
      ...(assigneeId && { assignee: { data: { id: assigneeId, type: 'user' } } }),
    },
  };
}

function object(value: unknown, name: string, fields: readonly string[]): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw badRequest(`${name} must be an object`);
  const unknown = Object.keys(value).find((field) => !fields.includes(field));
  if (unknown !== undefined) throw badRequest(`unknown field ${JSON.stringify(unknown)} in ${name}`);
  return value as Json;
}

function related(value: unknown, type: string): string {
  const data = object(object(value, type, ['data']).data, `${type}.data`, ['id', 'type']);
  if (data.type !== type) throw badRequest(`got type "${data.type}" expected one of "${type}"`);
  if (typeof data.id !== 'string' || !/^[0-9a-f-]{36}$/.test(data.id))
    throw badRequest(`${type} id must be a UUID`);
  return data.id;
}

/** Answers what only reads: projects, types, their custom attributes, and users. */
function lookUp(path: string, query: URLSearchParams): Answer {
  const ok = (data: readonly { id: string }[]) => ({ status: 200, body: { data } });
  if (path === '/api/v2/cases/projects') {
    return ok(PROJECTS.map(({ id, ...attributes }) => ({ id, type: 'project', attributes })));
  }
  if (path === '/api/v2/cases/types') {
    return ok(TYPES.map(({ id, ...attributes }) => ({ id, type: 'case_type', attributes })));
  }
  const [, typeId] = /^\/api\/v2\/cases\/types\/([^/]+)\/custom_attributes$/.exec(path) ?? [];
  if (typeId) {
    const found = SETTINGS[typeId] ?? [];
    return ok(found.map((attributes, at) => ({ id: `setting-${at}`, type: 'custom_attribute', attributes })));
  }
  if (path === '/api/v2/users') {
    // Loosely matched: whatever shares a word with the name in the address.
    const words = (query.get('filter') ?? '').toLowerCase().replace(/@.*/, '').split('.');
    const found = USERS.filter(({ email }) => words.some((word) => email.includes(word)));
    const size = Number(query.get('page[size]') ?? 10);
    const from = Number(query.get('page[number]') ?? 0) * size;
    return ok(
      found.slice(from, from + size).map(({ id, ...attributes }) => ({ id, type: 'users', attributes })),
    );
  }
  throw notFound('route not found');
}

function checkCustomAttributes(value: unknown, settings: readonly Setting[]): void {
  if (value === undefined) return;
  if (typeof value !== 'object' || value === null) throw badRequest('custom_attributes must be an object');
  for (const [key, given] of Object.entries(value)) {
    const { type, is_multi: multi, value: inner } = object(given, key, ['type', 'is_multi', 'value']);
    if (!['URL', 'TEXT', 'NUMBER', 'SELECT'].includes(String(type)))
      throw badRequest(`invalid type ${type} of ${key}`);
    if (multi !== Array.isArray(inner)) throw badRequest(`is_multi of ${key} does not match its value`);
    const known = settings.find((one) => one.key === key);
    if (!known) throw notFound('custom attribute configuration not found', { key });
    if (known.type !== type || known.is_multi !== multi)
      throw generic(`${key} must be ${known.type}, multi ${known.is_multi}`);
    const wanted = type === 'NUMBER' ? 'number' : 'string';
    if ([inner].flat().some((item) => typeof item !== wanted))
      throw badRequest(`value of ${key} must be a ${wanted}`);
  }
}
