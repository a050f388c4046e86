import type { FakeDatadog } from './fake-datadog.ts';
import { FakeGitHub } from './fake-github.ts';
import { runStep, type StepOptions, type TestClock, type TestCore, validInputs } from './run-step.ts';

interface WatchStepOptions extends StepOptions {
  readonly datadog: FakeDatadog;
  readonly github: FakeGitHub;
  readonly clock: TestClock;
}

/** Runs the first stage of the watch action in this process. */
export function startWatching({ datadog, github, ...options }: WatchStepOptions): Promise<TestCore> {
  const { title: _, ...inputs } = validInputs(datadog);
  return runStep({
    entryPoint: 'watch-start',
    ...options,
    inputs: {
      ...inputs,
      github_token: FakeGitHub.token,
      job_status: 'success',
      matrix: 'null',
      ...options.inputs,
    },
    env: github.env(options.env),
  });
}

/** Runs the second stage of the watch action in this process, for a job that has failed unless `inputs` say otherwise. */
export function endWatchedJob(options: WatchStepOptions): Promise<TestCore> {
  return startWatching({
    entryPoint: 'watch-end',
    ...options,
    inputs: { job_status: 'failure', check_run_id: '70', ...options.inputs },
  });
}
