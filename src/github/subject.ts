import type { Env } from '../base/env.ts';
import { asPositiveInteger, asRecord, asString, type JsonObject } from '../base/json.ts';
import { readReportedBranch } from './branches.ts';
import { readServerHost } from './client.ts';
import { deriveDedupKey, parseWorkflowFile, type WatchedJob } from './watched-job.ts';

/**
 * What an event reports. Texts are other people's; unknown ones are empty. `result` is GitHub's word for how it ended,
 * and `undefined` if it hasn't ended, or if it may belong to a fork.
 */
export type Subject =
  /** The event reports nothing else: this step is about its own job, whose result the runner knows. */
  | { readonly kind: 'job'; readonly job: WatchedJob }
  | (Reported & {
      readonly kind: 'workflow_run';
      /** The path of the workflow's file, or else what identifies the workflow. */
      readonly workflowFile: string;
      readonly workflowName: string;
      /** The branch, after `owner/name:` if it is in a fork. */
      readonly branch: string;
    })
  | (Reported & {
      readonly kind: 'deployment_status';
      readonly environment: string;
      readonly ref: string;
      readonly isProduction: boolean;
    })
  | (Reported & {
      readonly kind: 'check_run' | 'check_suite';
      /** The slug of the app that checks. */
      readonly app: string;
      /** Empty for a check suite. */
      readonly checkName: string;
      readonly branch: string;
    });

interface Reported {
  /** The host of the GitHub instance. */
  readonly server: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly result: string | undefined;
}

/**
 * Reads what the event is about. `job` is the job of this step, which most events are about. Never throws.
 * Source: https://docs.github.com/webhooks/webhook-events-and-payloads
 */
export function readSubject(env: Env, payload: unknown, job: WatchedJob): Subject {
  const event = asRecord(payload);
  const place = { server: readServerHost(env), repository: env.GITHUB_REPOSITORY ?? '' };
  switch (env.GITHUB_EVENT_NAME) {
    case 'workflow_run':
      return { ...place, ...readWorkflowRun(event) };
    case 'deployment_status':
      return { ...place, ...readDeploymentStatus(event) };
    case 'check_run':
    case 'check_suite':
      return { ...place, ...readCheck(env.GITHUB_EVENT_NAME, event) };
    default:
      return { kind: 'job', job };
  }
}

/**
 * The default `dedup_key` of what is reported: the same in each of its runs. A production environment has one case,
 * whatever is deployed to it; of any other, each branch or tag has its own.
 */
export function deriveSubjectKey(subject: Subject): string {
  if (subject.kind === 'job') return deriveDedupKey(subject.job);
  const { kind, server, repository } = subject;
  const parts = [kind, server, repository.toLowerCase(), ...listDistinctions(subject)];
  return JSON.stringify(parts).normalize('NFC'); // A reference has one form only if its key is normalized.
}

function listDistinctions(subject: Exclude<Subject, { kind: 'job' }>): (string | null)[] {
  switch (subject.kind) {
    case 'workflow_run':
      return [subject.workflowFile, subject.branch];
    case 'deployment_status':
      return [subject.environment, subject.isProduction ? null : subject.ref];
    case 'check_run':
      return [subject.app, subject.checkName, subject.branch];
    case 'check_suite':
      return [subject.app, subject.branch];
  }
}

function readWorkflowRun(event: JsonObject) {
  const run = asRecord(event.workflow_run);
  const path = asString(run.path) || asString(asRecord(event.workflow).path);
  const workflowName = asString(run.name) || asString(asRecord(event.workflow).name);
  // Workflows that GitHub itself provides have no file.
  const identity = path.replace(/@.*$/s, '') || String(asPositiveInteger(run.workflow_id) ?? workflowName);
  return {
    kind: 'workflow_run',
    workflowFile: parseWorkflowFile(path) || identity,
    workflowName,
    branch: readReportedBranch(event),
    result: event.action === 'completed' ? asString(run.conclusion) : undefined,
  } as const;
}

function readDeploymentStatus(event: JsonObject) {
  const deployment = asRecord(event.deployment);
  const status = asRecord(event.deployment_status);
  return {
    kind: 'deployment_status',
    environment: asString(status.environment) || asString(deployment.environment),
    ref: asString(deployment.ref),
    isProduction: deployment.production_environment === true,
    result: asString(status.state),
  } as const;
}

function readCheck(kind: 'check_run' | 'check_suite', event: JsonObject) {
  const check = asRecord(event[kind]);
  const suite = kind === 'check_run' ? asRecord(check.check_suite) : check;
  const branch = asString(suite.head_branch);
  return {
    kind,
    app: asString(asRecord(check.app).slug) || asString(asRecord(suite.app).slug),
    checkName: kind === 'check_run' ? asString(check.name) : '',
    branch,
    // Without a branch, the commit is in a fork: https://docs.github.com/rest/checks/suites
    result: event.action === 'completed' && branch ? asString(check.conclusion) : undefined,
  } as const;
}
