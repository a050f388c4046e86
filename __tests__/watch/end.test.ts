import { expect, test } from '@jest/globals';
import { PROJECT } from '../support/fake-datadog/catalog.ts';
import { useFakes } from '../support/use-fakes.ts';
import { endWatchedJob } from '../support/watch-step.ts';

const { datadog, github, clock } = useFakes();

function end(
  inputs: Record<string, string> = {},
  {
    env,
    event,
    files,
  }: { env?: Record<string, string>; event?: unknown; files?: Record<string, string> } = {},
) {
  return endWatchedJob({
    datadog,
    github,
    clock,
    inputs,
    ...(env && { env }),
    ...(files && { files }),
    event,
  });
}

/** Ends the job with success, in the next run. */
function succeed(
  inputs: Record<string, string> = {},
  { env }: { readonly env?: Record<string, string> } = {},
) {
  return end({ job_status: 'success', ...inputs }, { env: { GITHUB_RUN_ID: '43', ...env } });
}

const openTitles = () => datadog.openCases.map(({ attributes }) => attributes.title);

test('the end of a watched job sets no outputs', async () => {
  const core = await end();
  expect(core.messages('notice')).toContain('Opened OPS-1');
  expect(core.outputs).toEqual({});
});

test('matrix combinations, jobs and branches have their own cases and never close each other’s', async () => {
  const legs: [Record<string, string>, Record<string, string>][] = [
    [{ matrix: '{"region": "eu"}' }, {}],
    [{ matrix: '{"region": "us"}' }, {}],
    [{}, { GITHUB_JOB: 'test' }],
    [{}, { GITHUB_REF_NAME: 'release' }],
  ];
  for (const [inputs, env] of legs) await end(inputs, { env });
  expect(openTitles()).toEqual([
    'Deploy / deploy (eu) failed on main',
    'Deploy / deploy (us) failed on main',
    'Deploy / test failed on main',
    'Deploy / deploy failed on release',
  ]);
  await succeed();
  expect(datadog.openCases).toHaveLength(4);
  for (const [inputs, env] of legs) await succeed(inputs, { env });
  expect(datadog.openCases).toEqual([]);
});

test('jobs of one run that share a case have not failed again, and those of the next run have', async () => {
  const leg = (region: string, runId: string) =>
    end({ dedup_key: 'tests', matrix: JSON.stringify({ region }) }, { env: { GITHUB_RUN_ID: runId } });
  await leg('eu', '42');
  await leg('us', '42');
  await leg('eu', '43');
  await leg('us', '43');
  const headlines = datadog.cases[0]?.comments.map((comment) => /^\*\*(.+?)\*\*/.exec(comment)?.[1]);
  expect(headlines).toEqual(['Also failed', 'Failed again', 'Also failed']);
});

test('a cancelled job changes nothing', async () => {
  await end();
  const core = await end({ job_status: 'cancelled' });
  expect(datadog.openCases).toHaveLength(1);
  expect(datadog.cases[0]?.comments).toEqual([]);
  expect(core.allMessages).toEqual([
    { kind: 'info', text: expect.stringContaining('The result is cancelled') },
  ]);
});

test('a cancelled job changes nothing even if other inputs are invalid', async () => {
  const core = await end({ job_status: 'cancelled', priority: 'P9' });
  expect(core.messages('warning')).toBe('');
});

// Steps can run in parallel: https://github.blog/changelog/2026-06-25-actions-steps-can-now-be-run-in-parallel
test('on_cancelled: open opens a case that names the steps at which the job was cancelled', async () => {
  github.jobs = [
    {
      id: 70,
      name: 'deploy',
      status: 'in_progress',
      conclusion: null,
      steps: [
        { number: 2, name: 'Build', conclusion: 'success' },
        { number: 3, name: 'Start server', conclusion: 'cancelled' },
        { number: 4, name: 'Wait', conclusion: 'cancelled' },
        { number: 5, name: 'Deploy', conclusion: 'skipped' },
      ],
    },
  ];
  await end({ job_status: 'cancelled', on_cancelled: 'open' });
  expect(openTitles()).toEqual(['Deploy / deploy was cancelled on main']);
  expect(datadog.cases[0]?.attributes.description).toMatch(/, at \[`Start server`\].*, \[`Wait`\]/);
  expect(datadog.cases[0]?.attributes.description).not.toContain('`Deploy`]');
  await end();
  expect(datadog.cases).toHaveLength(1);
});

test('close: false leaves the case open', async () => {
  await end();
  const core = await succeed({ close: 'false' });
  expect(core.messages('info')).toContain('close: false');
  expect(datadog.openCases).toHaveLength(1);
});

test('title and dedup_key replace the defaults', async () => {
  await end({ title: 'Backup', dedup_key: 'backup' });
  expect(openTitles()).toEqual(['Backup']);
  await succeed({ dedup_key: 'backup' }, { env: { GITHUB_JOB: 'other' } });
  expect(datadog.openCases).toEqual([]);
});

test('status_name is the status of new cases only', async () => {
  await end({ status_name: 'In Progress' });
  expect(datadog.cases[0]?.attributes.status_name).toBe('In Progress');
  const core = await succeed({ status_name: 'In Progress' });
  expect(core.messages('warning')).toBe('');
  expect(datadog.openCases).toEqual([]);
});

test('attaches a file that the job wrote, and comments on the pull request', async () => {
  const event = { pull_request: { number: 12, head: { ref: 'faster', sha: 'b'.repeat(40) } } };
  await end(
    { description_file: 'report.md', pr_comment: 'true' },
    { event, files: { 'report.md': '# Report' } },
  );
  expect(datadog.cases[0]?.attributes.description).toMatch(/^# Report/);
  expect(openTitles()).toEqual(['Deploy / deploy failed on faster']);
  expect(github.comments).toHaveLength(1);
});

test('reports the run of the watched job, even if another run triggered it', async () => {
  const event = { workflow_run: { id: 99, name: 'Other', head_branch: 'faster', event: 'push' } };
  await end({}, { event, env: { GITHUB_EVENT_NAME: 'workflow_run' } });
  expect(datadog.cases[0]?.attributes.description).toContain('/actions/runs/42/');
  expect(datadog.cases[0]?.attributes.description).not.toContain('/actions/runs/99');
});

test.each(['NOPE', 'c0ffee00-1111-4222-8333-000000000000'])(
  'a dry run finds the wrong project %s although the job succeeded',
  async (project) => {
    const core = await succeed({ dry_run: 'true', project });
    expect(core.messages('warning')).toMatch(/^Dry run found 1 problem\. project: .*not found/);
  },
);

test('dry_run creates and closes nothing', async () => {
  const core = await end({ dry_run: 'true' });
  expect(core.messages('notice')).toContain('Dry run');
  expect(datadog.cases).toEqual([]);
});

test.each(['success', 'failure'])(
  'a job that ends with %s waits at most 120 seconds for a response, however long the timeout',
  async (job_status) => {
    datadog.injectFault({ request: '.', response: 'hang' });
    const startedAt = clock.time;
    const core = await end({ job_status, timeout: '3600' });
    expect(core.messages('warning')).toMatch(/No case was (?:opened|closed)|unknown whether/);
    expect(clock.time - startedAt).toBeLessThanOrEqual(120_000);
  },
);

test('an outage holds up a job that succeeds for at most 15 seconds', async () => {
  const startedAt = clock.time;
  const core = await succeed({ api_url: 'http://127.0.0.1:9' });
  expect(core.messages('warning')).toMatch(
    /No case was closed\. Could not check whether a case is open for this problem\./,
  );
  expect(clock.time - startedAt).toBeLessThanOrEqual(15_000);
});

test('an unknown job status changes nothing, and is a warning', async () => {
  const core = await end({ job_status: 'strange' });
  expect(core.messages('warning')).toContain('The result "strange" is unknown');
  expect(core.summary).toBe('');
  expect(datadog.requestLines).toEqual([]);
});

test.each(['timed_out', 'Failure'])('a job that ends with %s has failed', async (job_status) => {
  await end({ job_status });
  expect(openTitles()).toEqual(['Deploy / deploy failed on main']);
});

test('a job that succeeds leaves a case open that another job of the same attempt opened', async () => {
  await end();
  const core = await end({ job_status: 'success' });
  expect(core.messages('info')).toMatch(
    /^OPS-1 stays open: another job of this attempt reported a failure to it\./,
  );
  expect(datadog.openCases).toHaveLength(1);
  await end({ job_status: 'success' }, { env: { GITHUB_RUN_ATTEMPT: '2' } });
  expect(datadog.openCases).toEqual([]);
});

test('a job that succeeds leaves a case open that another job of the same attempt found open', async () => {
  await end({}, { env: { GITHUB_RUN_ID: '41' } });
  await end();
  expect((await end({ job_status: 'success' })).messages('info')).toContain('OPS-1 stays open');
  await succeed();
  expect(datadog.openCases).toEqual([]);
});

test.each(['OPS', 'Operations', PROJECT.id, PROJECT.id.toUpperCase()])(
  'finds its case however the project is spelled: %s',
  async (project) => {
    await end({ project: 'OPS' });
    const core = await succeed({ project });
    expect(core.messages('notice')).toContain('Closed OPS-1');
    expect(datadog.openCases).toEqual([]);
  },
);

test('the same repository on another server has cases of its own', async () => {
  await end();
  await succeed({}, { env: { GITHUB_SERVER_URL: 'https://other.example' } });
  expect(datadog.openCases).toHaveLength(1);
});

test.each([
  ['type_id: ', { type_id: 'Gone' }],
  ['assignee: ', { assignee: 'gone@acme.example' }],
  ['watchers: ', { watchers: 'nobody@acme.example' }],
])('a job that succeeds warns of a name that a failure could not use: %s', async (text, inputs) => {
  const core = await succeed(inputs);
  expect(core.messages('warning')).toMatch(
    new RegExp(`^${text}.*If the job fails, the case is opened without it\\.$`),
  );
});

test('a job that succeeds warns of a project that was deleted, unless nothing can tell', async () => {
  const project = 'aaaaaaaa-0000-4000-8000-000000000000';
  expect((await succeed({ project })).messages('warning')).toMatch(
    /^project: .*aaaaaaaa.* not found\..* If the job fails, no case can be opened\.$/,
  );
  datadog.injectFault({ request: 'GET /api/v2/cases/projects', response: { status: 403 } });
  expect((await succeed({ project })).messages('warning')).toBe('');
});

test('a job that succeeds reports that its project is not found', async () => {
  const core = await succeed({ project: 'OPSS' });
  expect(core.messages('warning')).toMatch(/No case was closed\..*project: .*"OPSS".*Did you mean/s);
});
