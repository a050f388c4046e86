import { type Answer, type Received, StandIn } from './server.ts';

export interface StoredJob {
  readonly id: number;
  readonly name: string;
  readonly status?: string;
  readonly conclusion?: string | null;
  readonly runner_name?: string;
  readonly steps?: readonly Record<string, unknown>[];
  readonly log?: string;
}

export interface StoredComment {
  readonly id: number;
  readonly author: string;
  body: string;
}

type Permission = 'actions: read' | 'pull-requests: write' | 'contents: read';

/** A stand-in for the parts of GitHub's API that the action asks for. */
export class GithubSandbox extends StandIn {
  static readonly token = 'ghs_sandboxtoken0123456789';
  static readonly repository = 'acme/shop';
  readonly permissions = new Set<Permission>(['actions: read', 'pull-requests: write', 'contents: read']);
  jobs: StoredJob[] = [];
  /** Comments of the one pull request, number 12. */
  comments: StoredComment[] = [];
  /** Pull requests by commit. */
  pulls: Record<string, { number: number; state: string }[]> = {};

  static start(): Promise<GithubSandbox> {
    return new GithubSandbox().listen();
  }

  /** The environment that a runner sets for a run in this GitHub. */
  env(more: Record<string, string> = {}): Record<string, string> {
    return {
      GITHUB_API_URL: this.url,
      GITHUB_SERVER_URL: 'https://github.example',
      GITHUB_REPOSITORY: GithubSandbox.repository,
      GITHUB_RUN_ID: '42',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_RUN_NUMBER: '7',
      GITHUB_WORKFLOW: 'Deploy',
      GITHUB_SHA: 'a'.repeat(40),
      GITHUB_REF: 'refs/heads/main',
      GITHUB_REF_NAME: 'main',
      GITHUB_REF_TYPE: 'branch',
      GITHUB_ACTOR: 'octocat',
      GITHUB_EVENT_NAME: 'push',
      ...more,
    };
  }

  protected override answer(request: Received): Answer {
    const { method, headers } = request;
    const path = request.path.replace(`/repos/${GithubSandbox.repository}`, '');
    if (path.startsWith('/blob/')) return this.#blob(request);
    if (
      !/^(Bearer|token) /.test(headers.authorization ?? '') ||
      !headers.authorization?.endsWith(GithubSandbox.token)
    ) {
      return { status: 401, body: { message: 'Bad credentials' } };
    }
    if (/^\/actions\/runs\/\d+\/attempts\/\d+\/jobs$/.test(path)) {
      const jobs = this.jobs.map(({ log: _, ...job }) => ({
        status: 'completed',
        conclusion: 'failure',
        steps: [],
        ...job,
      }));
      return this.#allowed('actions: read', () =>
        page(request, jobs, (some) => ({ total_count: jobs.length, jobs: some })),
      );
    }
    if (/^\/actions\/jobs\/\d+\/logs$/.test(path)) {
      const Location = `${this.url.replace('127.0.0.1', 'localhost')}/blob/${path.split('/')[3]}`;
      return this.#allowed('actions: read', () => ({ status: 302, headers: { Location } }));
    }
    if (path === '/issues/12/comments' && method === 'GET') {
      return page(request, this.comments.map(present), (some) => some);
    }
    if (path === '/issues/12/comments')
      return this.#allowed('pull-requests: write', () => this.#write(request));
    if (/^\/issues\/comments\/\d+$/.test(path))
      return this.#allowed('pull-requests: write', () => this.#write(request));
    const [, sha] = /^\/commits\/(\w+)\/pulls$/.exec(path) ?? [];
    if (sha) return { status: 200, body: this.pulls[sha] ?? [] };
    if (path === '/graphql') return this.#owned(request);
    return { status: 404, body: { message: 'Not Found' } };
  }

  #allowed(permission: Permission, then: () => Answer): Answer {
    if (this.permissions.has(permission)) return then();
    return { status: 403, body: { message: 'Resource not accessible by integration' } };
  }

  #blob({ path, headers }: Received): Answer {
    if (headers.authorization) return { status: 400, body: 'the token must not come here' };
    const job = this.jobs.find(({ id }) => path === `/blob/${id}`);
    return job?.log === undefined ? { status: 404 } : { status: 200, body: job.log };
  }

  #write({ method, path, body }: Received): Answer {
    const text = (body as { body: string }).body;
    const known = this.comments.find(({ id }) => path.endsWith(`/${id}`));
    if (method === 'PATCH' && !known) return { status: 404, body: { message: 'Not Found' } };
    const comment = known ?? { id: 1000 + this.comments.length, author: 'github-actions[bot]', body: text };
    comment.body = text;
    if (!known) this.comments.push(comment);
    return { status: known ? 200 : 201, body: present(comment) };
  }

  #owned({ body }: Received): Answer {
    const { query, variables } = body as { query: string; variables: { id: string } };
    if (!query.includes('viewerDidAuthor'))
      return { status: 400, body: { message: 'Problems parsing JSON' } };
    const found = this.comments.find((comment) => present(comment).node_id === variables.id);
    return {
      status: 200,
      body: { data: { node: found ? { viewerDidAuthor: found.author === 'github-actions[bot]' } : null } },
    };
  }
}

function present({ id, author, body }: StoredComment) {
  return {
    id,
    node_id: `IC_${id}`,
    user: { login: author },
    body,
    html_url: `https://elsewhere.example/${id}`,
  };
}

function page<T>({ query, path }: Received, all: readonly T[], wrap: (some: T[]) => unknown): Answer {
  const size = Number(query.get('per_page') ?? 30);
  const number = Number(query.get('page') ?? 1);
  const last = Math.max(1, Math.ceil(all.length / size));
  const at = (page: number, rel: string) =>
    `<https://github.example${path}?per_page=${size}&page=${page}>; rel="${rel}"`;
  const headers: Record<string, string> =
    number < last ? { Link: [at(number + 1, 'next'), at(last, 'last')].join(', ') } : {};
  return { status: 200, body: wrap(all.slice((number - 1) * size, number * size)), headers };
}
