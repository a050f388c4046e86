import { FakeGitHub } from './fake-github.ts';
import type { TestClock } from './run-step.ts';

export const GITHUB_TOKEN_INPUT = { github_token: FakeGitHub.token };

/** Starts a GitHub that never responds. */
export async function startHangingGitHub(clock: TestClock): Promise<FakeGitHub> {
  const github = await FakeGitHub.start();
  github.injectFault({ request: '.*', response: 'hang' });
  github.onUnanswered = clock.advanceToNextTimeout;
  return github;
}
