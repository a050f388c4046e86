import type { Env } from '../base/env.ts';
import { asArray, asPositiveInteger, asRecord, asString, isRecord, type JsonObject } from '../base/json.ts';
import { parseQueueBranch } from './branches.ts';
import { readServerUrl } from './client.ts';

/** The run that failed, which for `workflow_run` is not the current run. Unknown texts are empty. */
export interface RunContext {
  /** `owner/name`. */
  readonly repository: string;
  readonly repositoryUrl: string;
  readonly run: Run | undefined;
  /** What failed, if that is not `run`, which only reports it. */
  readonly reported: ReportedItem | undefined;
  readonly series: RunSeries;
  readonly sha: string;
  /** The first line of the commit's message, as somebody wrote it. */
  readonly commitSubject: string;
  readonly ref: string;
  /** Empty if the event doesn't say whether `ref` is a branch or a tag. */
  readonly refType: 'branch' | 'tag' | '';
  /** The pull request's number, if the event names one. */
  readonly pullRequestNumber: number | undefined;
  /** The pull request's title, as somebody wrote it. */
  readonly pullRequestTitle: string;
  readonly actor: string;
  readonly eventName: string;
  /** What started the run, as one word; only if a success of a run that was started differently proves nothing. */
  readonly trigger?: string;
  readonly deploymentEnvironment: string;
  /** Name of this runner; empty when reporting on another run. */
  readonly runnerName: string;
  /** The job that this step belongs to; `undefined` when reporting on another run. */
  readonly ownJob: OwnJob | undefined;
  /** Whether only the job of this step is reported; otherwise all failed jobs of the run are. */
  readonly isOnlyOwnJob: boolean;
  /** Whether this step is part of a composite action. */
  readonly isInCompositeAction: boolean;
}

/** The runs that follow each other, of which a failure is one: those of a workflow on a branch. */
export interface RunSeries {
  /** The file name or the ID of the workflow. */
  readonly workflow: string;
  /** Whether that file is in another repository, as for the required workflow of a ruleset. */
  readonly isWorkflowElsewhere: boolean;
  /** The branch or tag; for a merge queue, what the branches of its entries begin with. */
  readonly branch: string;
  /** Whether `branch` is certainly a tag: hardly any other run is on the same one. */
  readonly isTag: boolean;
  readonly isMergeQueue: boolean;
  /** The repository that the branch is in, `owner/name`: for a pull request, it may be a fork. */
  readonly headRepository: string;
}

export interface Run {
  readonly id: number;
  readonly attempt: number;
  /** Workflow name and run number. */
  readonly label: string;
  readonly url: string;
}

/** A check, the checks of an app, or a deployment. Texts are other people's; unknown ones are empty. */
export interface ReportedItem {
  readonly kind: 'check' | 'check-suite' | 'deployment';
  /** Of a deployment, that of the run that deployed. */
  readonly name: string;
  /** Its page on GitHub. */
  readonly url: string;
}

/** The job that this step belongs to. */
export interface OwnJob {
  /** The job's ID in the API; `undefined` on runners that don't know it. */
  readonly id: number | undefined;
  /** The job's result so far, such as `failure`; empty if it is unknown. */
  readonly status: string;
}

/** Reads which job this is from what the runner fills in. An ID that isn't one is `undefined`. */
export function parseOwnJob(checkRunId: string, status: string): OwnJob {
  return { id: asPositiveInteger(checkRunId.trim()), status: status.trim().toLowerCase() };
}

/**
 * Reads what failed from the environment and the event's payload. Never throws: unknown or malformed values are empty.
 * Sources: https://docs.github.com/actions/reference/variables-reference and
 * https://docs.github.com/webhooks/webhook-events-and-payloads
 */
export function readRunContext(env: Env, payload: unknown, ownJob = parseOwnJob('', '')): RunContext {
  const event = asRecord(payload);
  const defaults = { ...readDefaults(env), ownJob };
  const name = defaults.eventName;
  if (name === 'workflow_run') return fromWorkflowRun(defaults, event);
  if (name === 'deployment' || name === 'deployment_status')
    return fromDeployment(defaults, asRecord(event.deployment));
  if (name === 'check_run' || name === 'check_suite') return fromCheck(defaults, event, name);
  if (name === 'merge_group') return fromMergeGroup(defaults, asRecord(event.merge_group));
  if (isRecord(event.pull_request)) return fromPullRequest(defaults, event.pull_request);
  // A comment on a pull request arrives as a comment on an issue. Its run is on the default branch.
  const issue = asRecord(event.issue);
  if (!isRecord(issue.pull_request))
    return { ...defaults, commitSubject: readSubjectLine(event.head_commit) };
  const pullRequestTitle = asString(issue.title);
  return { ...defaults, pullRequestNumber: asPositiveInteger(issue.number), pullRequestTitle };
}

/** Reads what is known about the job of this step, even if the event is about another run. Never throws. */
export function readOwnJobContext(env: Env, payload: unknown, ownJob: OwnJob): RunContext {
  const defaults = readDefaults(env);
  const { run, runnerName, eventName } = defaults;
  const context = readRunContext(env, payload, ownJob);
  // That event is about a run of another workflow.
  const series = eventName === 'workflow_run' ? defaults.series : context.series;
  return { ...context, run, runnerName, eventName, series, ownJob, isOnlyOwnJob: true };
}

function readDefaults(env: Env): RunContext {
  const name = env.GITHUB_REPOSITORY ?? '';
  const repository = /^[\w.-]+\/[\w.-]+$/.test(name) ? name : '';
  const repositoryUrl = repository && `${readServerUrl(env)}/${repository}`;
  return {
    repository,
    repositoryUrl,
    run: parseRun(repositoryUrl, {
      id: env.GITHUB_RUN_ID,
      run_attempt: env.GITHUB_RUN_ATTEMPT,
      name: env.GITHUB_WORKFLOW,
      run_number: env.GITHUB_RUN_NUMBER,
    }),
    reported: undefined,
    series: readSeries(env, repository),
    sha: parseSha(env.GITHUB_SHA),
    commitSubject: '',
    ref: env.GITHUB_REF_NAME ?? '',
    refType: env.GITHUB_REF_TYPE === 'tag' ? 'tag' : 'branch',
    pullRequestNumber: undefined,
    pullRequestTitle: '',
    actor: env.GITHUB_ACTOR ?? '',
    eventName: env.GITHUB_EVENT_NAME ?? '',
    deploymentEnvironment: '',
    runnerName: env.RUNNER_NAME ?? '',
    ownJob: undefined,
    isOnlyOwnJob: false,
    // The runner sets this variable only there. Source: https://docs.github.com/actions/reference/variables-reference
    isInCompositeAction: Boolean(env.GITHUB_ACTION_PATH),
  };
}

function readSeries(env: Env, repository: string): RunSeries {
  const workflowRef = env.GITHUB_WORKFLOW_REF ?? '';
  const folder = `${(env.GITHUB_REPOSITORY ?? '').toLowerCase()}/`;
  return {
    // owner/repo/.github/workflows/deploy.yml@refs/heads/main
    workflow: /\/([^/@]+)@/.exec(workflowRef)?.[1] ?? '',
    isWorkflowElsewhere: workflowRef !== '' && !workflowRef.toLowerCase().startsWith(folder),
    branch: env.GITHUB_REF_NAME ?? '',
    isTag: env.GITHUB_REF_TYPE === 'tag',
    isMergeQueue: false,
    headRepository: repository,
  };
}

/** Events whose runs are always on a branch, or always on a tag. The event `workflow_run` doesn't say which it is. */
const TYPES_OF_REFS: ReadonlyMap<string, RunContext['refType']> = new Map([
  ['merge_group', 'branch'],
  ['pull_request', 'branch'],
  ['pull_request_target', 'branch'],
  ['release', 'tag'],
  ['schedule', 'branch'],
]);

function fromWorkflowRun(defaults: RunContext, event: JsonObject): RunContext {
  const workflowRun = asRecord(event.workflow_run);
  const ref = asString(workflowRun.head_branch) || defaults.ref;
  const refType = TYPES_OF_REFS.get(asString(workflowRun.event)) ?? '';
  const queueEntry = parseQueueBranch(ref);
  return {
    ...defaults,
    run: parseRun(defaults.repositoryUrl, workflowRun) ?? defaults.run,
    series: {
      workflow: String(asPositiveInteger(workflowRun.workflow_id) ?? ''),
      isWorkflowElsewhere: false, // An ID belongs to one workflow.
      branch: queueEntry?.queue ?? ref,
      isTag: refType === 'tag',
      isMergeQueue: queueEntry !== undefined,
      headRepository: readFullName(workflowRun.head_repository, defaults.repository),
    },
    sha: parseSha(workflowRun.head_sha) || defaults.sha,
    commitSubject: readSubjectLine(workflowRun.head_commit),
    ref,
    refType,
    pullRequestNumber: readPullRequestNumber(workflowRun, event) ?? queueEntry?.pullRequestNumber,
    actor: asString(asRecord(workflowRun.actor).login) || defaults.actor,
    eventName: asString(workflowRun.event) || defaults.eventName,
    runnerName: '',
    ownJob: undefined,
  };
}

function fromDeployment(defaults: RunContext, deployment: JsonObject): RunContext {
  const deployedRef = asString(deployment.ref);
  // The ref of a deployment may be a commit, which is not a branch.
  const ref = deployedRef === asString(deployment.sha) ? '' : deployedRef || defaults.ref;
  const refType = ref === defaults.ref ? defaults.refType : '';
  return {
    ...defaults,
    series: { ...defaults.series, branch: ref, isTag: refType === 'tag' },
    sha: parseSha(deployment.sha) || defaults.sha,
    ref,
    refType,
    deploymentEnvironment: asString(deployment.environment),
  };
}

/** A check suite, or a check run, which is part of one. */
function fromCheck(defaults: RunContext, event: JsonObject, kind: 'check_run' | 'check_suite'): RunContext {
  const check = asRecord(event[kind]);
  const ref = asString({ ...check, ...asRecord(check.check_suite) }.head_branch);
  return {
    ...defaults,
    sha: parseSha(check.head_sha) || defaults.sha,
    ref: ref || defaults.ref,
    refType: ref ? '' : defaults.refType,
    pullRequestNumber: readPullRequestNumber(check, event),
  };
}

function fromMergeGroup(defaults: RunContext, group: JsonObject): RunContext {
  const ref = asString(group.head_ref).replace(/^refs\/heads\//, '') || defaults.ref;
  const queueEntry = parseQueueBranch(ref);
  return {
    ...defaults,
    series: { ...defaults.series, branch: queueEntry?.queue ?? ref, isTag: false, isMergeQueue: true },
    sha: parseSha(group.head_sha) || defaults.sha,
    commitSubject: readSubjectLine(group.head_commit),
    ref,
    pullRequestNumber: queueEntry?.pullRequestNumber,
  };
}

function fromPullRequest(defaults: RunContext, pullRequest: JsonObject): RunContext {
  // GITHUB_SHA is a merge commit that nobody wrote; the head is what was pushed.
  const head = asRecord(pullRequest.head);
  const ref = asString(head.ref) || defaults.ref;
  const headRepository = readFullName(head.repo, defaults.repository);
  // GitHub doesn't document which branch and repository it lists such a run under.
  const isUnlisted = defaults.eventName === 'pull_request_target';
  return {
    ...defaults,
    series: {
      ...defaults.series,
      isTag: false,
      ...(isUnlisted ? { branch: '' } : { branch: ref, headRepository }),
    },
    sha: parseSha(head.sha) || defaults.sha,
    ref,
    refType: 'branch',
    pullRequestNumber: asPositiveInteger(pullRequest.number),
    pullRequestTitle: asString(pullRequest.title),
  };
}

/**
 * The pull request that a run or check belongs to. A branch may have pull requests in other repositories as well, such
 * as the one that this repository was forked from.
 */
function readPullRequestNumber(reported: JsonObject, event: JsonObject): number | undefined {
  const ownId = asRecord(event.repository).id;
  const isOwn = (pullRequest: unknown) => {
    const baseId = asRecord(asRecord(asRecord(pullRequest).base).repo).id;
    return baseId === undefined || ownId === undefined || baseId === ownId;
  };
  return asPositiveInteger(asRecord(asArray(reported.pull_requests).find(isOwn)).number);
}

/** The first line of a commit's message. */
function readSubjectLine(commit: unknown): string {
  return /^.*/.exec(asString(asRecord(commit).message).trimStart())?.[0] ?? '';
}

/** `owner/name` of a repository in a payload, which is `null` if it was deleted; `fallback` if it is missing. */
function readFullName(repository: unknown, fallback: string): string {
  return repository === undefined ? fallback : asString(asRecord(repository).full_name);
}

/** A run of the repository, as an event or the environment names it; `undefined` if its ID is unknown. */
export function parseRun(repositoryUrl: string, raw: JsonObject): Run | undefined {
  const id = asPositiveInteger(raw.id);
  if (!repositoryUrl || !id) return undefined;
  const attempt = asPositiveInteger(raw.run_attempt) ?? 1;
  const runNumber = asPositiveInteger(raw.run_number);
  const label = `${asString(raw.name) || 'Run'}${runNumber ? ` #${runNumber}` : ''}`;
  return { id, attempt, label, url: `${repositoryUrl}/actions/runs/${id}/attempts/${attempt}` };
}

/** The ID of a commit; empty if it isn't one. */
export function parseSha(value: unknown): string {
  return typeof value === 'string' && /^[0-9a-f]{40,64}$/.test(value) ? value : '';
}
