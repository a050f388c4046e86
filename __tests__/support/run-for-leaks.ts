import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { FakeDatadog } from './fake-datadog.ts';
import { FakeGitHub } from './fake-github.ts';
import { findLeaks, KEY } from './key-leaks.ts';
import { keyedInputs } from './keyed-case.ts';
import { runStep, type StepOptions, TestClock, TestCore } from './run-step.ts';

/** Both fakes, for many steps, and how to run one of them. */
export interface LeakRun {
  readonly datadog: FakeDatadog;
  readonly github: FakeGitHub;
  /** Runs a step with debug logging on. Returns the parts of the key that leave it in anything but a header. */
  readonly findLeaksOf: (options: StepOptions) => Promise<string[]>;
}

/** Starts both fakes before all tests of a file, because starting them takes longer than a step. */
export function useLeakRun(): () => LeakRun {
  let run: LeakRun | undefined;
  beforeAll(async () => {
    const [datadog, github] = await Promise.all([FakeDatadog.start(), FakeGitHub.start()]);
    run = { datadog, github, findLeaksOf: (options) => findLeaksOfStep(datadog, github, options) };
  });
  afterAll(() => Promise.all([run?.datadog.stop(), run?.github.stop()]));
  afterEach(() => {
    if (run) run.github.jobs = [];
  });
  return () => {
    if (!run) throw new Error('The fakes run only during a test.');
    return run;
  };
}

async function findLeaksOfStep(
  datadog: FakeDatadog,
  github: FakeGitHub,
  options: StepOptions,
): Promise<string[]> {
  for (const { requests } of [datadog, github]) requests.length = 0;
  const core = new TestCore();
  core.isDebugEnabled = true;
  await runStep({
    ...options,
    inputs: { ...keyedInputs(datadog), github_token: FakeGitHub.token, timeout: '10', ...options.inputs },
    // So that the key is known as a secret whatever the inputs hold.
    env: github.env({ DD_OTHER_APP_KEY: KEY, ...options.env }),
    clock: new TestClock(),
    core,
  });
  const sent = [...datadog.requests, ...github.requests].map(
    ({ path, query, body }) => `${path} ${query} ${JSON.stringify(body)}`,
  );
  return findLeaks([core.visibleText, ...Object.values(core.exported), ...sent].join('\n'));
}
