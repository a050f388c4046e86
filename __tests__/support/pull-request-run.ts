// The run and the pull request of steps that run on the fake GitHub.

export const REPOSITORY_URL = 'https://github.example/acme/shop';
export const PULL_REQUEST_EVENT = {
  pull_request: { number: 12, head: { sha: 'b'.repeat(40), ref: 'faster' } },
};

/** A job whose fourth step failed. */
export function failedJob(id: number, name: string, overrides = {}) {
  return {
    id,
    name,
    steps: [
      { number: 1, name: 'Set up job', conclusion: 'success' },
      {
        number: 4,
        name: 'Run tests',
        conclusion: 'failure',
        started_at: '2026-01-02T03:04:05Z',
        completed_at: '2026-01-02T03:04:08Z',
      },
    ],
    ...overrides,
  };
}
