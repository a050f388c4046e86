import type { Env } from '../base/env.ts';
import { asRecord, asString, isRecord, sortKeys } from '../base/json.ts';
import { parseQueueBranch, readQueueBranch, readReportedBranch } from './branches.ts';
import { readServerHost } from './client.ts';

/** What distinguishes a watched job from all other jobs, and is the same in each of its runs. Unknown texts are empty. */
export interface WatchedJob {
  /** The host of the GitHub instance. */
  readonly server: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly workflowName: string;
  /**
   * The file of the workflow that runs, such as `owner/name/.github/workflows/deploy.yml`, with the repository in small
   * letters.
   */
  readonly workflowFile: string;
  /** The file of the reusable workflow that defines the job; empty if the job is in `workflowFile`. */
  readonly calledWorkflowFile: string;
  /** The job's ID in its workflow file. */
  readonly jobId: string;
  /** The job's matrix values; `undefined` if it has none. */
  readonly matrix: unknown;
  readonly refType: 'branch' | 'tag';
  /** The branch or tag. The head branch of a pull request, after `owner/name:` if it comes from a fork. */
  readonly ref: string;
  /** The environment that the event deploys to. */
  readonly deploymentEnvironment: string;
}

/**
 * Reads which job this is. `matrix` is the matrix context as JSON, `workflowRef` the workflow file that defines the
 * job. Never throws. Source: https://docs.github.com/actions/reference/workflows-and-actions/contexts
 */
export function readWatchedJob(
  env: Env,
  payload: unknown,
  { matrix, workflowRef }: { readonly matrix: string; readonly workflowRef: string },
): WatchedJob {
  const event = asRecord(payload);
  const workflowName = env.GITHUB_WORKFLOW ?? '';
  const workflowFile = parseWorkflowRef(env.GITHUB_WORKFLOW_REF) || workflowName;
  const definingFile = parseWorkflowRef(workflowRef);
  return {
    server: readServerHost(env),
    repository: env.GITHUB_REPOSITORY ?? '',
    workflowName,
    workflowFile,
    calledWorkflowFile: definingFile === workflowFile ? '' : definingFile,
    jobId: env.GITHUB_JOB ?? '',
    matrix: parseMatrix(matrix),
    refType: env.GITHUB_REF_TYPE === 'tag' ? 'tag' : 'branch',
    ref: readReportedBranch(event) || readQueueBranch(event) || readRefName(env),
    deploymentEnvironment: asString(asRecord(event.deployment).environment),
  };
}

/** The branch or tag; of an entry of a merge queue, what the branches of all entries begin with. */
function readRefName({ GITHUB_REF_NAME: name = '' }: Env): string {
  return parseQueueBranch(name)?.queue ?? name;
}

/**
 * The default `dedup_key` of a watched job: differs between jobs, matrix values and branches, and never between runs.
 * Calls of the same reusable workflow from one workflow can't be told apart: the runner doesn't say which one this is.
 */
export function deriveDedupKey(job: WatchedJob): string {
  const parts = [
    'watch',
    job.server,
    job.repository.toLowerCase(),
    job.workflowFile,
    job.calledWorkflowFile,
    job.jobId,
    sortKeys(job.matrix ?? null),
    job.refType,
    job.ref,
    job.deploymentEnvironment,
  ];
  return JSON.stringify(parts).normalize('NFC'); // A reference has one form only if its key is normalized.
}

/**
 * The default source of a report: differs between jobs and matrix values, but not between branches, which are compared
 * with the default branch first.
 */
export function deriveSource(job: WatchedJob): string {
  const { server, repository, workflowFile, calledWorkflowFile, jobId, matrix } = job;
  const parts = [
    server,
    repository.toLowerCase(),
    workflowFile,
    calledWorkflowFile,
    jobId,
    sortKeys(matrix ?? null),
  ];
  return JSON.stringify(parts).normalize('NFC');
}

/** The file of a workflow, with its `owner/name` in small letters: letter case doesn't matter to GitHub there. */
function parseWorkflowRef(workflowRef: string | undefined): string {
  return parseWorkflowFile(workflowRef).replace(/^[^/]+\/[^/]+\//, (repository) => repository.toLowerCase());
}

/** `owner/name/.github/workflows/deploy.yml@refs/heads/main` without the ref, which may contain `@` as well. */
export function parseWorkflowFile(workflowRef: string | undefined): string {
  return /^(.+?\.ya?ml)(?:@|$)/i.exec(workflowRef ?? '')?.[1] ?? '';
}

/** A job without a matrix has `null` or an empty object. Text that isn't JSON is a value of its own. */
function parseMatrix(text: string): unknown {
  try {
    const matrix: unknown = JSON.parse(text);
    return matrix === null || (isRecord(matrix) && !Object.keys(matrix).length) ? undefined : matrix;
  } catch {
    return text || undefined;
  }
}
