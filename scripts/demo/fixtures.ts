// What the runs of the demo are about.

export const EVENT = {
  pull_request: {
    number: 12,
    head: { sha: '4f9c1e7ab2d803561f0e9c7d4b8a2653e1d0f7c9', ref: 'faster-checkout' },
  },
};

/** A finding as a scanner reports it. */
function finding(ruleId: string, uri: string, startLine: number, level: string): object {
  const region = { startLine };
  return {
    ruleId,
    level,
    message: { text: 'Values from the request reach this call.' },
    locations: [{ physicalLocation: { artifactLocation: { uri }, region } }],
  };
}

const RULES = [
  { id: 'sql-injection', shortDescription: { text: 'Query built from user input' } },
  { id: 'open-redirect', shortDescription: { text: 'Redirect to an address from the request' } },
  { id: 'weak-hash', shortDescription: { text: 'Weak hash for a password' } },
];

function report(results: readonly object[]): string {
  return JSON.stringify({
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'Scanner', rules: RULES } }, results }],
  });
}

/** What a scanner reports, and what it reports once a rule is obeyed and another one is broken. */
export const REPORTS = {
  first: report([
    finding('sql-injection', 'src/orders.js', 42, 'error'),
    finding('sql-injection', 'src/users.js', 17, 'error'),
    finding('open-redirect', 'src/login.js', 88, 'warning'),
  ]),
  second: report([
    finding('sql-injection', 'src/orders.js', 45, 'error'),
    finding('sql-injection', 'src/users.js', 17, 'error'),
    finding('sql-injection', 'src/search.js', 9, 'error'),
    finding('weak-hash', 'src/users.js', 61, 'warning'),
  ]),
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
  repository: { default_branch: 'main' },
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
