import { API_KEY, APP_KEY, ASSIGNEE, PROJECT } from '../case-store.ts';
import { REPOSITORY, TOKEN } from '../github.ts';
import type { Job, JobEvent } from '../history.ts';
import { type Attempt, newRecord } from '../record.ts';
import type { StepSetup } from '../step.ts';
import { groupingOf, type SyncEvent, type SyncJob } from './history.ts';
import type { SyncStep } from './record.ts';
import { filesInput } from './reports.ts';

interface NewSyncStep {
  readonly number: number;
  readonly job: SyncJob;
  readonly event: SyncEvent;
  readonly attempt: Attempt;
  readonly entries: SyncStep['sync']['entries'];
  readonly last: SyncStep['sync']['last'];
  readonly startsAt: number;
}

/** A step before it starts. What only steps of other actions have is as usual. */
export function newStep({ number, job, event, attempt, entries, last, startsAt }: NewSyncStep): SyncStep {
  const { wait, lasts, faults, stop, skew, isDryRun, salt } = event;
  const record = newRecord({
    number,
    job: { ...OTHER_JOB, branch: job.branch, timeoutSeconds: job.timeoutSeconds },
    event: { ...OTHER_EVENT, wait, lasts, faults, stop, skew, isDryRun, salt },
    attempt,
    key: job.source,
    stage: 'main',
    isFinal: last !== undefined,
    startedAt: startsAt,
  });
  return { ...record, sync: { job, event, entries, last } };
}

const OTHER_JOB: Omit<Job, 'branch' | 'timeoutSeconds'> = {
  action: 'main',
  name: 'scan',
  dedupKey: '',
  matrix: 'null',
  server: 'https://github.com',
  reopenHours: 0,
  afterFailures: 1,
  onExisting: 'comment',
  isWordy: false,
  leak: 'nowhere',
  isDetailed: false,
};
const OTHER_EVENT: Pick<JobEvent, 'kind' | 'job' | 'run' | 'result' | 'isRespelled' | 'atEnd'> = {
  kind: 'job',
  job: 0,
  run: 'new',
  result: 'failure',
  isRespelled: false,
  atEnd: 'same',
};

/** What the runner gives a step. */
export function prepareSyncStep({ sync, attempt }: SyncStep, workspace: string): StepSetup {
  const { job, event } = sync;
  const variables = Object.entries(toInputs(job, event)).map(([name, value]) => [
    `INPUT_${name.toUpperCase()}`,
    value,
  ]);
  const ref = event.on === 'tag' ? { NAME: 'v1', TYPE: 'tag' } : { NAME: job.branch, TYPE: 'branch' };
  return {
    env: {
      ...Object.fromEntries(variables),
      GITHUB_WORKSPACE: workspace,
      GITHUB_SERVER_URL: attempt.server,
      GITHUB_API_URL: 'https://api.github.com',
      GITHUB_REPOSITORY: REPOSITORY,
      GITHUB_RUN_ID: String(attempt.run),
      GITHUB_RUN_ATTEMPT: String(attempt.attempt),
      GITHUB_RUN_NUMBER: String(attempt.run - 1000),
      GITHUB_WORKFLOW: 'Scan',
      GITHUB_WORKFLOW_REF: `${REPOSITORY}/.github/workflows/scan.yml@refs/heads/${job.branch}`,
      GITHUB_JOB: 'scan',
      GITHUB_REF_NAME: ref.NAME,
      GITHUB_REF_TYPE: ref.TYPE,
      GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
      GITHUB_EVENT_NAME: event.on === 'pull request' ? 'pull_request' : 'push',
      GITHUB_ACTION_REPOSITORY: 'acme/action',
      GITHUB_ACTION_REF: 'v1',
    },
    event: {
      repository: {
        full_name: REPOSITORY,
        ...(event.isDefaultKnown && { default_branch: 'main' }),
      },
      ...(event.on === 'pull request' && {
        pull_request: { number: 7, head: { repo: { full_name: REPOSITORY } } },
      }),
    },
    saveState: () => undefined,
  };
}

function toInputs(job: SyncJob, { isDryRun }: SyncEvent): Record<string, string> {
  return {
    project: PROJECT.id,
    files: filesInput(job),
    group_by: groupingOf(job),
    source: job.source,
    min_severity: job.minSeverity,
    max_new: String(job.maxNew),
    max_closed: String(job.maxClosed),
    close: String(job.close),
    on_closed: job.onClosed,
    branches: job.isBranchNamed ? 'default\ntopic' : 'default',
    timeout: String(job.timeoutSeconds),
    ...(job.isDetailed && { assignee: ASSIGNEE, attributes: 'env: prod' }),
    github_token: TOKEN,
    api_key: API_KEY,
    app_key: APP_KEY,
    dry_run: String(isDryRun),
    fail_on_error: 'true',
  };
}
