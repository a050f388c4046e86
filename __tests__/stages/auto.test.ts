import { describe, expect, test } from '@jest/globals';
import { deploymentStatus, referenceOf, useAutoSteps } from '../support/auto-step.ts';

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
