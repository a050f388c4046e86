import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DatadogSandbox, DEPLOYMENT, OTHER_PROJECT, PERSON, PROJECT } from './support/datadog.ts';
import { goodInputs, step, TestClock } from './support/step.ts';

let sandbox: DatadogSandbox;
beforeEach(async () => {
  sandbox = await DatadogSandbox.start();
});
afterEach(() => sandbox.stop());

const open = (inputs: Record<string, string> = {}) =>
  step({ inputs: { ...goodInputs(sandbox), ...inputs }, clock: new TestClock() });

describe('project', () => {
  test.each([PROJECT.key, 'ops', PROJECT.name, 'OPERATIONS'])('%s', async (project) => {
    const core = await open({ project });
    expect(sandbox.cases[0]?.projectId).toBe(PROJECT.id);
    expect(core.summaryText).toContain('OPS');
  });

  test('appears in the summary as it was written, with its key', async () => {
    expect((await open({ project: 'payments' })).summaryText).toContain(`payments (${OTHER_PROJECT.key})`);
  });

  test('unknown: the known ones are listed, the nearest first', async () => {
    const core = await open({ project: 'PYA' });
    expect(core.told('error')).toMatch(/"PYA" is no project.*Known are PAY \("Payments"\), /);
    expect(core.told('error')).toContain('Project not found');
    expect(sandbox.cases).toEqual([]);
  });

  test('two of one name: their keys and ids are listed', async () => {
    expect((await open({ project: 'web' })).told('error')).toMatch(
      /WEBA \("Web", c0ffee.*0\), WEBB \("Web", c0ffee.*1\)/,
    );
  });
});

describe('case type', () => {
  test.each(['Deployment failure', 'deployment FAILURE', DEPLOYMENT])('%s', async (type) => {
    const core = await open({ type_id: type });
    expect(sandbox.cases[0]?.attributes.type_id).toBe(DEPLOYMENT);
    expect(core.summaryText).toContain(type);
  });

  test.each(['Deploymet', 'deploy', 'Failure'])('part of a name, %s, is near to it', async (type_id) => {
    expect((await open({ type_id })).told('error')).toContain('Known are Deployment failure, ');
  });

  test('unknown: the known ones are listed, the nearest first, and not all of 200', async () => {
    const error = (await open({ type_id: 'Deploy failure' })).told('error');
    expect(error).toMatch(/Known are Deployment failure, /);
    expect(error).toMatch(/and \d+ more\./);
    expect(error.length).toBeLessThan(1000);
  });

  test('several of one name: their ids are listed', async () => {
    expect((await open({ type_id: 'incident' })).told('error')).toMatch(/dec1de00\S+71, dec1de00\S+72/);
  });

  test('and project both unknown: both are said', async () => {
    const error = (await open({ type_id: 'Nope', project: 'Nope' })).told('error');
    expect(error).toMatch(/project: "Nope"[\s\S]*type_id: "Nope"/);
  });
});

describe('assignee', () => {
  test('the exact address counts, in any case, and the account that is of use', async () => {
    await open({ assignee: 'Ada@ACME.example' });
    expect(sandbox.cases[0]?.assigneeId).toBe(PERSON.id);
  });

  test('is found beyond the first page', async () => {
    await open({ assignee: 'late@acme.example' });
    expect(sandbox.cases[0]?.assigneeId).toMatch(/5$/);
    expect(sandbox.calls.filter((call) => call === 'GET /api/v2/users')).toHaveLength(2);
  });

  test.each([
    ['nobody@acme.example', 'nobody whom this key may see'],
    ['gone@acme.example', 'disabled'],
  ])('%s: the case is opened unassigned, and says so', async (assignee, words) => {
    const core = await open({ assignee });
    expect(core.outputs.outcome).toBe('created');
    expect(core.told('warning')).toContain(words);
    expect(core.told('warning')).toContain('dry_run: true');
    expect(sandbox.cases[0]?.assigneeId).toBeUndefined();
    expect(sandbox.cases[0]?.attributes.description).toContain(`"${assignee}"`);
  });
});

describe('custom attributes', () => {
  test('bare and typed, mixed', async () => {
    const typed = { type: 'SELECT', is_multi: false, value: 'eu' };
    await open({
      type_id: 'Deployment failure',
      custom_attributes: JSON.stringify({ region: typed, failures: '3', services: 'cart' }),
    });
    expect(sandbox.cases[0]?.attributes.custom_attributes).toEqual({
      region: typed,
      failures: { type: 'NUMBER', is_multi: false, value: 3 },
      services: { type: 'TEXT', is_multi: true, value: ['cart'] },
    });
  });

  test('what does not fit is left out, the others are set', async () => {
    const core = await open({
      type_id: 'Deployment failure',
      custom_attributes: 'regoin: eu\nfailures: many\nservices: cart',
    });
    expect(sandbox.cases[0]?.attributes.custom_attributes).toEqual({
      services: { type: 'TEXT', is_multi: true, value: ['cart'] },
    });
    expect(core.told('warning')).toMatch(/no "regoin"; it has "region"/);
    expect(core.told('warning')).toMatch(/"failures" is a NUMBER/);
    expect(sandbox.cases[0]?.attributes.description).toContain('regoin');
    expect(sandbox.calls.filter((call) => call.startsWith('POST'))).toHaveLength(1);
  });

  test('the settings cannot be had: the case is opened without them', async () => {
    sandbox.fail({
      on: 'GET /api/v2/cases/types/',
      answer: { status: 403, body: { errors: ['Forbidden'] } },
    });
    const core = await open({ type_id: DEPLOYMENT, custom_attributes: 'region: eu' });
    expect(core.outputs.outcome).toBe('created');
    expect(core.told('warning')).toContain('cases_read');
  });
});

describe('attributes', () => {
  test('are set once the case exists', async () => {
    const core = await open({ attributes: 'service: checkout\nenv: prod' });
    expect(sandbox.calls).toEqual([
      'POST /api/v2/cases',
      `POST /api/v2/cases/${sandbox.cases[0]?.id}/attributes`,
    ]);
    expect(sandbox.cases[0]?.attributes.attributes).toEqual({ service: ['checkout'], env: ['prod'] });
    expect(core.told('warning')).toBe('');
  });

  test('if that fails, the case stands and a warning names them', async () => {
    sandbox.fail({
      on: 'POST .*/attributes',
      answer: { status: 400, body: { errors: ['no such attribute'] } },
    });
    const core = await open({ attributes: 'service: checkout\nenv: prod' });
    expect(core.failed).toBe(false);
    expect(core.outputs).toMatchObject({ case_key: 'OPS-1', outcome: 'created' });
    expect(core.told('warning')).toMatch(/not set: service, env\..*no such attribute/);
  });
});

describe('requests', () => {
  test('ids and typed attributes cost none but the create', async () => {
    const typed = JSON.stringify({ region: { type: 'SELECT', is_multi: false, value: 'eu' } });
    await open({ type_id: DEPLOYMENT, assignee: PERSON.id, custom_attributes: typed });
    expect(sandbox.calls).toEqual(['POST /api/v2/cases']);
  });

  test('look-ups wait for none of each other: nothing is answered until all three are asked', async () => {
    let release: () => void = () => undefined;
    const all = new Promise<void>((resolve) => {
      release = resolve;
    });
    sandbox.gate = async ({ method }) => {
      if (sandbox.requests.length === 3) release();
      if (method === 'GET') await all;
    };
    const core = await open({ project: 'OPS', type_id: 'Deployment failure', assignee: PERSON.email });
    expect(core.outputs.outcome).toBe('created');
    expect(sandbox.calls).toHaveLength(4);
  });

  test('a dry run looks everything up, shows it, and creates nothing', async () => {
    const core = await open({
      dry_run: 'true',
      project: 'PAY',
      assignee: PERSON.email,
      attributes: 'env: prod',
    });
    expect(core.outputs.outcome).toBe('planned');
    expect(core.outputs.request).toContain(OTHER_PROJECT.id);
    expect(core.summaryText).toContain('"env"');
    expect(sandbox.calls.filter((call) => call.startsWith('POST'))).toEqual([]);
  });

  test('a dry run reports drift as an error', async () => {
    const core = await open({ dry_run: 'true', assignee: 'gone@acme.example', custom_attributes: 'nope: x' });
    expect(core.failed).toBe(true);
    expect(core.told('error')).toMatch(/assignee: [\s\S]*custom_attributes: /);
  });
});

describe('a look-up that fails', () => {
  const forbidden = { status: 403, body: { errors: ['Forbidden'] } };

  test.each([
    ['/api/v2/cases/projects', 'The project "OPS" could not be looked up'],
    ['/api/v2/cases/types', 'The case type "Deployment failure" could not be looked up'],
  ])('%s: says what it looked for and which permission it takes', async (path, words) => {
    sandbox.fail({ on: `GET ${path}`, answer: forbidden });
    const core = await open({ project: 'OPS', type_id: 'Deployment failure' });
    expect(core.told('error')).toContain(words);
    expect(core.told('error')).toContain('permission cases_read');
    expect(sandbox.cases).toEqual([]);
  });

  test('people: the case is opened unassigned, and the permission is named', async () => {
    sandbox.fail({ on: 'GET /api/v2/users', answer: forbidden });
    const core = await open({ assignee: PERSON.email });
    expect(core.outputs.outcome).toBe('created');
    expect(core.told('warning')).toContain('user_access_read');
  });

  test('an outage while a name is looked up is an outage', async () => {
    sandbox.fail({ on: 'GET', answer: { status: 503 } });
    const core = await open({ project: 'OPS', fail_on_error: 'config' });
    expect(core.failed).toBe(false);
    expect(core.told('warning')).not.toContain('may exist');
  });

  test('an answer that is no list is said to be none', async () => {
    sandbox.fail({ on: 'GET', answer: { status: 200, body: { data: { odd: true } } } });
    expect((await open({ project: 'OPS' })).told('error')).toContain('not with a list');
  });
});
