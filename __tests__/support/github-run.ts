import { FakeDatadog } from './fake-datadog.ts';
import { FakeGitHub } from './fake-github.ts';
import { runStep, type StepOptions, TestClock, type TestCore, validInputs } from './run-step.ts';

/** Both fakes and their clock, for steps of a run on GitHub. */
export interface GitHubRun {
  readonly datadog: FakeDatadog;
  readonly github: FakeGitHub;
  readonly clock: TestClock;
  /** Runs a step that opens a case and has a token for GitHub. */
  readonly openCase: (inputs?: StepOptions['inputs'], options?: Partial<StepOptions>) => Promise<TestCore>;
}

/** Starts both fakes. A request that stays unanswered moves the clock to its timeout. */
export async function startGitHubRun(): Promise<GitHubRun> {
  const [datadog, github] = await Promise.all([FakeDatadog.start(), FakeGitHub.start()]);
  const clock = new TestClock();
  datadog.now = clock.now;
  for (const server of [datadog, github]) server.onUnanswered = clock.advanceToNextTimeout;
  const openCase: GitHubRun['openCase'] = (inputs, { env, ...options } = {}) =>
    runStep({
      inputs: { ...validInputs(datadog), github_token: FakeGitHub.token, ...inputs },
      env: github.env(env),
      clock,
      ...options,
    });
  return { datadog, github, clock, openCase };
}
