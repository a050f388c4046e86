import { sharedWords } from '../../src/datadog/reference.ts';
import { PROJECT } from './fake-datadog/catalog.ts';
import type { FakeDatadog } from './fake-datadog.ts';
import { FakeGitHub } from './fake-github.ts';
import { runStep, type StepOptions, type TestClock, type TestCore, validInputs } from './run-step.ts';
import { useFakes } from './use-fakes.ts';

export interface AutoStepOptions extends StepOptions {
  readonly datadog: FakeDatadog;
  readonly github: FakeGitHub;
  readonly clock: TestClock;
}

/** Runs a step with `mode: auto` and neither a title nor a key, in a job that goes well so far. */
export function runAutoStep({ datadog, github, ...options }: AutoStepOptions): Promise<TestCore> {
  const { title: _, ...inputs } = validInputs(datadog);
  return runStep({
    ...options,
    inputs: {
      ...inputs,
      mode: 'auto',
      github_token: FakeGitHub.token,
      job_status: 'success',
      check_run_id: '70',
      matrix: 'null',
      ...options.inputs,
    },
    env: github.env(options.env),
  });
}

/** Runs steps with `mode: auto` against fakes of their own for each test. */
export function useAutoSteps() {
  const { datadog, github, clock } = useFakes();
  /** Runs a step in a new run, whose job goes well so far. */
  const auto = (inputs: Record<string, string> = {}, options: Partial<StepOptions> = {}) => {
    github.runId += 1;
    return runAutoStep({ datadog, github, clock, inputs, ...options });
  };
  /** The same in a job that has failed. */
  const fail = (inputs: Record<string, string> = {}, options: Partial<StepOptions> = {}) =>
    auto({ job_status: 'failure', ...inputs }, options);
  /** The same after the run of another workflow. */
  const onWorkflowRun = (
    run: Record<string, unknown>,
    { action, inputs }: { readonly action?: string; readonly inputs?: Record<string, string> } = {},
  ) => auto(inputs, { env: { GITHUB_EVENT_NAME: 'workflow_run' }, event: workflowRun(run, action) });
  return { datadog, github, clock, auto, fail, onWorkflowRun };
}

/** An event that is about something, with the key and the title that it leads to. */
export interface ReportedEvent {
  readonly name: string;
  /** The payload, if what is reported ended with `result`. `id` grows from one to the next. */
  readonly payload: (result: unknown, id: number) => unknown;
  /** What the key is made of. */
  readonly key: readonly unknown[];
  readonly title: string;
}

const REPOSITORY = { full_name: FakeGitHub.repository };
const OWN_KEY = [
  'watch',
  'github.example',
  'acme/shop',
  'acme/shop/.github/workflows/deploy.yml',
  '',
  'deploy',
  null,
  'branch',
  'main',
  '',
];

/** The payload of `workflow_run`. */
export function workflowRun(run: Readonly<Record<string, unknown>>, action = 'completed'): unknown {
  return {
    action,
    repository: REPOSITORY,
    workflow_run: {
      id: 99,
      run_attempt: 1,
      run_number: 3,
      name: 'Test',
      path: '.github/workflows/test.yml',
      workflow_id: 77,
      event: 'push',
      head_branch: 'main',
      head_repository: REPOSITORY,
      ...run,
    },
  };
}

/** The payload of `deployment_status`. */
export function deploymentStatus(
  state: unknown,
  deployment: Readonly<Record<string, unknown>> = {},
): unknown {
  return {
    action: 'created',
    repository: REPOSITORY,
    deployment: { environment: 'staging', ref: 'main', production_environment: false, ...deployment },
    deployment_status: { state },
  };
}

/** Events that are about the job of the step. */
export const OWN_EVENTS: readonly ReportedEvent[] = ['push', 'schedule', 'workflow_dispatch'].map((name) => ({
  name,
  payload: () => ({ repository: REPOSITORY }),
  key: OWN_KEY,
  title: 'Deploy / deploy failed on main',
}));

/** Events that are about something else. */
export const OTHER_EVENTS: readonly ReportedEvent[] = [
  {
    name: 'workflow_run',
    payload: (conclusion, id) => workflowRun({ conclusion, id }),
    key: ['workflow_run', 'github.example', 'acme/shop', '.github/workflows/test.yml', 'main'],
    title: 'Test failed on main',
  },
  {
    name: 'deployment_status',
    payload: (state) => deploymentStatus(state),
    key: ['deployment_status', 'github.example', 'acme/shop', 'staging', 'main'],
    title: 'Deployment to staging failed on main',
  },
  {
    name: 'check_run',
    payload: (conclusion) => ({
      action: 'completed',
      repository: REPOSITORY,
      check_run: {
        name: 'lint',
        conclusion,
        app: { slug: 'lint-bot' },
        check_suite: { head_branch: 'main' },
      },
    }),
    key: ['check_run', 'github.example', 'acme/shop', 'lint-bot', 'lint', 'main'],
    title: 'lint failed on main',
  },
  {
    name: 'check_suite',
    payload: (conclusion) => ({
      action: 'completed',
      repository: REPOSITORY,
      check_suite: { conclusion, head_branch: 'main', app: { slug: 'lint-bot' } },
    }),
    key: ['check_suite', 'github.example', 'acme/shop', 'lint-bot', 'main'],
    title: 'lint-bot failed on main',
  },
];

/** What the key is made of if results are given: what the event is about, and which job reports. */
export function keyOfResults({ name, key }: ReportedEvent): readonly unknown[] {
  const ownKey = OWN_KEY.with(-1, name === 'deployment_status' ? 'staging' : '');
  return ['results', JSON.stringify(key), JSON.stringify(ownKey)];
}

/** The title of what is given: the job of the step has not failed, so it isn't named. */
export function titleOfResults({ name }: ReportedEvent): string {
  return `Deploy failed on main${name === 'deployment_status' ? ' (staging)' : ''}`;
}

/** The reference of the cases with a key that is made of these parts. */
export function referenceOf(key: readonly unknown[]): string {
  return sharedWords(PROJECT.id, JSON.stringify(key))[0];
}
