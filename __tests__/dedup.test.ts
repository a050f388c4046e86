import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { derive } from '../src/datadog/reference.ts';
import { DatadogSandbox, OTHER_PROJECT, PROJECT } from './support/datadog.ts';
import { goodInputs, REFERENCE, step, TestClock } from './support/step.ts';

let sandbox: DatadogSandbox;
let clock: TestClock;
beforeEach(async () => {
  sandbox = await DatadogSandbox.start();
  clock = new TestClock();
  sandbox.now = clock.now;
  sandbox.onHang = clock.expire;
});
afterEach(() => sandbox.stop());

const key = 'deploy-main';
const word = derive(PROJECT.id, key);
const run = {
  GITHUB_SERVER_URL: 'https://github.example',
  GITHUB_REPOSITORY: 'acme/shop',
  GITHUB_RUN_ID: '42',
  GITHUB_RUN_ATTEMPT: '2',
  GITHUB_WORKFLOW: 'Deploy',
  GITHUB_RUN_NUMBER: '7',
};
const runUrl = 'https://github.example/acme/shop/actions/runs/42/attempts/2';

const open = (inputs: Record<string, string> = {}) =>
  step({ inputs: { ...goodInputs(sandbox), dedup_key: key, ...inputs }, env: run, clock });
const close = (inputs: Record<string, string> = {}) => open({ mode: 'close', title: '', ...inputs });
const seeded = (given = {}, projectId = PROJECT.id) =>
  sandbox.seed({ description: `Words.\n\n${word}`, ...given }, projectId);

describe('open', () => {
  test('the first time creates a case that carries the reference', async () => {
    const { outputs } = await open({ description: 'Words.', run_context: 'false' });
    expect(outputs.outcome).toBe('created');
    expect(sandbox.cases[0]?.attributes.description).toBe(`Words.\n\n${REFERENCE}\n\n${word}`);
  });

  test('again finds it, says so in its timeline, and links the run', async () => {
    const first = await open();
    const core = await open({ title: 'Deploy failed again' });
    expect(sandbox.cases).toHaveLength(1);
    expect(core.outputs).toMatchObject({
      outcome: 'existing',
      case_id: first.outputs.case_id,
      case_key: 'OPS-1',
    });
    expect(sandbox.cases[0]?.comments).toEqual([expect.stringContaining(`(${runUrl})`)]);
    expect(sandbox.cases[0]?.comments[0]).toContain('`Deploy failed again`');
    expect(core.summaryText).toContain('already open');
  });

  test('on_existing: ignore stays silent', async () => {
    seeded();
    expect((await open({ on_existing: 'ignore' })).outputs.outcome).toBe('existing');
    expect(sandbox.cases[0]?.comments).toEqual([]);
  });

  test('a comment that fails is a warning', async () => {
    seeded();
    sandbox.fail({ on: 'POST .*/comment', answer: { status: 500 } });
    const core = await open();
    expect(core.outputs.outcome).toBe('existing');
    expect(core.told('warning')).toContain('OPS-1 got no comment');
    expect(sandbox.calls.filter((call) => call.endsWith('/comment'))).toHaveLength(1);
  });

  test.each([
    ['closed', () => seeded({ status: 'CLOSED', status_group: 'SG_CLOSED' })],
    ['closed, as older answers say it', () => seeded({ status: 'CLOSED', status_group: undefined })],
    ['archived', () => seeded({ archived_at: '2026-01-01T00:00:00Z' })],
    ['of another project', () => seeded({}, OTHER_PROJECT.id)],
    ['without the reference', () => seeded({ description: 'Words.', title: `About ${word}` })],
  ])('a case that is %s does not count', async (_, seed) => {
    seed();
    expect((await open()).outputs.outcome).toBe('created');
  });

  test('of several, the oldest counts', async () => {
    seeded();
    const oldest = seeded({ created_at: '2025-12-31T00:00:00Z' });
    seeded();
    expect((await open()).outputs.case_id).toBe(oldest.id);
  });

  test('of several of one time, the lowest id counts', async () => {
    const [first] = [seeded(), seeded()];
    expect((await open()).outputs.case_id).toBe(first.id);
  });

  test('a case that says itself that it is of another project does not count, whatever the search says', async () => {
    const other = {
      id: 'other',
      attributes: { description: word },
      relationships: { project: { data: { id: OTHER_PROJECT.id } } },
    };
    sandbox.fail({
      on: 'GET /api/v2/cases$',
      times: 2,
      answer: { status: 200, body: { data: [other, null] } },
    });
    expect((await open()).outputs.outcome).toBe('created');
  });

  test('one whose project the search does not tell does', async () => {
    const other = { id: 'other', attributes: { description: word } };
    sandbox.fail({ on: 'GET /api/v2/cases$', answer: { status: 200, body: { data: [other] } } });
    expect((await open()).outputs.case_id).toBe('other');
  });

  test('among 200 cases it is found in at most two searches', async () => {
    for (let at = 0; at < 100; at += 1) sandbox.seed({});
    const wanted = seeded();
    for (let at = 0; at < 99; at += 1) sandbox.seed({});
    expect((await open()).outputs.case_id).toBe(wanted.id);
    expect(sandbox.calls.filter((call) => call === 'GET /api/v2/cases').length).toBeLessThanOrEqual(2);
  });

  test('among the newest it is found even if the index does not know phrases', async () => {
    for (let at = 0; at < 150; at += 1) sandbox.seed({});
    const wanted = seeded();
    for (let at = 0; at < 150; at += 1) sandbox.seed({}, OTHER_PROJECT.id);
    sandbox.fail({ on: 'GET /api/v2/cases$', times: 1, answer: { status: 200, body: { data: [] } } });
    expect((await open()).outputs.case_id).toBe(wanted.id);
  });

  test('or refuses them', async () => {
    const wanted = seeded();
    sandbox.fail({ on: 'GET /api/v2/cases$', times: 1, answer: { status: 400 } });
    const core = await open();
    expect(core.outputs.case_id).toBe(wanted.id);
    expect(core.told('warning')).toBe('');
  });

  test('if the search keeps failing the case is opened all the same, with a warning', async () => {
    sandbox.fail({ on: 'GET /api/v2/cases$', answer: { status: 403, body: { errors: ['Forbidden'] } } });
    const core = await open();
    expect(core.outputs.outcome).toBe('created');
    expect(core.told('warning')).toMatch(/could not be looked up.*cases_read.*a new one is opened/);
  });

  test('what would only have been needed for a new case cannot fail a found one', async () => {
    seeded();
    const core = await open({ type_id: 'No such type' });
    expect(core.outputs.outcome).toBe('existing');
    expect(core.failed).toBe(false);
  });

  test('a dry run finds it, and writes nothing', async () => {
    seeded();
    const core = await open({ dry_run: 'true' });
    expect(core.outputs.outcome).toBe('planned');
    expect(core.told('info')).toContain('OPS-1 is open already');
    expect(sandbox.calls.filter((call) => call.startsWith('POST'))).toEqual([]);
  });

  test('without a key nothing is searched', async () => {
    await open({ dedup_key: '' });
    await open({ dedup_key: '' });
    expect(sandbox.calls).toEqual(['POST /api/v2/cases', 'POST /api/v2/cases']);
  });
});

describe('hostile keys', () => {
  const operators = fc.constantFrom(
    '"',
    '\\',
    '\n',
    ' OR ',
    ' AND ',
    '-status:closed',
    'project_id:',
    '*',
    '(',
    ')',
    '$&',
    "'",
  );
  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(operators, { maxLength: 8 }).map((parts) => `k${parts.join('')}`),
  );

  test('open and find their own case and no other', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(hostile, { minLength: 2, maxLength: 3, selector: (text) => text.trim() }),
        async (keys) => {
          fc.pre(keys.every((text) => text.trim()));
          sandbox.cases.length = 0;
          const ids = [];
          for (const dedup_key of keys) ids.push((await open({ dedup_key })).outputs.case_id);
          expect(new Set(ids).size).toBe(keys.length);
          for (const [at, dedup_key] of keys.entries()) {
            const { outputs } = await open({ dedup_key });
            expect(outputs).toMatchObject({ outcome: 'existing', case_id: ids[at] });
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test('of 10,000 characters', async () => {
    const dedup_key = '"\\'.repeat(5000);
    await open({ dedup_key });
    expect((await open({ dedup_key })).outputs.outcome).toBe('existing');
    expect((await open({ dedup_key: `${dedup_key}x` })).outputs.outcome).toBe('created');
  });
});

describe('mode: close', () => {
  test('comments with a link to the run, then closes', async () => {
    seeded();
    const core = await close();
    expect(core.outputs).toMatchObject({ outcome: 'closed', case_key: 'OPS-1', case_status: 'Closed' });
    expect(sandbox.cases[0]?.comments).toEqual([expect.stringMatching(/Resolved.*attempts\/2/)]);
    expect(sandbox.calls.slice(-2).map((call) => call.split('/').at(-1))).toEqual(['comment', 'status']);
    expect(core.summaryText).toContain('closed in Datadog');
  });

  test('with the status that is asked for', async () => {
    seeded();
    expect((await close({ status_name: 'Resolved' })).outputs.case_status).toBe('Resolved');
  });

  test('with the type’s own status, if the one that is asked for is gone', async () => {
    seeded();
    const core = await close({ status_name: 'Gone' });
    expect(core.outputs).toMatchObject({ outcome: 'closed', case_status: 'Closed' });
    expect(core.told('warning')).toContain('invalid status Gone');
  });

  test('or if the one that is asked for does not close', async () => {
    seeded();
    const core = await close({ status_name: 'In Progress' });
    expect(core.outputs).toMatchObject({ outcome: 'closed', case_status: 'Closed' });
    expect(core.told('warning')).toMatch(/status_name: .*the case is not closed/);
  });

  test('closes what was doubled as well, and names the oldest', async () => {
    const oldest = seeded();
    seeded();
    seeded({ status: 'CLOSED', status_group: 'SG_CLOSED' });
    const core = await close();
    expect(core.outputs).toMatchObject({ outcome: 'closed', case_id: oldest.id });
    expect(core.told('warning')).toBe('');
    expect(sandbox.open).toEqual([]);
    const [, double, closed] = sandbox.cases;
    expect(double?.comments).toEqual([expect.stringContaining('Duplicate of [`OPS-1`]')]);
    expect(closed?.comments).toEqual([]);
  });

  test('a double that cannot be closed is a warning', async () => {
    seeded();
    const double = seeded();
    sandbox.fail({ on: `POST .*/${double.id}/status`, answer: { status: 403 } });
    const core = await close();
    expect(core.outputs).toMatchObject({ outcome: 'closed', case_key: 'OPS-1' });
    expect(core.told('warning')).toContain('OPS-2 duplicates OPS-1');
  });

  test('nothing found: outcome none, and the step passes', async () => {
    const core = await close();
    expect(core.outputs).toEqual({ outcome: 'none' });
    expect(core.failed).toBe(false);
    expect(core.summaryText).toContain('No Datadog case to close');
  });

  test('needs a key, and no title', async () => {
    const core = await close({ dedup_key: '' });
    expect(core.told('error')).toContain('dedup_key: is required to close');
    expect(core.told('error')).not.toContain('title');
    expect(core.told('error')).toContain('No case was closed');
  });

  test('a comment that fails is a warning', async () => {
    seeded();
    sandbox.fail({ on: 'POST .*/comment', answer: 'drop' });
    const core = await close();
    expect(core.outputs.outcome).toBe('closed');
    expect(core.told('warning')).toContain('got no comment');
  });

  test('a search or a change of status that keeps failing is an error', async () => {
    seeded();
    sandbox.fail({ on: 'POST .*/status', answer: { status: 500 } });
    const core = await close();
    expect(core.outputs).toMatchObject({ outcome: 'failed', case_key: 'OPS-1' });
    expect(core.failed).toBe(true);
    sandbox.fail({ on: 'GET', answer: { status: 403 } });
    expect((await close()).told('error')).toMatch(
      /The open case of this dedup_key could not be looked up.*cases_read/,
    );
  });

  test('a dry run finds it, and changes nothing', async () => {
    seeded();
    const core = await close({ dry_run: 'true' });
    expect(core.outputs).toEqual({ outcome: 'planned' });
    expect(core.summaryText).toContain('would be closed');
    expect(sandbox.calls.filter((call) => call.startsWith('POST'))).toEqual([]);
  });
});

describe('a create whose answer was lost', () => {
  test.each(['drop', 'hang', { status: 500 }, { status: 201, body: 'garbage' }] as const)(
    'was done, then %j: it is found',
    async (answer) => {
      sandbox.fail({ on: 'POST /api/v2/cases$', times: 1, when: 'after', answer });
      const core = await open({ dedup_key: '' });
      expect(core.outputs).toMatchObject({ outcome: 'created', case_key: 'OPS-1' });
      expect(sandbox.cases).toHaveLength(1);
    },
  );

  test('is found although the index lags', async () => {
    sandbox.lag = 4000;
    sandbox.fail({ on: 'POST /api/v2/cases$', times: 1, when: 'after', answer: 'drop' });
    expect((await open({ dedup_key: '' })).outputs.outcome).toBe('created');
    expect(sandbox.cases).toHaveLength(1);
  });

  test.each(['drop', 'hang', { status: 503 }] as const)(
    'was not done, then %j: it is repeated after looking',
    async (answer) => {
      sandbox.fail({ on: 'POST /api/v2/cases$', times: 1, answer });
      const core = await open({ dedup_key: '' });
      expect(core.outputs.outcome).toBe('created');
      expect(sandbox.cases).toHaveLength(1);
      expect(clock.pauses).toEqual([1000, 2000, 3000]);
    },
  );

  test('is sent three times at the most', async () => {
    sandbox.fail({ on: 'POST /api/v2/cases$', answer: { status: 500 } });
    const core = await open({ dedup_key: '' });
    expect(core.told('error')).toContain(`search for ${REFERENCE}`);
    expect(core.told('info')).toContain(`Looking for it by its reference ${REFERENCE}`);
    expect(sandbox.calls.filter((call) => call === 'POST /api/v2/cases')).toHaveLength(3);
  });

  test('cannot be looked for: it is not repeated, and the error gives the reference', async () => {
    sandbox.fail({ on: 'POST /api/v2/cases$', answer: 'drop' }, { on: 'GET', answer: { status: 403 } });
    const core = await open({ dedup_key: '' });
    expect(core.told('error')).toContain(`search for ${REFERENCE}`);
    expect(sandbox.calls.filter((call) => call === 'POST /api/v2/cases')).toHaveLength(1);
  });

  test('the budget ends everything', async () => {
    sandbox.fail({ on: 'POST /api/v2/cases$', answer: 'hang' });
    const started = clock.time;
    const core = await open({ dedup_key: '', timeout: '10' });
    expect(core.told('error')).toContain(`search for ${REFERENCE}`);
    expect(clock.time - started).toBeLessThanOrEqual(10_000);
  });

  test('while it was tried again without what is optional, the error says so', async () => {
    sandbox.fail({ on: 'POST /api/v2/cases$', skip: 1, answer: { status: 500 } });
    const core = await open({ dedup_key: '', status_name: 'Gone' });
    expect(core.told('error')).toContain(`search for ${REFERENCE}`);
  });
});

describe('steps that open at the same time', () => {
  test('the younger one is closed as a duplicate, and its step names the older one', async () => {
    let older: string | undefined;
    sandbox.gate = ({ method, path }) => {
      if (method === 'POST' && path === '/api/v2/cases' && !older) {
        older = seeded().id;
        clock.time += 1;
      }
    };
    const core = await open();
    expect(core.outputs).toMatchObject({ outcome: 'existing', case_id: older });
    expect(sandbox.open.map(({ id }) => id)).toEqual([older]);
    expect(sandbox.cases[1]?.comments).toEqual([
      expect.stringContaining('Duplicate of [`OPS-1`](https://app.datadoghq.com/cases/OPS-1)'),
    ]);
    expect(sandbox.cases[0]?.comments).toEqual([expect.stringContaining('happened again')]);
    expect(core.told('warning')).toBe('');
  });

  test('so it is if only the search tells when the own one was opened', async () => {
    sandbox.gate = ({ method, path }) => {
      if (method === 'POST' && path === '/api/v2/cases' && !sandbox.cases.length) seeded();
    };
    const id = '5eed0000-0000-4000-8000-000000000002';
    sandbox.fail({
      on: 'POST /api/v2/cases$',
      when: 'after',
      answer: { status: 201, body: { data: { id, type: 'case' } } },
    });
    expect((await open()).outputs).toMatchObject({ outcome: 'existing', case_key: 'OPS-1' });
    expect(sandbox.open.map(({ key }) => key)).toEqual(['OPS-1']);
  });

  test('the older one stays, although the search finds only the younger', async () => {
    const younger = {
      id: 'younger',
      attributes: { description: word, created_at: '2026-12-31T00:00:00Z' },
    };
    sandbox.fail({
      on: 'GET /api/v2/cases$',
      skip: 2,
      answer: { status: 200, body: { data: [younger] } },
    });
    expect((await open()).outputs).toMatchObject({ outcome: 'created', case_key: 'OPS-1' });
    expect(sandbox.open).toHaveLength(1);
  });

  test('without the time to look once more, the case stands', async () => {
    expect((await open({ timeout: '1' })).outputs.outcome).toBe('created');
    expect(clock.pauses).toEqual([]);
  });

  test('a case whose answers tell no time stays', async () => {
    sandbox.gate = ({ method, path }) => {
      if (method === 'POST' && path === '/api/v2/cases')
        Object.assign(seeded().attributes, { created_at: undefined });
    };
    sandbox.fail({
      on: 'POST /api/v2/cases$',
      when: 'after',
      answer: { status: 201, body: { data: { id: 'own', type: 'case' } } },
    });
    expect((await open()).outputs).toMatchObject({ outcome: 'created', case_id: 'own' });
  });

  test('a look that fails is a warning: the case stands', async () => {
    sandbox.fail({ on: 'GET /api/v2/cases$', skip: 2, answer: { status: 403 } });
    const core = await open();
    expect(core.outputs.outcome).toBe('created');
    expect(core.told('warning')).toContain('at the same time could not be told');
  });

  test('a duplicate that cannot be closed is named', async () => {
    sandbox.gate = ({ method, path }) => {
      if (method === 'POST' && path === '/api/v2/cases' && !sandbox.cases.length) seeded();
    };
    sandbox.fail({ on: 'POST .*/status', answer: { status: 403 } });
    const core = await open();
    expect(core.outputs.outcome).toBe('existing');
    expect(core.told('warning')).toContain('OPS-2 duplicates OPS-1');
  });
});
