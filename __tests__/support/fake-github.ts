import { paginate } from './fake-github/paginate.ts';
import {
  answerViewerDidAuthor,
  type StoredComment,
  TOKEN_AUTHOR,
  toApiComment,
} from './fake-github/stored-comment.ts';
import { type StoredJob, toApiJob } from './fake-github/stored-job.ts';
import { issueIdentityToken } from './fake-identity.ts';
import { type Certificate, type FakeResponse, FakeServer, type RecordedRequest } from './fake-server.ts';

/** A completed run of the workflow `deploy.yml`. */
export interface PastRun {
  readonly id: number;
  readonly conclusion: string | null;
  readonly head_branch?: string;
  readonly head_repository?: { readonly full_name: string } | null;
  readonly jobs?: readonly StoredJob[];
}

type Permission = 'actions: read' | 'pull-requests: write' | 'id-token: write';

/** A fake of the parts of GitHub's API that the action uses. */
export class FakeGitHub extends FakeServer {
  static readonly token = 'ghs_sandboxtoken0123456789';
  static readonly repository = 'acme/shop';
  /** What authenticates the request for an identity token. */
  static readonly idTokenRequestToken = 'sandbox-id-token-request-token';
  /** All identity tokens so far. */
  readonly identityTokens: string[] = [];
  readonly permissions = new Set<Permission>(['actions: read', 'pull-requests: write']);
  jobs: StoredJob[] = [];
  /** Newest first. */
  pastRuns: PastRun[] = [];
  /** Comments of the one pull request, number 12. */
  comments: StoredComment[] = [];
  #createdCount = 0;
  /** GitHub leaves the link to the last page out where counting is too costly. */
  hasLastLink = true;
  /** Pull requests by commit. */
  pullRequests: Record<string, { number: number; state: string; [name: string]: unknown }[]> = {};

  /** With a certificate, the server uses TLS. */
  static start(certificate?: Certificate): Promise<FakeGitHub> {
    return new FakeGitHub(certificate).listen();
  }

  /** The run that the steps of a test belong to. */
  runId = 42;

  /** The variables that a runner sets for a run on this GitHub. */
  env(overrides: Record<string, string> = {}): Record<string, string> {
    return {
      GITHUB_API_URL: this.url,
      GITHUB_SERVER_URL: 'https://github.example',
      GITHUB_REPOSITORY: FakeGitHub.repository,
      GITHUB_RUN_ID: String(this.runId),
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_RUN_NUMBER: '7',
      GITHUB_WORKFLOW: 'Deploy',
      GITHUB_WORKFLOW_REF: 'acme/shop/.github/workflows/deploy.yml@refs/heads/main',
      GITHUB_JOB: 'deploy',
      GITHUB_SHA: 'a'.repeat(40),
      GITHUB_REF: 'refs/heads/main',
      GITHUB_REF_NAME: 'main',
      GITHUB_REF_TYPE: 'branch',
      GITHUB_ACTOR: 'octocat',
      GITHUB_EVENT_NAME: 'push',
      ...(this.permissions.has('id-token: write') && {
        ACTIONS_ID_TOKEN_REQUEST_URL: `${this.url}/idtoken?api-version=2.0`,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: FakeGitHub.idTokenRequestToken,
      }),
      ...overrides,
    };
  }

  protected override respond(request: RecordedRequest): FakeResponse {
    const { method, headers } = request;
    const path = request.path.replace(`/repos/${FakeGitHub.repository}`, '');
    if (path.startsWith('/blob/')) return this.#readLog(request);
    if (path === '/idtoken') return this.#issueIdentityToken(request);
    if (
      !/^(Bearer|token) /.test(headers.authorization ?? '') ||
      !headers.authorization?.endsWith(FakeGitHub.token)
    ) {
      return { status: 401, body: { message: 'Bad credentials' } };
    }
    if (path === '') return { status: 200, body: { default_branch: 'main' } };
    const [, runId] = /^\/actions\/runs\/(\d+)\/(?:attempts\/\d+\/)?jobs$/.exec(path) ?? [];
    if (runId) {
      const jobs = this.#listJobs(Number(runId)).map(toApiJob);
      return this.#withPermission('actions: read', () =>
        paginate(request, jobs, (items) => ({ total_count: jobs.length, jobs: items })),
      );
    }
    if (/^\/actions\/workflows\/(deploy\.yml|77)\/runs$/.test(path)) {
      const runs = this.pastRuns.map(({ jobs: _, ...run }) => ({ head_branch: 'main', ...run }));
      return this.#withPermission('actions: read', () =>
        paginate(request, runs, (items) => ({ total_count: runs.length, workflow_runs: items })),
      );
    }
    const [, jobId] = /^\/actions\/jobs\/(\d+)$/.exec(path) ?? [];
    if (jobId) return this.#withPermission('actions: read', () => this.#readJob(Number(jobId)));
    if (/^\/actions\/jobs\/\d+\/logs$/.test(path)) {
      const Location = `${this.url.replace('127.0.0.1', 'localhost')}/blob/${path.split('/')[3]}`;
      return this.#withPermission('actions: read', () => ({ status: 302, headers: { Location } }));
    }
    if (path === '/issues/12/comments' && method === 'GET') {
      const response = paginate(request, this.comments.map(toApiComment), (items) => items);
      if (this.hasLastLink || !response.headers?.Link) return response;
      return { ...response, headers: { Link: response.headers.Link.replace(/, .*/, '') } };
    }
    if (path === '/issues/12/comments')
      return this.#withPermission('pull-requests: write', () => this.#writeComment(request));
    if (/^\/issues\/comments\/\d+$/.test(path))
      return this.#withPermission('pull-requests: write', () => this.#writeComment(request));
    const [, sha] = /^\/commits\/(\w+)\/pulls$/.exec(path) ?? [];
    if (sha) return { status: 200, body: this.pullRequests[sha] ?? [] };
    if (path === '/graphql') return answerViewerDidAuthor(this.comments, request);
    return { status: 404, body: { message: 'Not Found' } };
  }

  #withPermission(permission: Permission, respond: () => FakeResponse): FakeResponse {
    if (this.permissions.has(permission)) return respond();
    return { status: 403, body: { message: 'Resource not accessible by integration' } };
  }

  /** The jobs of an earlier run, or of the current one. */
  #listJobs(runId: number): readonly StoredJob[] {
    const pastRun = this.pastRuns.find(({ id }) => id === runId);
    return pastRun?.jobs ?? this.jobs.filter(({ run_id = runId }) => run_id === runId);
  }

  #readJob(jobId: number): FakeResponse {
    const job = this.jobs.find(({ id }) => id === jobId);
    if (!job) return { status: 404, body: { message: 'Not Found' } };
    return { status: 200, body: { run_id: this.runId, ...toApiJob(job) } };
  }

  #issueIdentityToken({ query, headers }: RecordedRequest): FakeResponse {
    if (headers.authorization !== `Bearer ${FakeGitHub.idTokenRequestToken}`) return { status: 401 };
    if (query.get('api-version') !== '2.0') return { status: 400 };
    const token = issueIdentityToken({
      jti: String(this.identityTokens.length),
      aud: query.get('audience') ?? '',
      sub: `repo:${FakeGitHub.repository}:ref:refs/heads/main`,
    });
    this.identityTokens.push(token);
    return { status: 200, body: { count: token.length, value: token } };
  }

  #readLog({ path, headers }: RecordedRequest): FakeResponse {
    if (headers.authorization) return { status: 400, body: 'the token must not come here' };
    const job = this.jobs.find(({ id }) => path === `/blob/${id}`);
    return job?.log === undefined ? { status: 404 } : { status: 200, body: job.log };
  }

  #writeComment({ method, path, body }: RecordedRequest): FakeResponse {
    const text = (body as { body: string } | undefined)?.body ?? '';
    const existing = this.comments.find(({ id }) => path.endsWith(`/${id}`));
    if (method !== 'POST' && !existing) return { status: 404, body: { message: 'Not Found' } };
    if (method === 'DELETE') {
      this.comments = this.comments.filter((comment) => comment !== existing);
      return { status: 204 };
    }
    const comment = existing ?? {
      id: 1000 + this.#createdCount++,
      author: TOKEN_AUTHOR,
      body: text,
    };
    comment.body = text;
    if (!existing) this.comments.push(comment);
    return { status: existing ? 200 : 201, body: toApiComment(comment) };
  }
}
