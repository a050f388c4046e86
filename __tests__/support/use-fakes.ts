import { afterEach, beforeEach } from '@jest/globals';
import { FakeDatadog } from './fake-datadog.ts';
import { FakeGitHub } from './fake-github.ts';
import { type GitHubRun, startGitHubRun } from './github-run.ts';

/**
 * Starts a fake Datadog, a fake GitHub and their clock before each test, and stops them afterwards. A request that
 * stays unanswered moves the clock to its timeout.
 */
export function useFakes(): GitHubRun {
  const current = useForEachTest(startGitHubRun);
  return {
    datadog: standIn(() => current().datadog),
    github: standIn(() => current().github),
    clock: standIn(() => current().clock),
    openCase: (...options) => current().openCase(...options),
  };
}

/** Starts both fakes before each test, and stops them afterwards. They go by the time of the processes they talk to. */
export function useFakesInRealTime(): Pick<GitHubRun, 'datadog' | 'github'> {
  const current = useForEachTest(async () => ({
    datadog: await FakeDatadog.start(),
    github: await FakeGitHub.start(),
  }));
  return { datadog: standIn(() => current().datadog), github: standIn(() => current().github) };
}

/** Starts the fakes before each test, and returns those of the test that is running. */
function useForEachTest<T extends Pick<GitHubRun, 'datadog' | 'github'>>(start: () => Promise<T>): () => T {
  let started: T | undefined;
  beforeEach(async () => {
    started = await start();
  });
  afterEach(async () => {
    await Promise.all([started?.datadog.stop(), started?.github.stop()]);
    started = undefined;
  });
  return () => {
    if (!started) throw new Error('The fakes run only during a test.');
    return started;
  };
}

/** An object that passes everything on to the one of the test that is running. */
function standIn<T extends object>(current: () => T): T {
  return new Proxy({} as T, {
    get: (_, name) => {
      const value: unknown = Reflect.get(current(), name);
      return typeof value === 'function' ? value.bind(current()) : value;
    },
    set: (_, name, value) => Reflect.set(current(), name, value),
  });
}
