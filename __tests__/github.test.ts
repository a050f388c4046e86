import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DatadogSandbox } from './support/datadog.ts';
import { GithubSandbox } from './support/github.ts';
import { flatten, tree } from './support/markdown.ts';
import type { Answer } from './support/server.ts';
import { goodInputs, REFERENCE, step, TestClock } from './support/step.ts';

let datadog: DatadogSandbox;
let github: GithubSandbox;
let clock: TestClock;
beforeEach(async () => {
  [datadog, github] = await Promise.all([DatadogSandbox.start(), GithubSandbox.start()]);
  clock = new TestClock();
  datadog.now = clock.now;
  datadog.onHang = clock.expire;
  github.onHang = clock.expire;
});
afterEach(() => Promise.all([datadog.stop(), github.stop()]));

const open = (
  inputs: Record<string, string> = {},
  more: { env?: Record<string, string>; payload?: unknown } = {},
) =>
  step({
    inputs: { ...goodInputs(datadog), github_token: GithubSandbox.token, ...inputs },
    env: github.env(more.env),
    payload: more.payload,
    clock,
  });
const description = () => datadog.cases.at(-1)?.attributes.description ?? '';
const home = 'https://github.example/acme/shop';
const pull = { pull_request: { number: 12, head: { sha: 'b'.repeat(40), ref: 'faster' } } };

const failing = (id: number, name: string, more = {}) => ({
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
  ...more,
});

describe('run context', () => {
  test('tells which run, commit and failed jobs a case is about, linked, above the reference', async () => {
    github.jobs = [failing(5, 'test (eu)'), { id: 6, name: 'lint', conclusion: 'success' }];
    await open({ description: 'The canary died.' });
    expect(description()).toBe(
      [
        'The canary died.',
        '',
        `- Run: [\`Deploy #7\`](${home}/actions/runs/42/attempts/1)`,
        `- Repository: [\`acme/shop\`](${home})`,
        `- Commit: [\`aaaaaaa\`](${home}/commit/${'a'.repeat(40)}) on branch \`main\``,
        '- Actor: `octocat`',
        '- Event: `push`',
        `- Failed: [\`test (eu)\`](${home}/actions/runs/42/job/5), at [\`Run tests\`](${home}/actions/runs/42/job/5#step:4:1)`,
        '',
        REFERENCE,
      ].join('\n'),
    );
  });

  test('names the job that runs, if a step of it has failed', async () => {
    github.jobs = [
      failing(5, 'deploy', { status: 'in_progress', conclusion: null }),
      { id: 6, name: 'other', status: 'in_progress', conclusion: null },
    ];
    await open();
    expect(description()).toContain('Failed: [`deploy`]');
    expect(description()).not.toContain('other');
  });

  describe('of the job that runs, GitHub knows a moment later than its runner', () => {
    const running = (step: Record<string, unknown>, id = 5, runner = 'runner 3') => ({
      id,
      name: `job ${id}`,
      status: 'in_progress',
      conclusion: null,
      runner_name: runner,
      steps: [{ number: 4, name: 'Deploy', ...step }],
    });
    const since = (started_at: string) => ({ status: 'in_progress', conclusion: null, started_at });
    const env = { RUNNER_NAME: 'runner 3' };
    const mixed = [
      { number: 3, name: 'Build', status: 'completed', conclusion: 'failure' },
      { number: 4, name: 'Tidy', ...since('2026-01-02T03:04:00Z') },
    ];

    test('so it is asked again while the step that runs is an earlier one', async () => {
      const before = [running(since('2026-01-02T03:04:00Z'))];
      const after = [running({ status: 'completed', conclusion: 'failure' })];
      github.gate = () => {
        github.jobs = github.calls.length < 3 ? before : after;
      };
      await open({}, { env });
      expect(description()).toContain('Failed: [`job 5`]');
      expect(clock.pauses).toEqual([500, 1000]);
    });

    test('but not for long', async () => {
      github.jobs = [running(since('2026-01-02T03:04:00Z')), failing(6, 'other')];
      await open({}, { env });
      expect(github.calls).toHaveLength(4);
      expect(description()).toContain('Failed: [`other`]');
    });

    test('what was known stays known if asking again fails', async () => {
      github.jobs = [running(since('2026-01-02T03:04:00Z')), failing(6, 'other')];
      github.fail({ on: 'GET', skip: 1, answer: { status: 404 } });
      const core = await open({}, { env });
      expect(description()).toContain('Failed: [`other`]');
      expect(core.told('info')).not.toContain('left out');
    });

    test.each([
      ['the step that runs has just begun', [running(since('2026-01-02T03:04:04Z'))]],
      ['it is another runner’s job', [running(since('2026-01-02T03:04:00Z'), 5, 'runner 4')]],
      ['no step has a time', [running({ status: 'in_progress' })]],
      ['no step runs', [running({ status: 'queued', started_at: '2026-01-02T03:04:00Z' })]],
      [
        'a step of it is known to have failed',
        [failing(5, 'own', { ...running(since('2026-01-02T03:04:00Z')), steps: mixed })],
      ],
      ['the job has ended', [failing(5, 'ended', { runner_name: 'runner 3' })]],
    ])('and not at all if %s', async (_, jobs) => {
      github.jobs = jobs;
      await open({}, { env });
      expect(github.calls).toHaveLength(1);
    });

    test('nor of another run than its own', async () => {
      github.jobs = [running(since('2026-01-02T03:04:00Z'))];
      const payload = { workflow_run: { id: 99 } };
      await open({}, { env: { ...env, GITHUB_EVENT_NAME: 'workflow_run' }, payload });
      expect(github.calls).toHaveLength(1);
    });
  });

  test('asks for the run that failed, all its pages', async () => {
    github.jobs = Array.from({ length: 250 }, (_, at) => ({
      id: at + 1,
      name: `job ${at}`,
      conclusion: at === 240 ? 'failure' : 'success',
    }));
    await open(
      {},
      {
        env: { GITHUB_EVENT_NAME: 'workflow_run' },
        payload: { workflow_run: { id: 99, run_attempt: 3, name: 'Other' } },
      },
    );
    expect(description()).toContain('Failed: [`job 240`]');
    expect(github.calls).toEqual(Array(3).fill('GET /repos/acme/shop/actions/runs/99/attempts/3/jobs'));
  });

  test('a job or step that ran out of time has failed; one that went on after a failed step has not', async () => {
    github.jobs = [
      {
        id: 5,
        name: 'slow',
        conclusion: 'timed_out',
        steps: [{ number: 2, name: 'Wait', conclusion: 'timed_out' }],
      },
      failing(6, 'tolerant', { conclusion: 'success' }),
    ];
    await open();
    expect(description()).toContain('Failed: [`slow`]');
    expect(description()).toContain('at [`Wait`]');
    expect(description()).not.toContain('tolerant');
  });

  test('names twenty failed jobs and counts the others', async () => {
    github.jobs = Array.from({ length: 33 }, (_, at) => failing(at + 1, `job ${at}`));
    await open();
    expect(description().match(/Failed:/g)).toHaveLength(20);
    expect(description()).toContain('and 13 more failed jobs');
  });

  test('can be switched off; then GitHub is asked nothing', async () => {
    await open({ run_context: 'false' });
    expect(description()).toBe(REFERENCE);
    expect(github.calls).toEqual([]);
  });

  test.each<[string, Answer | 'hang' | 'drop']>([
    ['403', { status: 403, body: { message: 'Resource not accessible by integration' } }],
    ['404', { status: 404 }],
    ['500', { status: 500 }],
    ['garbage', { status: 200, body: 'garbage' }],
    ['another form', { status: 200, body: ['odd'] }],
    ['a dropped connection', 'drop'],
    ['never', 'hang'],
  ])('GitHub answers %s: the case is opened without the jobs, in time', async (_, answer) => {
    github.fail({ on: '.', answer });
    const started = clock.time;
    const core = await open({ pr_comment: 'true', log_lines: '5' }, { payload: pull });
    expect(core.outputs).toMatchObject({ outcome: 'created', case_key: 'OPS-1' });
    expect(core.failed).toBe(false);
    expect(description()).toContain('Run: [`Deploy #7`]');
    expect(clock.time - started).toBeLessThanOrEqual(21_000);
    expect(core.told('warning')).toContain('The pull request gets no comment.');
  });

  test('the log says why, and which permission it takes', async () => {
    github.permissions.delete('actions: read');
    const core = await open();
    expect(core.told('info')).toMatch(/failed jobs are left out.*Resource not accessible.*actions: read/);
    expect(core.told('warning')).toBe('');
  });

  test('an open case is told as well', async () => {
    github.jobs = [failing(5, 'test (eu)')];
    await open({ dedup_key: 'k' });
    await open({ dedup_key: 'k' });
    expect(datadog.cases[0]?.comments[0]).toContain('Failed: [`test (eu)`]');
  });

  test('is fetched while names are looked up', async () => {
    let release: () => void = () => undefined;
    const both = new Promise<void>((resolve) => {
      release = resolve;
    });
    github.gate = () => both;
    datadog.gate = ({ path }) => {
      if (path.endsWith('/projects')) release();
      return path.endsWith('/projects') ? both : undefined;
    };
    expect((await open({ project: 'OPS' })).outputs.outcome).toBe('created');
  });
});

describe('log_lines', () => {
  const log = [
    '2026-01-02T03:04:05.0000000Z ##[group]Run npm test',
    '2026-01-02T03:04:06.0000000Z expected ``` to be 2 @octocat',
    `2026-01-02T03:04:07.0000000Z leak ${DatadogSandbox.apiKey}`,
    '2026-01-02T03:04:08.0000000Z ##[error]Process completed with exit code 1.',
    '2026-01-02T03:04:08.5000000Z Post job cleanup.',
  ].join('\n');

  test('adds the last lines of each failed step, in a fence that they cannot break, without secrets', async () => {
    github.jobs = [failing(5, 'test', { log })];
    await open({ log_lines: '3' });
    expect(description()).toContain('Last lines of `Run tests` in `test`:\n\n````text\nexpected ```');
    expect(description()).toContain('leak ***\nError: Process completed with exit code 1.\n````');
    expect(flatten(tree(description())).filter(({ type }) => type === 'code')).toHaveLength(1);
  });

  test('says why a log is left out', async () => {
    github.jobs = [failing(5, 'running', { status: 'in_progress', conclusion: null }), failing(6, 'gone')];
    const core = await open({ log_lines: '3' });
    expect(core.outputs.outcome).toBe('created');
    expect(core.told('info')).toMatch(/job running is left out, since the job has not ended/);
    expect(core.told('info')).toMatch(/job gone is left out: GitHub answered with 404/);
  });

  test('is cut to a sane size, and says so', async () => {
    const long = Array.from(
      { length: 900 },
      (_, at) => `2026-01-02T03:04:06.0000000Z ${at} ${'x'.repeat(200)}`,
    ).join('\n');
    github.jobs = [failing(5, 'a', { log: long }), failing(6, 'b', { log: long })];
    await open({ log_lines: '1000' });
    expect(description().length).toBeLessThan(35_000);
    expect(description().match(/characters left out/g)).toHaveLength(2);
  });
});

describe('pr_comment', () => {
  const comment = (inputs: Record<string, string> = {}, payload: unknown = pull) =>
    open({ pr_comment: 'true', dedup_key: 'k', ...inputs }, { payload });

  test('links the case, once, and is updated after that', async () => {
    const first = await comment({ priority: 'P2' });
    expect(first.outputs.pr_comment_url).toBe(`${home}/pull/12#issuecomment-1000`);
    expect(first.summaryText).toContain(`${home}/pull/12#issuecomment-1000`);
    expect(github.comments[0]?.body).toBe(
      [
        `<!-- datadog-case ${first.outputs.case_id} seen 1 -->`,
        '**Datadog case [`OPS-1`](https://app.datadoghq.com/cases/OPS-1)**: `Deploy failed`',
        '',
        '| Status | Priority | Latest run | Failed |',
        '| --- | --- | --- | --- |',
        `| \`Open\` | \`P2\` | [\`Deploy #7\`](${home}/actions/runs/42/attempts/1) | 1 time |`,
      ].join('\n'),
    );
    await comment();
    expect(github.comments).toHaveLength(1);
    expect(github.comments[0]?.body).toContain('2 times |');
    const closed = await comment({ mode: 'close' });
    expect(github.comments[0]?.body).toMatch(/`Closed`.*2 times \|/s);
    expect(closed.outputs.pr_comment_url).toBe(first.outputs.pr_comment_url);
  });

  test('an id of any form makes nothing of the marker but a marker', async () => {
    const data = { id: 'x(--> <b>', attributes: { key: 'OPS-9' } };
    datadog.fail({ on: 'POST /api/v2/cases$', answer: { status: 201, body: { data } } });
    for (let at = 0; at < 2; at += 1) {
      const core = await comment({ dedup_key: '' });
      expect(core.told('warning')).toBe('');
    }
    expect(github.comments).toHaveLength(1);
    expect(github.comments[0]?.body).toMatch(/^<!-- datadog-case x-b- seen 2 -->\n/);
  });

  test('another case has another comment, and a case that nobody commented on gets none when it is closed', async () => {
    await comment();
    await comment({ dedup_key: 'other' });
    expect(github.comments).toHaveLength(2);
    expect(github.comments[1]?.body).toContain('| Status | Latest run | Failed |');
    github.comments = [];
    await comment({ mode: 'close' });
    expect(github.comments).toEqual([]);
  });

  test('is found among 250 comments, in few requests', async () => {
    const noise = (from: number) =>
      Array.from({ length: 120 }, (_, at) => ({ id: from + at, author: 'ada', body: 'Words.' }));
    await comment();
    github.comments = [...noise(1), ...github.comments, ...noise(200)];
    github.requests.length = 0;
    await comment();
    expect(github.comments).toHaveLength(241);
    expect(github.comments.filter(({ body }) => body.includes('2 times'))).toHaveLength(1);
    expect(github.calls.filter((call) => call === 'GET /repos/acme/shop/issues/12/comments')).toHaveLength(3);
  });

  test('another user’s copy of the marker is left alone', async () => {
    await comment();
    const copy = { id: 7, author: 'eve', body: github.comments[0]?.body.replace('seen 1', 'seen 900') ?? '' };
    github.comments.unshift({ ...copy });
    await comment();
    expect(github.comments[0]).toEqual(copy);
    expect(github.comments[1]?.body).toContain('2 times |');
  });

  test.each([
    ['pr_number', { pr_number: '12' }, {}],
    ['the event', {}, pull],
    ['workflow_run', {}, { workflow_run: { id: 9, pull_requests: [{ number: 12 }] } }],
    ['the commit, an open one first', {}, {}],
  ])('which pull request: by %s', async (name, inputs, payload) => {
    github.pulls['a'.repeat(40)] = name.startsWith('the commit')
      ? [
          { number: 3, state: 'closed' },
          { number: 12, state: 'open' },
        ]
      : [];
    const env = 'workflow_run' in payload ? { GITHUB_EVENT_NAME: 'workflow_run' } : {};
    await open({ pr_comment: 'true', ...inputs }, { payload, env });
    expect(github.comments).toHaveLength(1);
  });

  test('none: the log says so, and nothing fails', async () => {
    const core = await comment({}, {});
    expect(core.told('info')).toContain('No pull request gets a comment');
    expect(core.told('warning')).toBe('');
  });

  test('a read-only token: a warning that names the permission, and forks', async () => {
    github.permissions.delete('pull-requests: write');
    const core = await comment();
    expect(core.told('warning')).toMatch(/Resource not accessible.*pull-requests: write.*forks/);
    expect(core.outputs).toMatchObject({ outcome: 'created' });
    expect(core.outputs).not.toHaveProperty('pr_comment_url');
  });

  test('looks at the newest pages first, and at few at a time', async () => {
    await comment();
    const noise = Array.from({ length: 1150 }, (_, at) => ({ id: 5000 + at, author: 'ada', body: 'Words.' }));
    github.comments = [...noise, ...github.comments];
    github.requests.length = 0;
    await comment();
    const asked = github.requests.filter(
      ({ method, path }) => method === 'GET' && path.endsWith('/comments'),
    );
    const pages = asked.map(({ query }) => query.get('page'));
    expect(pages[0]).toBe('1');
    expect(pages.slice(1).sort()).toEqual(['10', '11', '12', '8', '9']);
    expect(github.comments.filter(({ body }) => body.includes('2 times'))).toHaveLength(1);
  });

  test.each<[Answer, number[]]>([
    [{ status: 404 }, []],
    [{ status: 422 }, []],
    [{ status: 403, body: { message: 'Resource not accessible by integration' } }, []],
    [{ status: 403, body: { message: 'You have exceeded a secondary rate limit' } }, [750, 1500]],
    [{ status: 429, body: { message: 'API rate limit exceeded' } }, [750, 1500]],
    [{ status: 429, headers: { 'Retry-After': '5' } }, [5000, 5000]],
    [{ status: 429, headers: { 'Retry-After': '6' } }, []],
    [{ status: 500 }, [750, 1500]],
    [{ status: 503, headers: { 'Retry-After': '0' } }, [0, 0]],
  ])('after %j it is tried again after these pauses: %j', async (answer, pauses) => {
    github.fail({ on: 'GET .*/issues/12/comments', answer });
    expect((await comment({ dedup_key: '' })).told('warning')).toContain('gets no comment');
    expect(clock.pauses).toEqual(pauses);
  });

  test.each([
    ['GET .*/pulls', 'no list of pull requests', {}],
    ['GET .*/comments', 'no list of comments', pull],
    ['POST .*/comments', 'no comment', pull],
  ])('an answer of another form to %s is said', async (on, words, payload) => {
    github.fail({ on, answer: { status: 200, body: { odd: true } } });
    expect((await comment({}, payload)).told('warning')).toContain(
      `GitHub answered with something that is ${words}`,
    );
  });

  test('a fault that passes is tried again, and the comment is not doubled', async () => {
    github.fail({ on: 'POST .*/issues/12/comments', times: 1, when: 'after', answer: { status: 502 } });
    const core = await comment();
    expect(core.told('warning')).toBe('');
    expect(github.comments).toHaveLength(1);
  });

  test('a secondary rate limit is waited for, if that is short', async () => {
    github.fail({
      on: 'GET .*/issues/12/comments',
      times: 1,
      answer: { status: 403, headers: { 'Retry-After': '2' }, body: { message: 'secondary rate limit' } },
    });
    expect((await comment()).told('warning')).toBe('');
    expect(clock.pauses).toContain(2000);
    github.fail({
      on: 'GET .*/issues/12/comments',
      answer: { status: 429, headers: { 'Retry-After': '60' } },
    });
    expect((await comment()).told('warning')).toContain('gets no comment');
  });

  test('the time that a step may take holds for GitHub too', async () => {
    github.fail({ on: 'GET .*/comments', answer: 'hang' });
    const started = clock.time;
    expect((await comment({ timeout: '3' })).told('warning')).toContain('gets no comment');
    expect(clock.time - started).toBeLessThanOrEqual(3000);
  });

  test('without a token there is a warning', async () => {
    expect((await comment({ github_token: '' })).told('warning')).toContain('no github_token');
  });

  test('the token reaches nothing that people read', async () => {
    github.fail({ on: '.', answer: { status: 400, body: { message: `bad ${GithubSandbox.token}` } } });
    const core = await comment();
    expect(core.masked).toContain(GithubSandbox.token);
    expect(core.everything).not.toContain(GithubSandbox.token);
  });
});
