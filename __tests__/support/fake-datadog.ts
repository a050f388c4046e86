import { answerGet } from './fake-datadog/answer-get.ts';
import { PROJECT, PROJECTS, STANDARD_TYPE_ID } from './fake-datadog/catalog.ts';
import { type MaxLengths, parseCreateRequest } from './fake-datadog/create-request.ts';
import { DelegatedTokens } from './fake-datadog/delegated-tokens.ts';
import {
  addLink,
  addWatcher,
  assign,
  setCustomAttribute,
  setDueDate,
  setPriority,
  setTitle,
} from './fake-datadog/follow-ups.ts';
import {
  asOpen,
  matchesFilter,
  respondWith,
  SERVER_FIELDS,
  type StoredCase,
  setAttributes,
  setStatus,
  toApi,
  toSearchResult,
} from './fake-datadog/stored-case.ts';
import {
  badRequest,
  expectCaseData,
  expectObject,
  type Json,
  notFound,
  Rejection,
} from './fake-datadog/validation.ts';
import { type Certificate, type FakeResponse, FakeServer, type RecordedRequest } from './fake-server.ts';

/** The fields of requests that aren't named after their field. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  status: ['status', 'status_name'],
  assign: ['assignee_id'],
};

/** A stateful fake of Datadog Case Management that validates requests strictly. */
export class FakeDatadog extends FakeServer {
  static readonly apiKey = 'sandbox-api-key-0123456789';
  static readonly appKey = 'sandbox-app-key-0123456789';
  static readonly token = 'sandbox-token-0123456789';
  readonly cases: StoredCase[] = [];
  /** Links between cases, as they were sent. */
  readonly links: Json[] = [];
  /** Number of cases that were stored without a request. */
  seedCount = 0;
  /** Whether the search finds text in quotes, which is undocumented. */
  findsPhrases = true;
  /** Milliseconds until the search finds a new case. */
  indexLagMs = 0;
  /** Datadog documents no limits. */
  maxLengths: MaxLengths = { title: Number.POSITIVE_INFINITY, description: Number.POSITIVE_INFINITY };
  /** How many requests a second are answered; the others get a 429. */
  maxRequestsPerSecond = Number.POSITIVE_INFINITY;
  #window = { startedAtMs: 0, requestCount: 0 };
  /** Cases that the search shows as open even if they are closed. */
  readonly staleIds = new Set<string>();
  /** Characters after which a description is cut off without an error. */
  silentMaxDescription = Number.POSITIVE_INFINITY;
  readonly delegatedTokens = new DelegatedTokens();
  /** The current time in milliseconds since 1970, for `created_at` and `indexLagMs`. */
  now: () => number = Date.now;
  protected override readonly contentType = 'application/vnd.api+json';

  /** With a certificate, the server uses TLS. */
  static start(certificate?: Certificate): Promise<FakeDatadog> {
    return new FakeDatadog(certificate).listen();
  }

  get openCases(): StoredCase[] {
    return this.cases.filter(({ attributes }) => attributes.status !== 'CLOSED');
  }

  /** The description of the newest case. */
  get lastDescription(): string {
    return this.cases.at(-1)?.attributes.description ?? '';
  }

  /** Stores a case without a request. `attributes` replace those of a new case. */
  seed(attributes: Partial<StoredCase['attributes']>, projectId = PROJECT.id): StoredCase {
    const stored = this.#store(
      { title: 'Seeded', type_id: STANDARD_TYPE_ID, priority: 'NOT_DEFINED', ...attributes },
      projectId,
    );
    Object.assign(stored.attributes, attributes);
    this.seedCount += 1;
    return stored;
  }

  protected override respond(request: RecordedRequest): FakeResponse {
    if (this.#isOverLimit())
      return { status: 429, headers: { 'X-RateLimit-Reset': '1' }, body: { errors: ['Too many requests'] } };
    if (request.method === 'POST' && request.path === '/api/v2/delegated-token')
      return this.delegatedTokens.exchange(request, this.now());
    if (!this.#isAuthenticated(request)) return { status: 403, body: { errors: ['Forbidden'] } };
    try {
      return this.#route(request);
    } catch (error) {
      if (error instanceof Rejection) return error.response;
      throw error;
    }
  }

  /** Counts in windows of one second, as Datadog's rate limits do. */
  #isOverLimit(): boolean {
    const nowMs = this.now();
    if (nowMs - this.#window.startedAtMs >= 1000) this.#window = { startedAtMs: nowMs, requestCount: 0 };
    this.#window.requestCount += 1;
    return this.#window.requestCount > this.maxRequestsPerSecond;
  }

  #isAuthenticated({ headers }: RecordedRequest): boolean {
    const token = /^Bearer (.*)$/.exec(headers.authorization ?? '')?.[1];
    if (token !== undefined)
      return token === FakeDatadog.token || this.delegatedTokens.isValid(token, this.now());
    return (
      headers['dd-api-key'] === FakeDatadog.apiKey && headers['dd-application-key'] === FakeDatadog.appKey
    );
  }

  #route({ method, path, query, body }: RecordedRequest): FakeResponse {
    if (method === 'POST' && path === '/api/v2/cases') return this.#create(body);
    if (method === 'GET' && path === '/api/v2/cases') return this.#search(query);
    const [, id = '', action] =
      /^\/api\/v2\/cases\/([^/]+)\/(assign|attributes|comment|description|due_date|priority|status|title)$/.exec(
        path,
      ) ?? [];
    if (method === 'POST' && action) return this.#change(id, action, body);
    if (method === 'POST' && path === '/api/v2/cases/link') return addLink(this.links, this.cases, body);
    const [, changedId = '', key] =
      /^\/api\/v2\/cases\/([^/]+)\/custom_attributes\/([^/]+)$/.exec(path) ?? [];
    if (method === 'POST' && key)
      return setCustomAttribute(this.#find(changedId), decodeURIComponent(key), body);
    const [, watchedId = '', userId] = /^\/api\/v2\/cases\/([^/]+)\/watchers\/([^/]+)$/.exec(path) ?? [];
    if (method === 'POST' && userId) return addWatcher(this.#find(watchedId), userId, body);
    const stored = this.cases.find((candidate) => path === `/api/v2/cases/${candidate.id}`);
    if (method === 'GET' && stored) return respondWith(200, toApi(stored));
    if (method === 'GET' && /^\/api\/v2\/cases\/[^/]+-[^/]+$/.test(path)) throw notFound('case not found');
    if (method === 'GET') return answerGet(path, query);
    throw notFound('route not found');
  }

  #search(query: URLSearchParams): FakeResponse {
    const filter = query.get('filter') ?? '';
    if (!['created_at', 'priority', 'status'].includes(query.get('sort[field]') ?? 'created_at'))
      throw badRequest('invalid sort field');
    if (!['true', 'false'].includes(query.get('sort[asc]') ?? 'false'))
      throw badRequest('invalid sort order');
    const size = Math.min(100, Number(query.get('page[size]') ?? 10));
    const page = Number(query.get('page[number]') ?? 1);
    const matches = this.cases.filter(
      (stored) =>
        this.#isIndexed(stored) &&
        matchesFilter(stored, filter) &&
        (this.findsPhrases || !filter.includes('"')),
    );
    const direction = query.get('sort[asc]') === 'true' ? 1 : -1;
    matches.sort((a, b) => direction * (a.createdAtMs - b.createdAtMs));
    const data = matches
      .slice((page - 1) * size, page * size)
      .map((stored) => toSearchResult(this.staleIds.has(stored.id) ? asOpen(stored) : stored));
    const meta = {
      total_cases: matches.length,
      page: { current: page, size: data.length, total: Math.ceil(matches.length / size) },
    };
    return respondWith(200, data, { meta });
  }

  #isIndexed({ createdAtMs, attributes }: StoredCase): boolean {
    return createdAtMs + this.indexLagMs <= this.now() && !attributes.archived_at;
  }

  #change(id: string, action: string, body: unknown): FakeResponse {
    const stored = this.#find(id);
    const data = expectCaseData(body, ['type', 'attributes']);
    const names = FIELDS[action] ?? [action];
    const fields = expectObject(data.attributes, 'attributes', names);
    if (action === 'comment') return addComment(stored, fields.comment);
    if (action === 'status') setStatus(stored, fields, this.now());
    else if (action === 'description') stored.attributes.description = this.#cutOff(fields.description);
    else if (action === 'due_date') setDueDate(stored, fields.due_date);
    else if (action === 'priority') setPriority(stored, fields.priority);
    else if (action === 'title') setTitle(stored, fields.title);
    else if (action === 'assign') assign(stored, fields.assignee_id);
    else setAttributes(stored, fields.attributes);
    stored.attributes.modified_at = new Date(this.now()).toISOString();
    return respondWith(200, toApi(stored));
  }

  #find(id: string): StoredCase {
    const stored = this.cases.find((candidate) => candidate.id === id || candidate.key === id);
    if (!stored) throw notFound('case not found');
    return stored;
  }

  #create(body: unknown): FakeResponse {
    const { attributes, projectId, assigneeId } = parseCreateRequest(body, this.maxLengths);
    if ('description' in attributes) attributes.description = this.#cutOff(attributes.description);
    return respondWith(201, toApi(this.#store(attributes, projectId, assigneeId)));
  }

  #cutOff(description: unknown): string {
    return String(description).slice(0, this.silentMaxDescription);
  }

  #store(attributes: Json & { title: string }, projectId: string, assigneeId?: string): StoredCase {
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
        ...attributes,
        ...SERVER_FIELDS,
        created_at: new Date(this.now()).toISOString(),
      },
      comments: [],
      watchers: new Set(),
      createdAtMs: this.now(),
    };
    this.cases.push(stored);
    return stored;
  }
}

function addComment({ comments }: StoredCase, comment: unknown): FakeResponse {
  if (typeof comment !== 'string' || !comment) throw badRequest();
  comments.push(comment);
  const attributes = { type: 'COMMENT', cell_content: { message: comment } };
  const cell = { id: `comment-${comments.length}`, type: 'timeline_cell', attributes };
  return { status: 200, body: { data: [cell] } };
}
