import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DatadogSandbox, PROJECT, STANDARD } from './support/datadog.ts';
import { goodInputs, REFERENCE, step, TestClock, TestCore } from './support/step.ts';

let sandbox: DatadogSandbox;
let clock: TestClock;
beforeEach(async () => {
  sandbox = await DatadogSandbox.start();
  clock = new TestClock();
  sandbox.onHang = clock.expire;
});
afterEach(() => sandbox.stop());

const open = (inputs: Record<string, string> = {}, more: Partial<Parameters<typeof step>[0]> = {}) =>
  step({ inputs: { ...goodInputs(sandbox), ...inputs }, clock, ...more });

describe('a case is created', () => {
  test('in one request, whose body is nothing but what was asked for', async () => {
    await open();
    expect(sandbox.calls).toEqual(['POST /api/v2/cases']);
    expect(sandbox.requests[0]?.body).toEqual({
      data: {
        type: 'case',
        attributes: {
          title: 'Deploy failed',
          type_id: STANDARD,
          description: REFERENCE,
          priority: 'NOT_DEFINED',
        },
        relationships: { project: { data: { id: PROJECT.id, type: 'project' } } },
      },
    });
    expect(sandbox.requests[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      'dd-api-key': DatadogSandbox.apiKey,
      'dd-application-key': DatadogSandbox.appKey,
      'user-agent': expect.stringMatching(/^datadog-case-action\/\d+\.\d+\.\d+$/),
    });
  });

  test('with every field', async () => {
    const custom = { region: { type: 'SELECT', is_multi: true, value: ['eu', 'us'] } };
    await open(
      {
        type_id: 'security',
        priority: 'p1',
        assignee: 'AAAAAAAA-1111-4222-8333-444455556666',
        description: 'First.',
        description_file: 'more.md',
        status_name: 'In Progress',
        custom_attributes: JSON.stringify(custom),
      },
      { files: { 'more.md': 'Second.\n' } },
    );
    expect(sandbox.requests[0]?.body).toMatchObject({
      data: {
        attributes: {
          type_id: '00000000-0000-0000-0000-000000000003',
          priority: 'P1',
          description: `First.\n\nSecond.\n\n${REFERENCE}`,
          status_name: 'In Progress',
          custom_attributes: custom,
        },
        relationships: { assignee: { data: { id: 'aaaaaaaa-1111-4222-8333-444455556666', type: 'user' } } },
      },
    });
  });

  test('with a token alone', async () => {
    const { outputs } = await open({ api_key: '', app_key: '', access_token: DatadogSandbox.token });
    expect(outputs.outcome).toBe('created');
    expect(sandbox.requests[0]?.headers).not.toHaveProperty('dd-api-key');
  });

  test('and all outputs name it', async () => {
    const { outputs } = await open({ site: 'us5.datadoghq.com' });
    expect(outputs).toMatchObject({
      case_id: sandbox.cases[0]?.id,
      case_key: 'OPS-1',
      case_url: 'https://us5.datadoghq.com/cases/OPS-1',
      case_status: 'Open',
      outcome: 'created',
    });
    expect(JSON.parse(outputs.case ?? '')).toMatchObject({ id: sandbox.cases[0]?.id, type: 'case' });
    expect(JSON.parse(outputs.request ?? '')).toEqual(sandbox.requests[0]?.body);
  });

  test('and the notice and the summary say where it is', async () => {
    const core = await open({ priority: 'P2' });
    expect(core.told('notice')).toContain('https://app.datadoghq.com/cases/OPS-1');
    expect(core.summaryText).toContain('[`OPS-1`](https://app.datadoghq.com/cases/OPS-1)');
    expect(core.summaryText).toContain('`P2`');
  });

  test.each([
    [
      { id: 'x-1', attributes: {} },
      { case_id: 'x-1', case_key: '', case_url: 'https://app.datadoghq.com/cases/x-1', case_status: '' },
    ],
    [
      { id: 'x-1', attributes: { key: 'OPS-9', status: 'OPEN' } },
      { case_key: 'OPS-9', case_status: 'OPEN' },
    ],
    [
      { id: 'x-1', attributes: { status_group: 'SG_IN_PROGRESS', status: 'OPEN' } },
      { case_status: 'IN_PROGRESS' },
    ],
    [{ id: 'x-1' }, { case_id: 'x-1' }],
  ])('even if the answer is only %j', async (data, outputs) => {
    sandbox.fail({ on: 'POST', when: 'after', answer: { status: 201, body: { data } } });
    expect((await open()).outputs).toMatchObject({ outcome: 'created', ...outputs });
  });

  test('even if outputs and summary cannot be written', async () => {
    const core = new TestCore();
    Object.assign(core.asCore, {
      setOutput: () => {
        throw new Error('disk full');
      },
      summarise: () => {
        throw new Error('no summary');
      },
    });
    await open({}, { core });
    expect(core.failed).toBe(false);
    expect(core.told('warning')).toContain('case_id could not be set: disk full');
    expect(core.told('notice')).toContain('OPS-1');
  });
});

describe('what drifted is left out', () => {
  test('a file that is not there, with a warning and a line in the description', async () => {
    const core = await open({ description: 'Words.', description_file: 'gone.md' });
    expect(core.outputs.outcome).toBe('created');
    expect(core.told('warning')).toContain('"gone.md" is not read, because it is not there');
    expect(sandbox.cases[0]?.attributes.description).toMatch(/^Words\.\n\n\*Left out:\* description_file/);
  });

  test('an optional field that is refused: the case is opened without it', async () => {
    const core = await open({ status_name: 'Gone', priority: 'P1', description: 'Words.' });
    expect(core.outputs.outcome).toBe('created');
    expect(core.told('warning')).toContain('It is left out');
    expect(sandbox.cases).toHaveLength(1);
    expect(sandbox.cases[0]?.attributes).toMatchObject({ priority: 'P1', status_name: 'Open' });
    expect(sandbox.cases[0]?.attributes.description).toContain('invalid status Gone');
    expect(JSON.parse(core.outputs.request ?? '')).toEqual(sandbox.requests[1]?.body);
  });

  test('all of a text that is too long, whatever the limit may be: the case is opened with its beginning', async () => {
    sandbox.longest = { title: 300, description: 20_000 };
    const core = await open({ title: `Deploy failed ${'x'.repeat(300)}`, description: 'word '.repeat(6000) });
    expect(core.outputs.outcome).toBe('created');
    expect(core.told('warning')).toMatch(/title: .*too long.*shortened[\s\S]*description: .*shortened/);
    expect(sandbox.cases).toHaveLength(1);
    const { title, description } = sandbox.cases[0]?.attributes ?? { title: '', description: '' };
    expect(title).toMatch(/^Deploy failed x+…$/);
    expect(description).toMatch(
      new RegExp(`^(word )+word…\n\n\\*Left out:.*\n\n.*shortened.*\n\n${REFERENCE}$`),
    );
  });

  test('long texts stay whole where it is something else that is refused', async () => {
    const core = await open({ status_name: 'Gone', description: 'word '.repeat(6000) });
    expect(core.told('warning')).not.toContain('shortened');
    expect(sandbox.calls).toHaveLength(2);
    expect(sandbox.cases[0]?.attributes.description.length).toBeGreaterThan(29_000);
  });

  test('and so after 413', async () => {
    sandbox.fail({ on: 'POST', times: 1, answer: { status: 413, body: '<html>' } });
    const core = await open({ description_file: 'long.md' }, { files: { 'long.md': 'x'.repeat(90_000) } });
    expect(core.outputs.outcome).toBe('created');
    expect(sandbox.cases[0]?.attributes.description.length).toBeLessThan(12_000);
  });

  test('if that is refused too, the first answer is the error', async () => {
    sandbox.fail(
      { on: 'POST', times: 1, answer: { status: 422, body: { errors: ['first'] } } },
      { on: 'POST', answer: { status: 400, body: { errors: ['second'] } } },
    );
    const core = await open({ status_name: 'Open' });
    expect(core.told('error')).toContain('422: first');
    expect(core.told('error')).not.toContain('second');
    expect(sandbox.calls).toHaveLength(2);
  });

  test('a refusal with nothing optional set is not repeated', async () => {
    sandbox.fail({ on: 'POST', answer: { status: 400 } });
    expect((await open()).failed).toBe(true);
    expect(sandbox.calls).toHaveLength(1);
  });

  test('a dry run reports it as an error', async () => {
    const core = await open({ dry_run: 'true', description_file: 'gone.md' });
    expect(core.outputs.outcome).toBe('failed');
    expect(core.told('error')).toContain('gone.md');
  });
});

test('a dry run shows the request and sends nothing', async () => {
  const core = await open({ dry_run: 'true', priority: 'P4' });
  expect(sandbox.calls).toEqual([]);
  expect(core.outputs.outcome).toBe('planned');
  expect(JSON.parse(core.outputs.request ?? '')).toMatchObject({ data: { attributes: { priority: 'P4' } } });
  expect(core.summaryText).toContain('"priority": "P4"');
});

describe('failures are said with their cure', () => {
  test.each([
    [403, { errors: ['Forbidden'] }, /403: Forbidden.*site.*cases_write/s, 'Wrong key'],
    [401, '', /401.*site/s, 'Wrong key'],
    [
      404,
      { errors: [{ title: 'project not found' }] },
      /project not found.*Check project/s,
      'Project not found',
    ],
    [404, { errors: [{ title: 'case type not found' }] }, /Check type_id/, 'Case type not found'],
    [
      404,
      { errors: [{ title: 'x custom attribute configuration not found', meta: { key: 'region' } }] },
      /\(region\)/,
      'Custom attribute',
    ],
    [404, '', /site or api_url/, 'did not accept'],
    [
      400,
      { errors: [{ title: 'Generic Error', detail: 'invalid priority' }] },
      /invalid priority/,
      'did not accept',
    ],
    [429, '', /limits how often/, 'Rate limited'],
    [500, '<html>', /web page.*may exist/s, 'did not answer'],
    [302, '', /Redirects are not followed/, 'Wrong key'],
    [201, { data: [] }, /holds no case.*may exist/s, 'no case'],
    [200, 'Welcome!', /not with JSON: Welcome!.*may exist/s, 'no case'],
    [201, '', /holds no case/, 'no case'],
  ])('%d %j', async (status, body, words, help) => {
    sandbox.fail({ on: 'POST', answer: { status, body } });
    const core = await open();
    expect(core.told('error')).toMatch(words);
    expect(core.told('error')).toContain(help);
    expect(core.outputs).toEqual({ outcome: 'failed' });
    expect(core.summaryText).toMatch(/No case was opened in Datadog|not known whether the case was opened/);
    expect(core.told('debug')).toBe('');
  });

  test.each(['drop', 'hang'] as const)('%s', async (answer) => {
    sandbox.fail({ on: 'POST', answer });
    const core = await open();
    expect(core.told('error')).toContain('may exist');
    expect(core.told('error')).toContain('did not answer');
  });

  test('the causes are shown when debug logging is on', async () => {
    sandbox.fail({ on: 'POST', answer: 'drop' });
    const core = new TestCore();
    core.debugging = true;
    await open({}, { core });
    expect(core.told('debug')).toMatch(/NetworkError[\s\S]*Caused by FetchError/);
  });

  test('something thrown that is no error fails the step', async () => {
    clock.now = () => {
      throw 'a text';
    };
    const core = await open();
    expect(core.told('error')).toContain('a text');
    expect(core.failed).toBe(true);
    expect(core.outputs).toEqual({ outcome: 'failed' });
  });

  test('something thrown once the case exists changes nothing', async () => {
    const core = new TestCore();
    Object.assign(core.asCore, {
      notice: () => {
        throw 'a text';
      },
    });
    await open({}, { core });
    expect(core.told('warning')).toContain('a text');
    expect(core.failed).toBe(false);
    expect(core.outputs.outcome).toBe('created');
    expect(core.outputs.case_key).toBe('OPS-1');
  });
});

describe('fail_on_error', () => {
  test.each([
    ['true', 503, true],
    ['true', 403, true],
    ['false', 503, false],
    ['false', 403, false],
    ['config', 503, false],
    ['config', 429, false],
    ['config', 403, true],
    ['config', 400, true],
  ])('%s with %d: fails %j', async (policy, status, fails) => {
    sandbox.fail({ on: 'POST', answer: { status } });
    const core = await open({ fail_on_error: policy });
    expect(core.failed).toBe(fails);
    expect(core.outputs.outcome).toBe('failed');
    if (!fails) expect(core.told('warning')).toContain('The step passes');
  });

  test('counts for wrong inputs as well', async () => {
    expect((await open({ fail_on_error: 'config', priority: 'P9' })).failed).toBe(true);
    expect((await open({ fail_on_error: 'false', priority: 'P9' })).failed).toBe(false);
  });
});

describe('where GitHub passes no secrets', () => {
  const pull = (head: string | null) => ({
    pull_request: {
      head: { repo: head === null ? null : { full_name: head } },
      base: { repo: { full_name: 'acme/shop' } },
    },
  });
  const without = { api_key: '', app_key: '' };

  test.each([
    ['a fork', pull('eve/shop'), { GITHUB_EVENT_NAME: 'pull_request' }],
    ['a fork that is gone', pull(null), { GITHUB_EVENT_NAME: 'pull_request' }],
    ['Dependabot', pull('acme/shop'), { GITHUB_ACTOR: 'dependabot[bot]' }],
  ])('%s: the step says so and passes', async (_, payload, env) => {
    const core = await open(without, { payload, env });
    expect(core.outputs).toEqual({ outcome: 'skipped' });
    expect(core.failed).toBe(false);
    expect(core.told('notice')).toContain('no secrets');
  });

  test.each([
    ['a branch of the repository itself', pull('acme/shop'), { GITHUB_EVENT_NAME: 'pull_request' }],
    ['pull_request_target', pull('eve/shop'), { GITHUB_EVENT_NAME: 'pull_request_target' }],
    ['a push', {}, { GITHUB_EVENT_NAME: 'push' }],
  ])('%s: missing credentials are an error', async (_, payload, env) => {
    const core = await open(without, { payload, env });
    expect(core.failed).toBe(true);
    expect(core.told('error')).toContain('api_key');
  });

  test('a fork that has credentials is served', async () => {
    const core = await open({}, { payload: pull('eve/shop'), env: { GITHUB_EVENT_NAME: 'pull_request' } });
    expect(core.outputs.outcome).toBe('created');
  });
});

describe('secrets', () => {
  test('are masked before anything else, and reach nothing that people read', async () => {
    const echo = { errors: [`bad key ${DatadogSandbox.apiKey}`] };
    sandbox.fail({ on: 'POST', answer: { status: 400, body: echo } });
    const core = await open({ description: `leak ${DatadogSandbox.appKey}` });
    expect(core.masked).toEqual([DatadogSandbox.apiKey, DatadogSandbox.appKey]);
    expect(core.told('error')).toContain('bad key ***');
    for (const secret of core.masked) expect(core.everything).not.toContain(secret);
  });

  test('reach neither title nor description', async () => {
    const leak = `leak ${DatadogSandbox.appKey}`;
    await open({ title: leak, description: leak });
    expect(sandbox.cases[0]?.attributes).toMatchObject({
      title: 'leak ***',
      description: `leak ***\n\n${REFERENCE}`,
    });
  });

  test('too short to be one are not masked, nor are the lines of a structure', async () => {
    const core = await open({ api_key: 'x', app_key: '{\n"key": "0123456789"\n}' });
    expect(core.masked).toEqual(['"key": "0123456789"']);
  });
});

test('at most ten annotations of a kind, the rest in the log', async () => {
  const unknown = Object.fromEntries(Array.from({ length: 14 }, (_, at) => [`unknown_${at}`, 'x']));
  const core = await open(unknown);
  expect(core.said.filter(({ kind }) => kind === 'warning').length).toBeLessThanOrEqual(10);
  expect(core.told('info').match(/Warning: /g)).toHaveLength(5);
  expect(core.summaryText).toContain('unknown_13');
});
