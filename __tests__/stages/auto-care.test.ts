import { describe, expect, test } from '@jest/globals';
import { OTHER_EVENTS, OWN_EVENTS, useAutoSteps, workflowRun } from '../support/auto-step.ts';

const { datadog, github, clock, auto, fail, onWorkflowRun } = useAutoSteps();

describe('care', () => {
  test('an older run never closes the case of a newer one, and an older attempt none of a newer attempt', async () => {
    await onWorkflowRun({ conclusion: 'failure', id: 90, run_attempt: 2 });
    for (const older of [
      { id: 89, run_attempt: 3 },
      { id: 90, run_attempt: 1 },
    ]) {
      const core = await onWorkflowRun({ conclusion: 'success', ...older });
      expect(core.messages('info')).toContain('stays open');
      expect(core.messages('notice') + core.summary).toBe('');
    }
    expect((await onWorkflowRun({ conclusion: 'success', id: 90, run_attempt: 3 })).outputs.outcome).toBe(
      'closed',
    );
  });

  test('the success of one job keeps the case open if another one failed in the same attempt', async () => {
    await fail({ dedup_key: 'shared' });
    github.runId -= 1;
    const core = await auto({ dedup_key: 'shared' });
    expect(core.outputs.outcome).toBe('none');
    expect(core.messages('info')).toContain('another job of this attempt');
    expect(datadog.openCases).toHaveLength(1);
  });

  test.each([
    ['workflow_run', workflowRun({ conclusion: 'failure', head_repository: { full_name: 'eve/shop' } })],
    ['workflow_run', workflowRun({ conclusion: 'success', head_repository: null })],
    ['pull_request_target', { pull_request: { head: { repo: { full_name: 'eve/shop' } } } }],
  ])('%s of a fork is skipped', async (name, event) => {
    const core = await fail({}, { env: { GITHUB_EVENT_NAME: name }, event });
    expect(core.outputs.outcome).toBe('skipped');
    expect(core.hasFailed).toBe(false);
    expect(datadog.requestLines).toEqual([]);
  });

  test.each(['failure', 'success', 'cancelled'])(
    'without secrets, a job with %s is skipped',
    async (job_status) => {
      const env = { GITHUB_ACTOR: 'dependabot[bot]' };
      const core = await auto({ job_status, api_key: '', app_key: '' }, { env });
      expect(core.outputs.outcome).toBe('skipped');
      expect(core.messages(job_status === 'failure' ? 'notice' : 'info')).toContain(
        'Skipped. GitHub gives no secrets',
      );
    },
  );

  test('an outage holds up a success for at most 15 seconds', async () => {
    const startedAt = clock.time;
    const core = await auto({ api_url: 'http://127.0.0.1:9', fail_on_error: 'config' });
    expect(core.messages('warning')).toMatch(/^No case was closed\./);
    expect(core.hasFailed).toBe(false);
    expect(clock.time - startedAt).toBeLessThanOrEqual(15_000);
  });

  test('a success with nothing to close is one line in the log', async () => {
    const core = await auto();
    expect(core.allMessages).toEqual([
      { kind: 'info', text: 'Nothing to close: the result is a success, and no case is open for it.' },
    ]);
    expect(core.summary).toBe('');
  });

  test('invalid inputs are reported whatever the result', async () => {
    for (const job_status of ['success', 'failure', 'cancelled']) {
      const core = await auto({ job_status, project: '' });
      expect(core.messages('error')).toContain('project');
    }
  });
});

describe('in a composite action', () => {
  const env = { GITHUB_ACTION_PATH: '/actions/report' };

  test('a success so far closes nothing, because the job may have failed outside of it', async () => {
    await fail();
    const core = await auto({}, { env });
    expect(core.outputs).toEqual({ outcome: 'none' });
    expect(core.messages('info')).toContain('No case was closed: inside a composite action');
    expect(datadog.openCases).toHaveLength(1);
  });

  test('a failure opens a case, and a result that is given counts', async () => {
    expect((await fail({}, { env })).outputs.outcome).toBe('created');
    await auto({ result: 'failure' }, { env });
    expect((await auto({ result: 'success' }, { env })).outputs.outcome).toBe('closed');
  });

  test.each(OTHER_EVENTS)('what the event $name is about is known there, too', async ({ name, payload }) => {
    const options = (result: string) => ({
      env: { ...env, GITHUB_EVENT_NAME: name },
      event: payload(result, github.runId + 1),
    });
    await fail({}, options('failure'));
    expect((await auto({}, options('success'))).outputs.outcome).toBe('closed');
  });
});

describe('several steps of a job', () => {
  const [{ name = '' } = {}] = OWN_EVENTS;
  /** The environment of the steps after one. */
  const envAfter = ({ exported }: { exported: Record<string, string> }) => ({
    env: { GITHUB_EVENT_NAME: name, ...exported },
  });

  test.each([{}, { result: 'success' }, { job_status: 'cancelled' }])(
    'a second one without a dedup_key is a configuration error: %j',
    async (inputs) => {
      const first = await auto();
      const requestCount = datadog.requestLines.length;
      const core = await auto({ ...inputs, fail_on_error: 'config' }, envAfter(first));
      expect(core.hasFailed).toBe(true);
      expect(core.messages('error')).toContain(
        'dedup_key is required, because an earlier step of this job uses mode: auto without one',
      );
      expect(datadog.requestLines).toHaveLength(requestCount);
    },
  );

  test('each may have one of its own', async () => {
    const first = await fail();
    await fail({ dedup_key: 'second' }, envAfter(first));
    expect(datadog.openCases).toHaveLength(2);
    const [own, derived] = [await auto({ dedup_key: 'second' }), await auto()];
    expect([own.exported, derived.outputs.outcome]).toEqual([{}, 'closed']);
  });

  test('a dry run is in the way of other dry runs only', async () => {
    const dry = await fail({ dry_run: 'true' });
    const real = await fail({}, envAfter(dry));
    expect(real.outputs.outcome).toBe('created');
    for (const dry_run of ['true', 'false'])
      expect((await fail({ dry_run }, envAfter(real))).messages('error')).toContain('dedup_key is required');
  });

  test('a step that is skipped leaves it to others', async () => {
    const event = workflowRun({ head_repository: { full_name: 'eve/shop' } });
    const core = await auto({}, { env: { GITHUB_EVENT_NAME: 'workflow_run' }, event });
    expect(core.exported).toEqual({});
  });
});
