import type { RunningJob } from './record.ts';
import type { Server, WorldAnswer, WorldRequest } from './server.ts';

export const REPOSITORY = 'acme/shop';
export const WORKFLOW = 'deploy.yml';
export const TOKEN = 'ghs_World0Token1For2Tests3Only4';

/** GitHub's API, as far as steps use it. */
export class GitHub implements Server {
  readonly contentType = 'application/json';
  readonly jobs: RunningJob[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  answer({ method, path, query, headers }: WorldRequest): WorldAnswer {
    if (headers.authorization !== `Bearer ${TOKEN}` && headers.authorization !== `token ${TOKEN}`)
      return { status: 401, body: { message: 'Bad credentials' } };
    if (method !== 'GET') return notFound();
    if (path === `/repos/${REPOSITORY}`) return { status: 200, body: { default_branch: 'main' } };
    // Enterprise Server has its API below another path.
    const server = path.startsWith('/api/v3/') ? 'https://ghe.acme.example' : 'https://github.com';
    const [, route = ''] = /\/repos\/acme\/shop\/(.*)$/.exec(path) ?? [];
    const jobs = this.jobs.filter(({ attempt }) => attempt.server === server);
    const [, run, attempt] = /^actions\/runs\/(\d+)\/attempts\/(\d+)\/jobs$/.exec(route) ?? [];
    if (run) {
      const own = jobs.filter(
        (job) => job.attempt.run === Number(run) && job.attempt.attempt === Number(attempt),
      );
      return { status: 200, body: { total_count: own.length, jobs: own.map((job) => this.#render(job)) } };
    }
    const [, jobId] = /^actions\/jobs\/(\d+)$/.exec(route) ?? [];
    const job = jobs.find(({ id }) => id === Number(jobId));
    if (job) return { status: 200, body: this.#render(job) };
    if (route === `actions/workflows/${WORKFLOW}/runs`) return this.#listRuns(jobs, query);
    return notFound();
  }

  #render({ id, attempt, job, startedAt, endsAt, result }: RunningJob): object {
    const time = (ms: number) => new Date(ms).toISOString();
    const hasBuilt = this.#now() >= endsAt;
    const build = {
      number: 2,
      name: 'Build',
      status: hasBuilt ? 'completed' : 'in_progress',
      conclusion: hasBuilt ? result : null,
      started_at: time(startedAt),
      completed_at: hasBuilt ? time(endsAt) : null,
    };
    return {
      id,
      run_id: attempt.run,
      run_attempt: attempt.attempt,
      name: job.name,
      status: 'in_progress',
      conclusion: null,
      runner_name: `runner-${id}`,
      steps: [build],
    };
  }

  /** The runs that have ended: those whose jobs all ended a while ago. */
  #listRuns(jobs: readonly RunningJob[], query: URLSearchParams): WorldAnswer {
    const branch = query.get('branch');
    const ids = new Set(jobs.map(({ attempt }) => attempt.run));
    const runs = [...ids].flatMap((id) => {
      const own = jobs.filter(({ attempt, job }) => attempt.run === id && job.branch === branch);
      if (!own.length || own.some(({ endsAt }) => endsAt + 1000 >= this.#now())) return [];
      const newest = Math.max(...own.map(({ attempt }) => attempt.attempt));
      const results = own.filter(({ attempt }) => attempt.attempt === newest).map(({ result }) => result);
      const conclusion = (['failure', 'cancelled', 'success'] as const).find((result) =>
        results.includes(result),
      );
      return [{ id, head_branch: branch, conclusion, head_repository: { full_name: REPOSITORY } }];
    });
    runs.sort((a, b) => b.id - a.id);
    return {
      status: 200,
      body: { total_count: runs.length, workflow_runs: query.get('page') === '1' ? runs : [] },
    };
  }
}

function notFound(): WorldAnswer {
  return { status: 404, body: { message: 'Not Found' } };
}
