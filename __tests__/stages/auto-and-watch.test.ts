import { expect, test } from '@jest/globals';
import { OWN_EVENTS, referenceOf, runAutoStep } from '../support/auto-step.ts';
import { useFakes } from '../support/use-fakes.ts';
import { endWatchedJob } from '../support/watch-step.ts';

const watched = useFakes();
const automatic = useFakes();

const JOBS = [
  {
    id: 70,
    name: 'deploy',
    status: 'in_progress',
    conclusion: null,
    steps: [
      { number: 2, name: 'Build', conclusion: 'success' },
      { number: 3, name: 'Deploy', conclusion: 'failure' },
    ],
  },
  { id: 71, name: 'other', conclusion: 'failure', steps: [{ number: 1, name: 'x', conclusion: 'failure' }] },
];
const PULL_REQUEST = { pull_request: { number: 12, head: { ref: 'faster', sha: 'b'.repeat(40) } } };

interface JobEnd {
  readonly status: string;
  readonly inputs?: Record<string, string>;
  readonly env?: Record<string, string>;
  readonly event?: unknown;
}

/** Both at the end of one job each, in a new run. */
async function endBoth({ status, inputs, env, event }: JobEnd) {
  const run = (fakes: typeof watched) => {
    fakes.github.runId += 1;
    // A job that goes well so far has no failed step.
    fakes.github.jobs = status.toLowerCase() === 'success' ? [] : JOBS;
    const { datadog, github, clock } = fakes;
    return { datadog, github, clock, inputs: { job_status: status, ...inputs }, ...(env && { env }), event };
  };
  return [await endWatchedJob(run(watched)), await runAutoStep(run(automatic))] as const;
}

/** What Datadog and GitHub know, and were asked. */
function traces({ datadog, github, clock }: typeof watched) {
  return {
    cases: datadog.cases.map(({ attributes, comments }) => ({ attributes, comments })),
    requests: [...datadog.requestLines].sort(),
    comments: github.comments,
    slept: clock.delays,
  };
}

function expectSameTraces(): void {
  expect(traces(automatic)).toEqual(traces(watched));
}

const STATUSES = ['success', 'failure', 'cancelled', 'Failure', 'SUCCESS', 'skipped', 'neutral', '', 'odd'];
const RULES: Record<string, string>[] = [{}, { on_cancelled: 'open' }, { on_cancelled: 'perhaps' }];
const ENDS: JobEnd[] = STATUSES.flatMap((status) => RULES.map((inputs) => ({ status, inputs })));

test.each(ENDS)('watch and auto do the same at the end of a job: %j', async (end) => {
  await endBoth(end);
  await endBoth({ status: 'failure' });
  await endBoth(end);
  await endBoth(end);
  expectSameTraces();
});

test.each<JobEnd>([
  { status: 'failure', inputs: { matrix: '{"region": "eu"}' } },
  { status: 'failure', inputs: { title: 'Backup', dedup_key: 'backup', priority: 'P2' } },
  { status: 'failure', inputs: { status_name: 'In Progress', reopen_within: '24', pr_comment: 'true' } },
  { status: 'failure', inputs: { run_context: 'false', on_existing: 'ignore' } },
  { status: 'failure', inputs: { after_failures: '2' } },
  { status: 'failure', inputs: { dry_run: 'true' } },
  { status: 'failure', event: PULL_REQUEST, inputs: { pr_comment: 'true' } },
  { status: 'failure', env: { GITHUB_REF_NAME: 'v1', GITHUB_REF_TYPE: 'tag' } },
])('and with other inputs and events: %j', async (end) => {
  for (const status of ['failure', 'failure', 'success', 'failure', 'cancelled', 'success'])
    await endBoth({ ...end, status });
  expectSameTraces();
});

test('they have the same case: what one opens, the other closes', async () => {
  const { datadog, github, clock } = watched;
  await endWatchedJob({ datadog, github, clock });
  const [{ key, title } = { key: [], title: '' }] = OWN_EVENTS;
  expect(datadog.lastDescription).toContain(referenceOf(key));
  expect(datadog.cases[0]?.attributes.title).toBe(title);
  github.runId += 1;
  await runAutoStep({ datadog, github, clock });
  expect(datadog.openCases).toEqual([]);
});

test.each(OWN_EVENTS)('on $name, the case is that of the job', async ({ name, payload, key, title }) => {
  const { datadog, github, clock } = automatic;
  const inputs = { job_status: 'failure' };
  const env = { GITHUB_EVENT_NAME: name };
  await runAutoStep({ datadog, github, clock, inputs, env, event: payload('success', 1) });
  expect(datadog.lastDescription).toContain(referenceOf(key));
  expect(datadog.cases[0]?.attributes.title).toBe(title);
});

test.each(['pull_request', 'merge_group', 'deployment', 'release', 'workflow_call', ''])(
  'on the event "%s", the result of the job counts',
  async (name) => {
    const env = { GITHUB_EVENT_NAME: name };
    const payload = OWN_EVENTS[0]?.payload('failure', 1);
    const event = { ...Object(payload), check_run: { conclusion: 'failure' }, action: 'completed' };
    await endBoth({ status: 'failure', env, event });
    expectSameTraces();
    expect(automatic.datadog.openCases).toHaveLength(1);
    await endBoth({ status: 'success', env, event });
    expectSameTraces();
    expect(automatic.datadog.openCases).toEqual([]);
  },
);
