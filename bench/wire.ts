import { ACTIVE_USER, PROJECT } from '../__tests__/support/fake-datadog/catalog.ts';
import { FakeGitHub } from '../__tests__/support/fake-github.ts';
import { DelayingRelay } from './delaying-relay.ts';
import { actionEnv, datadog, type Env, github, reset, scriptEnv, seedCase } from './environment.ts';
import { measureTime, median, type NamedSubject, renderTable } from './measure.ts';
import { compareRatio, formatRatio, type Measurements, measureTimes, ratio } from './rounds.ts';
import { action, script, watchEnv, watchStage } from './subjects.ts';

const ROUND_TRIP_MS = 60;
/** The variables that address both services at the other end of the wire. */
interface Wire {
  readonly datadogUrl: string;
  readonly githubUrl: string;
}

/** Compares steps at the other end of a wire, where people wait for round trips rather than for the processor. */
export async function renderWire(rounds: number): Promise<string> {
  const relays = await Promise.all(
    [datadog, github].map(({ url }) => DelayingRelay.start(Number(new URL(url).port), ROUND_TRIP_MS)),
  );
  const [datadogUrl = '', githubUrl = ''] = relays.map(({ port }) => `https://127.0.0.1:${port}`);
  try {
    const subjects = await listSubjects({ datadogUrl, githubUrl });
    const times = await measureTimes(Object.values(subjects), rounds);
    return `A round trip of ${ROUND_TRIP_MS} ms to Datadog and to GitHub, which are two hosts; TLS 1.3; opening a connection takes two round trips. Medians of ${rounds} rounds.\n\n${renderSubjects(subjects, times)}\n\n${renderTargets(subjects, times)}`;
  } finally {
    await Promise.all(relays.map((relay) => relay.stop()));
  }
}

type Subjects = Awaited<ReturnType<typeof listSubjects>>;

async function listSubjects({ datadogUrl, githubUrl }: Wire) {
  const peerEnv = { ...scriptEnv, BENCH_URL: datadogUrl };
  const onGitHub = { GITHUB_API_URL: githubUrl };
  const open = (inputs: Env = {}, env: Env = {}) => actionEnv({ api_url: datadogUrl, ...inputs }, env);
  const keyed = open({ project: PROJECT.key, dedup_key: 'k' });
  const watch = (status: 'success' | 'failure') =>
    watchEnv(status, {
      inputs: { api_url: datadogUrl, check_run_id: '70' },
      env: onGitHub,
    });
  const watchSubjects = {
    watchOpens: watchStage('`watch`, post stage: opens a case', 'watch-end.js', watch('failure'), resetJobs),
    watchNothing: watchStage(
      '`watch`, post stage: nothing is open',
      'watch-end.js',
      watch('success'),
      resetJobs,
    ),
  };
  const seedWatchedCase = await prepareWatchedCase(watchSubjects.watchOpens);
  const node = (file: string) => [process.execPath, `bench/scripts/${file}`];
  return {
    post: script('a bare `https` POST', node('minimal-post.cjs'), peerEnv),
    fetch: script('a five-line script with Node’s `fetch`', node('fetch.js'), peerEnv),
    ids: action('the action: create from IDs', open()),
    failedJobs: action(
      'the action: create from IDs, failed jobs listed first',
      open({ github_token: FakeGitHub.token }, github.env(onGitHub)),
      resetJobs,
    ),
    names: action(
      'the action: create from three names',
      open({ project: PROJECT.key, type_id: 'Deployment failure', assignee: ACTIVE_USER.email }),
    ),
    peer: script('a script people write: look up, search, create', node('search-and-create.js'), peerEnv),
    comments: action('the action: name, `dedup_key`, the case is open (comments)', keyed, () => {
      reset();
      seedCase('k');
    }),
    creates: action('the action: name, `dedup_key`, creates', keyed),
    ...watchSubjects,
    watchCloses: watchStage(
      '`watch`, post stage: closes its case',
      'watch-end.js',
      watch('success'),
      seedWatchedCase,
    ),
  } satisfies Record<string, NamedSubject>;
}

function resetJobs(): void {
  reset();
  const steps = [{ number: 3, name: 'Run ./deploy.sh', conclusion: 'failure' }];
  github.jobs = [{ id: 70, name: 'deploy', status: 'in_progress', conclusion: null, steps }];
}

/** Opens a case in an earlier run of the watched job. Returns what stores that case again. */
async function prepareWatchedCase(opens: NamedSubject): Promise<() => void> {
  await measureTime({ ...opens, env: { ...opens.env, GITHUB_RUN_ID: '41' } });
  const description = datadog.lastDescription;
  return () => {
    resetJobs();
    datadog.seed({ description });
  };
}

function renderSubjects(subjects: Subjects, times: Measurements): string {
  const rows = Object.values(subjects).map((subject: NamedSubject) => [
    subject.name,
    median(times.get(subject) ?? []).toFixed(0),
    formatRatio(times, subject, subjects.post),
    formatRatio(times, subject, subjects.peer),
  ]);
  return renderTable(['step', 'median ms', 'bare POST', 'script people write'], rows);
}

function renderTargets(
  { post, peer, ids, failedJobs, creates, comments }: Subjects,
  times: Measurements,
): string {
  return renderTable(
    ['measure', 'result', 'target', 'met'],
    [
      compareRatio('create from IDs, against the bare POST', ratio(times, ids, post), 1.2),
      compareRatio(
        'create from IDs, failed jobs listed first, against the bare POST',
        ratio(times, failedJobs, post),
        1.5,
      ),
      compareRatio('name, `dedup_key`, creates, against the script', ratio(times, creates, peer), 1.5),
      compareRatio('name, `dedup_key`, comments, against the script', ratio(times, comments, peer), 1),
    ],
  );
}
