import { type Answer, type Received, StandIn } from './server.ts';

/** A case as the sandbox keeps it. */
export interface StoredCase {
  id: string;
  key: string;
  projectId: string;
  assigneeId: string | undefined;
  attributes: Record<string, unknown> & { title: string; status: string };
}

type Json = Record<string, unknown>;

export const PROJECT = { id: 'c0ffee00-1111-4222-8333-444455556666', key: 'OPS', name: 'Operations' };
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
    throw notFound('route not found');
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
    if (!/^(NOT_DEFINED|P[1-5])$/.test(String(priority))) {
      throw generic(`invalid priority ${priority}. Must be one of NOT_DEFINED, P1, P2, P3, P4, P5`);
    }
    const projectId = related(relationships.project, 'project');
    if (projectId !== PROJECT.id) throw notFound('project not found');
    if (!BUILT_IN.includes(String(typeId))) throw notFound('case type not found');
    const assigneeId =
      relationships.assignee === undefined ? undefined : related(relationships.assignee, 'user');
    if (!['Open', 'In Progress', 'Closed'].includes(String(status)))
      throw generic(`invalid status ${status}`);
    checkCustomAttributes(attributes.custom_attributes);
    const number = this.cases.length + 1;
    const stored: StoredCase = {
      id: `5eed0000-0000-4000-8000-${String(number).padStart(12, '0')}`,
      key: `${PROJECT.key}-${number}`,
      projectId,
      assigneeId,
      attributes: {
        ...attributes,
        title: String(title),
        description,
        priority,
        status_name: status,
        status_group: 'SG_OPEN',
        status: 'OPEN',
        created_at: new Date().toISOString(),
      },
    };
    this.cases.push(stored);
    return { status: 201, body: { data: present(stored) } };
  }
}

/** A case in the form of the API's answers. */
function present({ id, key, projectId, assigneeId, attributes }: StoredCase): Json {
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

function checkCustomAttributes(value: unknown): void {
  if (value === undefined) return;
  if (typeof value !== 'object' || value === null) throw badRequest('custom_attributes must be an object');
  for (const [key, given] of Object.entries(value)) {
    const { type, is_multi: multi, value: inner } = object(given, key, ['type', 'is_multi', 'value']);
    if (!['URL', 'TEXT', 'NUMBER', 'SELECT'].includes(String(type)))
      throw badRequest(`invalid type ${type} of ${key}`);
    if (multi !== Array.isArray(inner)) throw badRequest(`is_multi of ${key} does not match its value`);
    const wanted = type === 'NUMBER' ? 'number' : 'string';
    if ([inner].flat().some((item) => typeof item !== wanted))
      throw badRequest(`value of ${key} must be a ${wanted}`);
  }
}
