import type { Env } from '../base/env.ts';
import { asArray, asRecord, asString, type JsonObject } from '../base/json.ts';

const DEPENDABOT = 'dependabot[bot]';

/**
 * Events on which GitHub withholds secrets from Dependabot. On all others, such as `schedule`, its runs get them.
 * Source: https://docs.github.com/code-security/dependabot/troubleshooting-dependabot/troubleshooting-dependabot-on-github-actions
 */
const EVENTS_WITHOUT_DEPENDABOT_SECRETS: readonly string[] = [
  'create',
  'deployment',
  'deployment_status',
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
  'push',
];

/**
 * Whether GitHub withholds secrets from this run: a pull request from a fork, or a run that Dependabot started.
 * `pull_request_target` runs in the base repository and gets them, also for forks.
 * Source: https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows
 */
export function areSecretsWithheld(env: Env, payload: unknown): boolean {
  const pullRequest = asRecord(asRecord(payload).pull_request);
  if (isWithheldFromDependabot(env, pullRequest)) return true;
  if (env.GITHUB_EVENT_NAME === 'pull_request_target') return false;
  const repositoryOf = (side: unknown) => asString(asRecord(asRecord(side).repo).full_name);
  return repositoryOf(pullRequest.head) !== repositoryOf(pullRequest.base); // Empty if the fork was deleted.
}

/** On `pull_request_target`, GitHub withholds them only if the pull request is Dependabot's own. */
function isWithheldFromDependabot(
  { GITHUB_ACTOR: actor, GITHUB_EVENT_NAME: eventName = '' }: Env,
  pullRequest: JsonObject,
): boolean {
  if (actor !== DEPENDABOT) return false;
  if (eventName === 'pull_request_target') return asRecord(pullRequest.user).login === DEPENDABOT;
  return EVENTS_WITHOUT_DEPENDABOT_SECRETS.includes(eventName);
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
  const workflowRun = asRecord(event.workflow_run);
  if (isForeign(workflowRun.head_repository)) return true;
  // Such a run belongs to the base repository, whoever wrote the pull request. GitHub lists no pull requests of forks.
  return workflowRun.event === 'pull_request_target' && !asArray(workflowRun.pull_requests).length;
}

/** Whether the event of this run can be about a fork while the run has our secrets; only its payload says so. */
export function mayBeForeign({ GITHUB_EVENT_NAME: name = '' }: Env): boolean {
  return name === 'pull_request_target' || name === 'workflow_run';
}
