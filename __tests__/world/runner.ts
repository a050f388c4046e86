import { API_KEY, APP_KEY, ASSIGNEE, PROJECT } from './case-store.ts';
import { REPOSITORY, TOKEN, WORKFLOW } from './github.ts';
import type { History, Job } from './history.ts';
import type { RunningJob, StepRecord } from './record.ts';
import type { StepSetup } from './step.ts';

const LONG_TEXT = 'The deployment of the shop did not finish. '.repeat(40);

/** What a job belongs to, in the eyes of its author. Jobs with the same one share a case. */
export function keyOf(job: Job): string {
  if (job.dedupKey) return `the key ${dedupKey(job)}`;
  const { server, name, matrix, branch } = job;
  const what = job.action === 'needs' ? 'what is reported by job' : 'the job';
  return `${what} ${name} ${matrix === 'null' ? '' : `${matrix} `}on ${branch} of ${server}`;
}

function dedupKey({ dedupKey: text, leak }: Job): string {
  return text && leak === 'key' ? `${text} ${'-'.repeat(50)} ${API_KEY}` : text;
}

/** What the runner gives a step: the inputs as they are evaluated now, and the environment. */
export function prepareStep(
  record: StepRecord,
  running: RunningJob,
  { project, state }: { readonly project: History['project']; readonly state: Record<string, string> },
): StepSetup {
  const inputs = record.stage === 'main' ? mainInputs(record, running) : watchInputs(record, running);
  const all = { ...sharedInputs(record, project), ...inputs };
  const evaluated = record.stage === 'end' ? evaluateAgain(record, all) : all;
  const variables = Object.entries(evaluated).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  const saved =
    record.stage === 'end' ? Object.entries(state).map(([name, value]) => [`STATE_${name}`, value]) : [];
  return {
    env: {
      ...Object.fromEntries(variables),
      ...Object.fromEntries(saved),
      ...githubEnv(record, running),
      // A later step of the job may have set it.
      ...(record.stage === 'end' && record.event.atEnd === 'other' && { DD_SITE: 'datadoghq.eu' }),
    },
    event: { repository: { full_name: REPOSITORY } },
    saveState: (name, value) => {
      state[name] = value;
    },
  };
}

function sharedInputs({ job, event }: StepRecord, project: History['project']): Record<string, string> {
  const spellings = { id: PROJECT.id, key: PROJECT.key, name: PROJECT.name };
  const other = { id: 'key', key: 'name', name: 'id' } as const;
  const leak = job.leak === 'texts' ? ` ${APP_KEY}` : '';
  return {
    project: spellings[event.isRespelled ? other[project] : project],
    description: `${job.isWordy ? LONG_TEXT : 'Please look at the log.'}${leak}`,
    dedup_key: dedupKey(job),
    reopen_within: String(job.reopenHours),
    after_failures: String(job.afterFailures),
    on_existing: job.onExisting,
    timeout: String(job.timeoutSeconds),
    ...(job.isDetailed && { assignee: ASSIGNEE, status_name: 'Open', attributes: 'env: prod' }),
    github_token: TOKEN,
    api_key: API_KEY,
    app_key: APP_KEY,
    dry_run: String(event.isDryRun),
    fail_on_error: 'true',
  };
}

function mainInputs({ job, event }: StepRecord, running: RunningJob): Record<string, string> {
  const isFailure = event.result === 'failure';
  const leak = job.leak === 'texts' ? ` with ${APP_KEY}` : '';
  if (job.action === 'auto' || job.action === 'needs')
    return {
      mode: 'auto',
      result: job.action === 'auto' ? 'job' : JSON.stringify(['success', event.result, 'skipped']),
      job_status: job.action === 'auto' ? event.result : 'success',
      check_run_id: String(running.id),
      matrix: job.matrix,
    };
  return isFailure
    ? { mode: 'open', title: `Job ${job.name} failed${leak}` }
    : { mode: 'close', status_name: '' };
}

function watchInputs({ job, event, stage }: StepRecord, running: RunningJob): Record<string, string> {
  return {
    job_status: stage === 'start' ? 'success' : event.result,
    check_run_id: String(running.id),
    matrix: job.matrix,
    workflow_ref: '',
  };
}

/** In a composite action within another one, inputs are evaluated wrongly at the end of the job. */
function evaluateAgain({ event }: StepRecord, inputs: Record<string, string>): Record<string, string> {
  if (event.atEnd === 'empty')
    return { ...inputs, project: '', dedup_key: '', description: '', api_key: '', app_key: '' };
  if (event.atEnd === 'other')
    return {
      ...inputs,
      api_url: 'https://gateway.other.example',
      project: 'PAY',
      dedup_key: 'something else',
    };
  return inputs;
}

function githubEnv({ attempt, job }: StepRecord, running: RunningJob): Record<string, string> {
  return {
    GITHUB_SERVER_URL: attempt.server,
    GITHUB_API_URL:
      attempt.server === 'https://github.com' ? 'https://api.github.com' : `${attempt.server}/api/v3`,
    GITHUB_REPOSITORY: REPOSITORY,
    GITHUB_RUN_ID: String(attempt.run),
    GITHUB_RUN_ATTEMPT: String(attempt.attempt),
    GITHUB_RUN_NUMBER: String(attempt.run - 1000),
    GITHUB_WORKFLOW: 'Deploy',
    GITHUB_WORKFLOW_REF: `${REPOSITORY}/.github/workflows/${WORKFLOW}@refs/heads/${job.branch}`,
    GITHUB_JOB: job.name,
    GITHUB_REF_NAME: job.branch,
    GITHUB_REF_TYPE: 'branch',
    GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
    GITHUB_EVENT_NAME: 'push',
    GITHUB_ACTOR: 'octocat',
    GITHUB_ACTION_REPOSITORY: 'acme/action',
    GITHUB_ACTION_REF: 'v1',
    RUNNER_NAME: `runner-${running.id}`,
  };
}
