import { isRecord, listOf, numberOf, recordOf, textOf } from '../json.ts';

/** The step's environment, as far as it tells what the run is about. */
export type Env = Readonly<Record<string, string | undefined>>;

/** What a case is about: not the run that reports, but the one that failed. Texts that are not known are empty. */
export interface About {
  /** `owner/name`. */
  readonly repository: string;
  /** The repository's address. */
  readonly home: string;
  readonly run:
    | { readonly id: number; readonly attempt: number; readonly title: string; readonly url: string }
    | undefined;
  readonly sha: string;
  readonly ref: string;
  readonly refType: 'branch' | 'tag';
  /** The number of the pull request, where the event tells. */
  readonly pull: number | undefined;
  readonly actor: string;
  readonly event: string;
  /** Where a deployment went. */
  readonly environment: string;
  /** The name of the runner that this step runs on, where it is about its own run. */
  readonly runner: string;
}

/**
 * Reads from the event and the environment what failed. Pure, and never throws: what is missing or odd is left empty.
 * Sources: GitHub's documentation of the default variables and of each event's payload.
 */
export function about(env: Env, payload: unknown): About {
  const event = recordOf(payload);
  const name = env.GITHUB_EVENT_NAME ?? '';
  const repository = /^[\w.-]+\/[\w.-]+$/.test(env.GITHUB_REPOSITORY ?? '')
    ? (env.GITHUB_REPOSITORY ?? '')
    : '';
  const home = repository && `${serverOf(env)}/${repository}`;
  const base: About = {
    repository,
    home,
    run: runOf(home, env.GITHUB_RUN_ID, env.GITHUB_RUN_ATTEMPT, env.GITHUB_WORKFLOW, env.GITHUB_RUN_NUMBER),
    sha: shaOf(env.GITHUB_SHA),
    ref: env.GITHUB_REF_NAME ?? '',
    refType: env.GITHUB_REF_TYPE === 'tag' ? 'tag' : 'branch',
    pull: undefined,
    actor: env.GITHUB_ACTOR ?? '',
    event: name,
    environment: '',
    runner: env.RUNNER_NAME ?? '',
  };
  if (name === 'workflow_run') return aboutRun(base, recordOf(event.workflow_run));
  if (name === 'deployment' || name === 'deployment_status')
    return aboutDeployment(base, recordOf(event.deployment));
  if (name === 'merge_group') return aboutQueue(base, recordOf(event.merge_group));
  if (isRecord(event.pull_request)) return aboutPull(base, event.pull_request);
  // A comment on a pull request comes as one on an issue. Its run is at the default branch, as the base says.
  const issue = recordOf(event.issue);
  return isRecord(issue.pull_request) ? { ...base, pull: numberOf(issue.number) } : base;
}

/**
 * Whether GitHub passes no secrets to this run: a pull request from a fork, or anything that Dependabot set off.
 * Source: GitHub's documentation. `pull_request_target` runs in the base repository and does get them.
 */
export function secretsWithheld(env: Env, payload: unknown): boolean {
  if (env.GITHUB_ACTOR === 'dependabot[bot]') return true;
  const pull = recordOf(recordOf(payload).pull_request);
  if (env.GITHUB_EVENT_NAME === 'pull_request_target') return false;
  const repository = (end: unknown) => textOf(recordOf(recordOf(end).repo).full_name);
  return repository(pull.head) !== repository(pull.base); // Empty where the fork is gone.
}

function aboutRun(base: About, ended: Record<string, unknown>): About {
  const [pull] = listOf(ended.pull_requests);
  const run = runOf(base.home, ended.id, ended.run_attempt, ended.name, ended.run_number);
  return {
    ...base,
    run: run ?? base.run,
    sha: shaOf(ended.head_sha) || base.sha,
    ref: textOf(ended.head_branch) || base.ref,
    refType: 'branch',
    pull: numberOf(recordOf(pull).number),
    actor: textOf(recordOf(ended.actor).login) || base.actor,
    event: textOf(ended.event) || base.event,
    runner: '',
  };
}

function aboutDeployment(base: About, deployment: Record<string, unknown>): About {
  const ref = textOf(deployment.ref);
  return {
    ...base,
    sha: shaOf(deployment.sha) || base.sha,
    // A deployment may be of a bare commit, which is no branch.
    ref: ref === textOf(deployment.sha) ? '' : ref || base.ref,
    environment: textOf(deployment.environment),
  };
}

function aboutQueue(base: About, group: Record<string, unknown>): About {
  const ref = textOf(group.head_ref).replace(/^refs\/heads\//, '');
  // The queue's branches are named gh-readonly-queue/<base>/pr-<number>-<commit>.
  return {
    ...base,
    sha: shaOf(group.head_sha) || base.sha,
    ref: ref || base.ref,
    pull: numberOf(/\/pr-(\d+)-/.exec(ref)?.[1]),
  };
}

function aboutPull(base: About, pull: Record<string, unknown>): About {
  // GITHUB_SHA is a merge commit that nobody wrote; the head is what was pushed.
  const head = recordOf(pull.head);
  return {
    ...base,
    sha: shaOf(head.sha) || base.sha,
    ref: textOf(head.ref) || base.ref,
    refType: 'branch',
    pull: numberOf(pull.number),
  };
}

function runOf(
  home: string,
  id: unknown,
  attempt: unknown,
  workflow: unknown,
  number: unknown,
): About['run'] {
  const runId = numberOf(id);
  if (!home || !runId) return undefined;
  const nth = numberOf(attempt) ?? 1;
  const count = numberOf(number);
  const title = `${textOf(workflow) || 'Run'}${count ? ` #${count}` : ''}`;
  return { id: runId, attempt: nth, title, url: `${home}/actions/runs/${runId}/attempts/${nth}` };
}

/** The address of the GitHub that the run is on, without a trailing slash. */
function serverOf(env: Env): string {
  return env.GITHUB_SERVER_URL?.replace(/\/+$/, '') || 'https://github.com';
}

function shaOf(value: unknown): string {
  return typeof value === 'string' && /^[0-9a-f]{40,64}$/.test(value) ? value : '';
}
