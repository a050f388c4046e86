import { describe, expect, test } from '@jest/globals';
import { deploymentStatus, referenceOf, useAutoSteps } from '../support/auto-step.ts';
import { failedJob, REPOSITORY_URL } from '../support/pull-request-run.ts';

const { datadog, github, auto, fail, onWorkflowRun } = useAutoSteps();

const openTitles = () => datadog.openCases.map(({ attributes }) => attributes.title);

describe('the life of a case', () => {
  test('the outputs are those of what was done', async () => {
    const outcomes = [];
    for (const job_status of ['success', 'failure', 'failure', 'cancelled', 'success'])
      outcomes.push((await auto({ job_status })).outputs);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['none', 'created', 'existing', 'none', 'closed']);
    expect(outcomes.map(({ case_key }) => case_key)).toEqual([
      undefined,
      'OPS-1',
      'OPS-1',
      undefined,
      'OPS-1',
    ]);
  });

  test('a title and a dedup_key that are given win', async () => {
    const run = { conclusion: 'failure', id: 42 };
    const inputs = { title: 'Tests failed', dedup_key: 'tests' };
    await onWorkflowRun(run, { inputs });
    expect(openTitles()).toEqual(['Tests failed']);
    await auto({ dedup_key: 'tests' });
    expect(openTitles()).toEqual([]);
  });

  test('status_name is the status of new cases only', async () => {
    await fail({ status_name: 'In Progress' });
    expect(datadog.cases[0]?.attributes.status_name).toBe('In Progress');
    const core = await auto({ status_name: 'In Progress' });
    expect(core.messages('warning')).toBe('');
    expect(datadog.cases[0]?.attributes.status).toBe('CLOSED');
  });

  test('on_cancelled: open counts a cancellation as a failure, and the title says so', async () => {
    await onWorkflowRun({ conclusion: 'cancelled', id: 90 }, { inputs: { on_cancelled: 'open' } });
    await auto({ result: 'success cancelled', on_cancelled: 'open' });
    expect(openTitles()).toEqual(['Test was cancelled on main', 'Deploy was cancelled on main']);
  });

  test('a failure beside a cancellation is a failure', async () => {
    await auto({ result: 'cancelled failure', on_cancelled: 'open' });
    expect(openTitles()).toEqual(['Deploy failed on main']);
  });
});

describe('what is given as result', () => {
  test.each([
    '["success", "failure"]',
    'success,failure',
    ' success\nfailure ',
    '[\n  "failure"\n]',
    'FAILURE',
  ])('%j contains a failure', async (result) => {
    expect((await auto({ result })).outputs.outcome).toBe('created');
  });

  test.each([
    ['', 'result is empty. Check the name of the job in `needs.<job>.result`'],
    ['[]', 'result contains an empty result: "[]"'],
    ['["success", null]', 'result contains an empty result'],
    ['success,', 'result contains an empty result'],
    ['sucess', 'result: "sucess" is not valid. Did you mean success?'],
    ['success odd', 'result: "odd" is not valid'],
    ['failure odd', 'result: "odd" is not valid'],
  ])('%j is a configuration error', async (result, problem) => {
    const core = await auto({ result, fail_on_error: 'config' });
    expect(core.hasFailed).toBe(true);
    expect(core.outputs.outcome).toBe('failed');
    expect(core.messages('error')).toMatch(/^No case was opened or closed\./);
    expect(core.messages('error')).toContain(problem);
    expect([...datadog.requestLines, ...github.requestLines]).toEqual([]);
  });

  test('has a case of its own, which neither the job nor what the event is about closes', async () => {
    await auto({ result: 'failure' });
    expect((await auto()).outputs.outcome).toBe('none');
    await onWorkflowRun({ conclusion: 'success', id: 90 }, { inputs: { result: 'failure' } });
    expect((await onWorkflowRun({ conclusion: 'success', id: 91 })).outputs.outcome).toBe('none');
    expect(datadog.openCases).toHaveLength(2);
  });

  test('is about this run, with all of its failed jobs, even if another run triggered it', async () => {
    github.jobs = [
      { id: 70, name: 'report', status: 'in_progress', conclusion: null, steps: [] },
      { id: 71, name: 'test (eu)', conclusion: 'failure', steps: [] },
      { id: 72, name: 'test (us)', conclusion: 'success', steps: [] },
    ];
    await onWorkflowRun({ conclusion: 'success', id: 99 }, { inputs: { result: 'failure' } });
    expect(datadog.lastDescription).toContain('- Failed: [`test (eu)`]');
    expect(datadog.lastDescription).not.toMatch(/Failed: \[`(?:report|test \(us\))`\]/);
    expect(datadog.lastDescription).toContain(`/actions/runs/${github.runId}/`);
    expect(datadog.lastDescription).not.toContain('/actions/runs/99');
  });
});

describe('events that tell of no end', () => {
  test.each(['requested', 'in_progress'])('workflow_run %s changes nothing', async (action) => {
    for (const conclusion of ['success', 'failure', null]) {
      const core = await onWorkflowRun({ conclusion }, { action });
      expect(core.allMessages).toEqual([
        { kind: 'info', text: "Nothing to report: this workflow_run event doesn't say how something ended." },
      ]);
      expect(core.outputs).toEqual({ outcome: 'none' });
    }
    expect(datadog.requestLines).toEqual([]);
  });

  test('neither does a check on a branch that GitHub does not tell, as in a fork', async () => {
    for (const name of ['check_run', 'check_suite']) {
      const check = { conclusion: 'success', name: 'lint', check_suite: { head_branch: null } };
      const core = await auto(
        {},
        { env: { GITHUB_EVENT_NAME: name }, event: { action: 'completed', [name]: check } },
      );
      expect(core.messages('info')).toContain(
        `this ${name} event doesn't say how something ended, or on which branch.`,
      );
    }
    expect(datadog.requestLines).toEqual([]);
  });
});

test('a production environment has one case, whatever is deployed', async () => {
  const deploy = (state: string, ref: string) =>
    auto(
      {},
      {
        env: { GITHUB_EVENT_NAME: 'deployment_status' },
        event: deploymentStatus(state, { environment: 'production', production_environment: true, ref }),
      },
    );
  await deploy('failure', 'v1');
  expect(openTitles()).toEqual(['Deployment to production failed']);
  expect(datadog.lastDescription).toContain(
    referenceOf(['deployment_status', 'github.example', 'acme/shop', 'production', null]),
  );
  expect((await deploy('success', 'v2')).outputs.outcome).toBe('closed');
});

const CHECK = { name: 'lint', app: { slug: 'lint-bot' }, check_suite: { head_branch: 'main' } };

describe('the run that reports a check or a deployment, which itself goes well', () => {
  const SHA = 'b'.repeat(40);
  const CHECK_PAGE = `${REPOSITORY_URL}/runs/555`;
  const REPORTER = `[\`Deploy #7\`](${REPOSITORY_URL}/actions/runs/`;

  /** Reports a failure, another one, and a success. Returns the last step. */
  async function reportTwiceThenSuccess(name: string, event: (result: string) => unknown) {
    github.jobs = [failedJob(71, 'unrelated')];
    for (const result of ['failure', 'failure', 'success'])
      await auto({ log_lines: '5' }, { env: { GITHUB_EVENT_NAME: name }, event: event(result) });
    expect(datadog.cases).toHaveLength(1);
    expect(datadog.openCases).toEqual([]);
    expect(datadog.cases[0]?.comments).toHaveLength(2);
  }

  test.each([
    [
      'check_run',
      (conclusion: string) => ({
        action: 'completed',
        check_run: { ...CHECK, conclusion, id: 555, html_url: CHECK_PAGE },
      }),
      'Check',
      `[\`lint\`](${CHECK_PAGE})`,
    ],
    [
      'check_suite',
      (conclusion: string) => ({
        action: 'completed',
        check_suite: { conclusion, head_branch: 'main', head_sha: SHA, app: { slug: 'lint-bot' } },
      }),
      'Checks',
      `[\`lint-bot\`](${REPOSITORY_URL}/commit/${SHA}/checks)`,
    ],
    [
      'deployment_status',
      (state: string) => ({
        ...Object(deploymentStatus(state)),
        workflow_run: { id: 9001, run_attempt: 1, name: 'Ship', run_number: 3 },
      }),
      'Deployed by',
      `[\`Ship #3\`](${REPOSITORY_URL}/actions/runs/9001/attempts/1)`,
    ],
  ])('is not taken for what failed: %s', async (name, event, label, subject) => {
    await reportTwiceThenSuccess(name, event);
    const description = datadog.lastDescription;
    expect(description).toContain(`- ${label}: ${subject}\n- Reported by: ${REPORTER}`);
    expect(description).not.toContain('- Run:');
    expect(description).not.toContain('Failed: ');
    const [again, resolved] = datadog.cases[0]?.comments ?? [];
    expect(again?.startsWith(`**Failed again** in ${subject}, reported by ${REPORTER}`)).toBe(true);
    expect(again).not.toContain('unrelated');
    expect(resolved?.startsWith(`**Resolved** in ${subject}, reported by ${REPORTER}`)).toBe(true);
    expect(github.requestLines.filter((line) => line.includes('/jobs'))).toEqual([]);
  });

  test('is not taken for it either if nothing is known that could be linked', async () => {
    await reportTwiceThenSuccess('deployment_status', deploymentStatus);
    expect(datadog.lastDescription).toMatch(/^- Reported by: /);
    const [again] = datadog.cases[0]?.comments ?? [];
    expect(again?.startsWith(`**Failed again**, reported by ${REPORTER}`)).toBe(true);
  });

  test('is not what the comment on the pull request calls the latest failure', async () => {
    const check_run = { ...CHECK, conclusion: 'failure', id: 555, pull_requests: [{ number: 12 }] };
    const event = { action: 'completed', check_run };
    await auto({ pr_comment: 'true' }, { env: { GITHUB_EVENT_NAME: 'check_run' }, event });
    expect(github.comments[0]?.body).toContain(`| [\`lint\`](${CHECK_PAGE}) |`);
    expect(github.comments[0]?.body).not.toContain('Deploy #7');
  });

  test('has no logs of what failed, and log_lines says so', async () => {
    const event = { action: 'completed', check_run: { ...CHECK, conclusion: 'failure', id: 555 } };
    const core = await auto({ log_lines: '5' }, { env: { GITHUB_EVENT_NAME: 'check_run' }, event });
    expect(core.messages('warning')).toBe(
      "log_lines has no effect: the event check_run doesn't say which jobs failed.",
    );
  });

  test('is what failed if the workflow gives a result of its own', async () => {
    github.jobs = [failedJob(71, 'test')];
    const event = { action: 'completed', check_run: { ...CHECK, conclusion: 'success', id: 555 } };
    await auto({ result: 'failure' }, { env: { GITHUB_EVENT_NAME: 'check_run' }, event });
    expect(datadog.lastDescription).toContain(`- Run: ${REPORTER}`);
    expect(datadog.lastDescription).toContain('- Failed: [`test`]');
  });
});
