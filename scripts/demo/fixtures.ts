// What the runs of the demo are about.

export const EVENT = {
  pull_request: {
    number: 12,
    head: { sha: '4f9c1e7ab2d803561f0e9c7d4b8a2653e1d0f7c9', ref: 'faster-checkout' },
  },
};

export const FORK_EVENT = {
  pull_request: {
    ...EVENT.pull_request,
    head: { ...EVENT.pull_request.head, repo: { full_name: 'stranger/shop' } },
    base: { repo: { full_name: 'acme/shop' } },
  },
};

/** The jobs of a run in which a test failed. */
export const JOBS = [
  {
    id: 5,
    name: 'test (eu-west-1)',
    steps: [
      {
        number: 4,
        name: 'Run tests',
        conclusion: 'failure',
        started_at: '2026-01-02T03:04:05Z',
        completed_at: '2026-01-02T03:04:08Z',
      },
    ],
    log: [
      '2026-01-02T03:04:05.1Z ##[group]Run npm test',
      '2026-01-02T03:04:07.2Z \u001b[31mFAIL\u001b[0m checkout: expected 3 items in the cart, found 2',
      '2026-01-02T03:04:08.3Z ##[error]Process completed with exit code 1.',
      '2026-01-02T03:04:08.4Z Post job cleanup.',
    ].join('\n'),
  },
];

/** A merged pull request was pushed to the default branch. */
export const PUSH_EVENT = {
  ref: 'refs/heads/main',
  after: '9be04d2c5a17f863e0d91b47c28af5630e7d1a84',
  head_commit: { message: 'Speed up the checkout (#12)\n\nLoads the cart once.' },
};

/** The job that is watched, just before it ends. */
export const WATCHED_JOB = {
  id: 70,
  name: 'deploy',
  status: 'in_progress',
  conclusion: null,
  steps: [{ number: 3, name: 'Run ./deploy.sh', conclusion: 'failure' }],
};
