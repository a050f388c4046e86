import type { Env } from '../base/env.ts';
import { asArray, asPositiveInteger, asRecord, asString, isRecord } from '../base/json.ts';

/** The run that failed, which for `workflow_run` is not the current run. Unknown texts are empty. */
export interface RunContext {
  /** `owner/name`. */
  readonly repository: string;
  readonly repositoryUrl: string;
  readonly run: Run | undefined;
  /** The file name or the ID of the run's workflow. */
  readonly workflow: string;
  readonly sha: string;
  readonly ref: string;
  readonly refType: 'branch' | 'tag';
  /** The pull request's number, if the event names one. */
  readonly pullRequestNumber: number | undefined;
  readonly actor: string;
  readonly eventName: string;
  readonly deploymentEnvironment: string;
  /** Name of this runner; empty when reporting on another run. */
  readonly runnerName: string;
  /** Set if only the job of this step is reported; otherwise all failed jobs of the run are. */
  readonly ownJob?: OwnJob;
}

export interface Run {
  readonly id: number;
  readonly attempt: number;
  /** Workflow name and run number. */
  readonly label: string;
  readonly url: string;
}

/** The job that this step belongs to. */
export interface OwnJob {
  /** The job's ID in the API; `undefined` on runners that don't know it. */
  readonly id: number | undefined;
  /** Whether it was cancelled; otherwise it has failed. */
  readonly isCancelled: boolean;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads what failed from the environment and the event's payload. Never throws: unknown or malformed values are empty.
 * Sources: https://docs.github.com/actions/reference/variables-reference and
 * https://docs.github.com/webhooks/webhook-events-and-payloads
 */
export function readRunContext(env: Env, payload: unknown): RunContext {
  const event = asRecord(payload);
  const defaults = readDefaults(env);
  const name = defaults.eventName;
  if (name === 'workflow_run') return fromWorkflowRun(defaults, asRecord(event.workflow_run));
  if (name === 'deployment' || name === 'deployment_status')
    return fromDeployment(defaults, asRecord(event.deployment));
  if (name === 'merge_group') return fromMergeGroup(defaults, asRecord(event.merge_group));
  if (isRecord(event.pull_request)) return fromPullRequest(defaults, event.pull_request);
  // A comment on a pull request arrives as a comment on an issue. Its run is on the default branch.
  const issue = asRecord(event.issue);
  if (!isRecord(issue.pull_request)) return defaults;
  return { ...defaults, pullRequestNumber: asPositiveInteger(issue.number) };
}

/** Like `readRunContext`, but about the job of this step, even if the event is about another run. Never throws. */
export function readOwnJobContext(env: Env, payload: unknown, ownJob: OwnJob): RunContext {
  const { run, runnerName, eventName } = readDefaults(env);
  return { ...readRunContext(env, payload), run, runnerName, eventName, ownJob };
}

/**
 * Whether GitHub withholds secrets from this run: a pull request from a fork, or a run started by Dependabot.
 * `pull_request_target` runs in the base repository and gets them.
 * Source: https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows
 */
export function areSecretsWithheld(env: Env, payload: unknown): boolean {
  if (env.GITHUB_ACTOR === 'dependabot[bot]') return true;
  const pullRequest = asRecord(asRecord(payload).pull_request);
  if (env.GITHUB_EVENT_NAME === 'pull_request_target') return false;
  const repositoryOf = (side: unknown) => asString(asRecord(asRecord(side).repo).full_name);
  return repositoryOf(pullRequest.head) !== repositoryOf(pullRequest.base); // Empty if the fork was deleted.
}

/**
 * Whether this run has our secrets but reports on a fork: a `workflow_run` of a fork, or `pull_request_target` before
 * the merge. Anyone can fork and call a branch `main`, so such a run could open or close the case of `main`.
 * Not `pull_request`: a fork that gets secrets there could edit the workflow too, so it is trusted already.
 * Source: https://docs.github.com/actions/reference/security/secure-use
 */
export function isForeignRun(env: Env, payload: unknown): boolean {
  const event = asRecord(payload);
  const ownName = asString(asRecord(event.repository).full_name) || (env.GITHUB_REPOSITORY ?? '');
  // GitHub always names the repository; it is null if the fork was deleted.
  const isForeign = (repository: unknown) =>
    repository !== undefined &&
    asString(asRecord(repository).full_name).toLowerCase() !== ownName.toLowerCase();
  const pullRequest = asRecord(event.pull_request);
  const isUnmergedTarget = env.GITHUB_EVENT_NAME === 'pull_request_target' && pullRequest.merged !== true;
  if (isUnmergedTarget && isForeign(asRecord(pullRequest.head).repo)) return true;
  // deployment_status has a workflow_run too, if a workflow created the deployment.
  return isForeign(asRecord(event.workflow_run).head_repository);
}

function readDefaults(env: Env): RunContext {
  const name = env.GITHUB_REPOSITORY ?? '';
  const repository = /^[\w.-]+\/[\w.-]+$/.test(name) ? name : '';
  const repositoryUrl = repository && `${serverUrl(env)}/${repository}`;
  return {
    repository,
    repositoryUrl,
    run: parseRun(repositoryUrl, {
      id: env.GITHUB_RUN_ID,
      run_attempt: env.GITHUB_RUN_ATTEMPT,
      name: env.GITHUB_WORKFLOW,
      run_number: env.GITHUB_RUN_NUMBER,
    }),
    // owner/repo/.github/workflows/deploy.yml@refs/heads/main
    workflow: /\/([^/@]+)@/.exec(env.GITHUB_WORKFLOW_REF ?? '')?.[1] ?? '',
    sha: parseSha(env.GITHUB_SHA),
    ref: env.GITHUB_REF_NAME ?? '',
    refType: env.GITHUB_REF_TYPE === 'tag' ? 'tag' : 'branch',
    pullRequestNumber: undefined,
    actor: env.GITHUB_ACTOR ?? '',
    eventName: env.GITHUB_EVENT_NAME ?? '',
    deploymentEnvironment: '',
    runnerName: env.RUNNER_NAME ?? '',
  };
}

function fromWorkflowRun(defaults: RunContext, workflowRun: Json): RunContext {
  const [pullRequest] = asArray(workflowRun.pull_requests);
  return {
    ...defaults,
    run: parseRun(defaults.repositoryUrl, workflowRun) ?? defaults.run,
    workflow: String(asPositiveInteger(workflowRun.workflow_id) ?? ''),
    sha: parseSha(workflowRun.head_sha) || defaults.sha,
    ref: asString(workflowRun.head_branch) || defaults.ref,
    refType: 'branch',
    pullRequestNumber: asPositiveInteger(asRecord(pullRequest).number),
    actor: asString(asRecord(workflowRun.actor).login) || defaults.actor,
    eventName: asString(workflowRun.event) || defaults.eventName,
    runnerName: '',
  };
}

function fromDeployment(defaults: RunContext, deployment: Json): RunContext {
  const ref = asString(deployment.ref);
  return {
    ...defaults,
    sha: parseSha(deployment.sha) || defaults.sha,
    // The ref of a deployment may be a commit, which is not a branch.
    ref: ref === asString(deployment.sha) ? '' : ref || defaults.ref,
    deploymentEnvironment: asString(deployment.environment),
  };
}

function fromMergeGroup(defaults: RunContext, group: Json): RunContext {
  const ref = asString(group.head_ref).replace(/^refs\/heads\//, '') || defaults.ref;
  return {
    ...defaults,
    sha: parseSha(group.head_sha) || defaults.sha,
    ref,
    // The branch is named gh-readonly-queue/<base>/pr-<number>-<commit>, and <base> may look like a pull request too.
    pullRequestNumber: asPositiveInteger(/\/pr-(\d+)-[^/]*$/.exec(ref)?.[1]),
  };
}

function fromPullRequest(defaults: RunContext, pullRequest: Json): RunContext {
  // GITHUB_SHA is a merge commit that nobody wrote; the head is what was pushed.
  const head = asRecord(pullRequest.head);
  return {
    ...defaults,
    sha: parseSha(head.sha) || defaults.sha,
    ref: asString(head.ref) || defaults.ref,
    refType: 'branch',
    pullRequestNumber: asPositiveInteger(pullRequest.number),
  };
}

function parseRun(repositoryUrl: string, raw: Json): Run | undefined {
  const id = asPositiveInteger(raw.id);
  if (!repositoryUrl || !id) return undefined;
  const attempt = asPositiveInteger(raw.run_attempt) ?? 1;
  const runNumber = asPositiveInteger(raw.run_number);
  const label = `${asString(raw.name) || 'Run'}${runNumber ? ` #${runNumber}` : ''}`;
  return { id, attempt, label, url: `${repositoryUrl}/actions/runs/${id}/attempts/${attempt}` };
}

/** The URL of the GitHub instance, without a trailing slash. */
function serverUrl(env: Env): string {
  return env.GITHUB_SERVER_URL?.replace(/\/+$/, '') || 'https://github.com';
}

function parseSha(value: unknown): string {
  return typeof value === 'string' && /^[0-9a-f]{40,64}$/.test(value) ? value : '';
}
