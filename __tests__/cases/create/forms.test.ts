import { expect, test } from '@jest/globals';
import {
  ACTIVE_USER,
  DEPLOYMENT_TYPE_ID,
  PROJECT,
  STANDARD_TYPE_ID,
} from '../../support/fake-datadog/catalog.ts';
import { FOOTER, REFERENCE, runStep, type StepOptions, validInputs } from '../../support/run-step.ts';
import { useFakes } from '../../support/use-fakes.ts';

// What is sent after Datadog has rejected a case: the same with less.

const { datadog, clock } = useFakes();

function openCase(inputs: Record<string, string> = {}, options: Partial<StepOptions> = {}) {
  return runStep({ inputs: { ...validInputs(datadog), ...inputs }, clock, ...options });
}

interface Body {
  readonly data: { readonly attributes: Record<string, unknown>; readonly relationships: object };
}

/** The bodies of all create requests. */
function sentBodies(): Body['data'][] {
  return datadog.requests.flatMap(({ method, path, body }) =>
    method === 'POST' && path === '/api/v2/cases' ? [(body as Body).data] : [],
  );
}

/** The last parts of the paths of the requests after the create requests. */
function followUps(): (string | undefined)[] {
  const [created] = datadog.cases;
  return datadog.requestLines
    .filter((line) => line.includes(`${created?.id}/`))
    .map((line) => line.split(`${created?.id}/`).at(-1))
    .sort();
}

/** Rejects this many create requests. */
function rejectCreates(times: number, status = 400, text = 'no'): void {
  datadog.injectFault({
    request: 'POST /api/v2/cases$',
    times,
    response: { status, body: { errors: [text] } },
  });
}

const REGION = { type: 'SELECT', is_multi: false, value: 'eu' };
const FULL_INPUTS = {
  type_id: DEPLOYMENT_TYPE_ID,
  assignee: ACTIVE_USER.id,
  priority: 'P1',
  status_name: 'Triage',
  custom_attributes: JSON.stringify({ region: REGION }),
};
const LONG = { title: 'x'.repeat(3000), description: 'word '.repeat(20_000) };

test('after a rejection, sends only what is essential and sets the rest once the case exists', async () => {
  rejectCreates(1);
  const core = await openCase(FULL_INPUTS);
  expect(sentBodies()[1]).toEqual({
    type: 'case',
    attributes: {
      title: 'Deploy failed',
      type_id: DEPLOYMENT_TYPE_ID,
      description: `${FOOTER}${REFERENCE}`,
    },
    relationships: { project: { data: { id: PROJECT.id, type: 'project' } } },
  });
  expect(followUps()).toEqual(['assign', 'custom_attributes/region', 'priority', 'status']);
  expect(datadog.cases[0]).toMatchObject({
    assigneeId: ACTIVE_USER.id,
    attributes: { priority: 'P1', status_name: 'Triage', custom_attributes: { region: REGION } },
  });
  expect(core.outputs).toMatchObject({ outcome: 'created', case_status: 'Triage' });
  expect(core.messages('warning')).toBe('');
});

test.each([400, 404, 409, 413, 422])('a case that is rejected with %d is sent with less', async (status) => {
  rejectCreates(1, status);
  expect((await openCase(FULL_INPUTS)).outputs.outcome).toBe('created');
  expect(sentBodies()).toHaveLength(2);
});

test.each([401, 403, 405])('a case that is refused with %d is not sent again', async (status) => {
  rejectCreates(1, status);
  const core = await openCase({ ...FULL_INPUTS, description: LONG.description });
  expect(core.hasFailed).toBe(true);
  expect(sentBodies()).toHaveLength(1);
});

test('only what is refused on its own is missing, with one warning and a line in the description', async () => {
  const custom = { region: REGION, gone: { ...REGION, type: 'TEXT' }, old: { ...REGION, type: 'TEXT' } };
  const core = await openCase({
    ...FULL_INPUTS,
    status_name: 'Gone',
    description: 'Words.',
    custom_attributes: JSON.stringify(custom),
  });
  expect(core.outputs).toMatchObject({ outcome: 'created', case_status: 'Open' });
  expect(datadog.cases[0]).toMatchObject({
    assigneeId: ACTIVE_USER.id,
    attributes: { priority: 'P1', status_name: 'Open', custom_attributes: { region: REGION } },
  });
  expect(core.messages('warning').split('\n')).toEqual([
    expect.stringMatching(/^Could not set custom_attributes \(gone, old\)\. .*configuration not found/),
    expect.stringMatching(/^Could not set status_name \(Gone\)\. .*invalid status Gone/),
  ]);
  expect(datadog.lastDescription.split('\n\n')).toEqual([
    'Words.',
    expect.stringMatching(/^\*Omitted:\* custom_attributes: `gone could not be set \(404 .*not found\)\.`$/),
    expect.stringMatching(/^\*Omitted:\* custom_attributes: `old could not be set \(404 .*not found\)\.`$/),
    expect.stringMatching(/^\*Omitted:\* status_name: `Gone could not be set \(400 invalid status Gone/),
    expect.stringContaining('Please keep it at the end.'),
    `Reference: ${REFERENCE}`,
  ]);
});

test('the summary shows what the case has, not what was refused', async () => {
  rejectCreates(2);
  datadog.injectFault({ request: 'POST .*/(priority|assign)$', response: { status: 400 } });
  const core = await openCase(FULL_INPUTS);
  expect(core.summary).toContain(
    '| Status | Type | Project |\n| --- | --- | --- |\n| `Triage` | `Standard` | ',
  );
});

test('a status in upper or lower case is spelled as in the case type, with one lookup', async () => {
  const core = await openCase({ type_id: DEPLOYMENT_TYPE_ID, status_name: 'triage' });
  expect(core.outputs.case_status).toBe('Triage');
  expect(core.messages('warning')).toBe('');
  expect(datadog.requestLines.map((line) => line.replace(datadog.cases[0]?.id ?? '', 'ID'))).toEqual([
    'POST /api/v2/cases',
    'POST /api/v2/cases',
    'POST /api/v2/cases/ID/status',
    'GET /api/v2/cases/types',
    'POST /api/v2/cases/ID/status',
  ]);
});

test.each(['drop', 'hang', { status: 500 }] as const)(
  'a case that exists is never lost when a follow-up fails with %j',
  async (response) => {
    rejectCreates(1);
    datadog.injectFault({ request: 'POST .*/(priority|assign|status)$', response });
    const core = await openCase(FULL_INPUTS);
    expect(core.outputs).toMatchObject({ outcome: 'created', case_key: 'OPS-1' });
    expect(core.messages('warning')).toMatch(/Could not set .*priority/);
  },
);

test('a case whose type is rejected has the type Standard, with a warning', async () => {
  rejectCreates(2, 400, 'case type is disabled');
  const core = await openCase({ type_id: DEPLOYMENT_TYPE_ID, priority: 'P2' });
  expect(sentBodies().map(({ attributes }) => attributes.type_id)).toEqual([
    DEPLOYMENT_TYPE_ID,
    DEPLOYMENT_TYPE_ID,
    STANDARD_TYPE_ID,
  ]);
  expect(core.messages('warning')).toBe(
    `type_id: Datadog rejected the type ${DEPLOYMENT_TYPE_ID} (case type is disabled). The case has the type Standard.`,
  );
  expect(datadog.cases[0]?.attributes.priority).toBe('P2');
});

test('a title and a description that are too long are shortened, and the type stays', async () => {
  datadog.maxLengths = { title: 300, description: 20_000 };
  const core = await openCase({ ...LONG, type_id: DEPLOYMENT_TYPE_ID, priority: 'P2' });
  expect(core.messages('warning')).toBe(
    'Datadog rejected the case until its title and description were shortened (title is too long).',
  );
  const [stored] = datadog.cases;
  expect(stored?.attributes).toMatchObject({ type_id: DEPLOYMENT_TYPE_ID, priority: 'P2' });
  expect(stored?.attributes.title).toMatch(/^x{249}…$/);
  expect(stored?.attributes.description).toHaveLength(10_000);
  expect(stored?.attributes.description).toMatch(/^(word )+\w*…\n\n\*The workflow/);
  expect(datadog.lastDescription.endsWith(`\n\n${FOOTER}${REFERENCE}`)).toBe(true);
});

test('a 413 shortens at once, and sends everything else again', async () => {
  rejectCreates(1, 413, 'too large');
  const core = await openCase({ ...FULL_INPUTS, ...LONG });
  expect(sentBodies()[1]?.attributes).toMatchObject({
    type_id: DEPLOYMENT_TYPE_ID,
    priority: 'P1',
    status_name: 'Triage',
  });
  expect(String(sentBodies()[1]?.attributes.description)).toHaveLength(10_000);
  expect(followUps()).toEqual([]);
  expect(core.messages('warning')).toBe(
    'Datadog rejected the case until its title and description were shortened (too large).',
  );
});

test('what is too long is shortened although it is not the text of the workflow', async () => {
  datadog.maxLengths = { title: 300, description: 5000 };
  const attributes = Array.from({ length: 60 }, (_, index) => `gone-${index}: x`).join('\n');
  const core = await openCase({
    type_id: DEPLOYMENT_TYPE_ID,
    description: 'Words.',
    custom_attributes: attributes,
  });
  expect(core.outputs.outcome).toBe('created');
  expect(datadog.lastDescription).toMatch(/^Words\.\n\n\*Omitted:\*/);
  expect(datadog.lastDescription).toContain("more values; the run's log lists them.");
});

test('a rejected form is not sent twice, and the first rejection is reported', async () => {
  datadog.injectFault(
    { request: 'POST', times: 1, response: { status: 422, body: { errors: ['first'] } } },
    { request: 'POST', response: { status: 400, body: { errors: ['second'] } } },
  );
  const core = await openCase({ ...FULL_INPUTS, ...LONG });
  expect(core.outputs.outcome).toBe('failed');
  expect(core.messages('error')).toContain('first');
  expect(core.messages('error')).not.toContain('second');
  const bodies = sentBodies().map((body) => JSON.stringify(body));
  expect(new Set(bodies).size).toBe(bodies.length);
  expect(sentBodies().map(({ attributes }) => [attributes.type_id, String(attributes.title).length])).toEqual(
    [
      [DEPLOYMENT_TYPE_ID, 2000],
      [DEPLOYMENT_TYPE_ID, 2000],
      [STANDARD_TYPE_ID, 2000],
      [DEPLOYMENT_TYPE_ID, 250],
      [STANDARD_TYPE_ID, 250],
      [DEPLOYMENT_TYPE_ID, 100],
      [STANDARD_TYPE_ID, 100],
      [DEPLOYMENT_TYPE_ID, 60],
      [STANDARD_TYPE_ID, 60],
    ],
  );
});

test('a short case without optional inputs is sent once more, without its priority', async () => {
  rejectCreates(9);
  expect((await openCase()).hasFailed).toBe(true);
  expect(sentBodies()).toHaveLength(2);
});

test('the description that names what was refused is not longer than one that Datadog accepted', async () => {
  datadog.maxLengths = { title: 300, description: 10_000 };
  datadog.injectFault({ request: 'POST .*/priority$', response: { status: 400 } });
  await openCase({ ...LONG, title: 'T', priority: 'P2' });
  expect(datadog.lastDescription).toContain('*Omitted:* priority: `P2 could not be set (400).`');
  expect(datadog.lastDescription.length).toBeLessThanOrEqual(10_000);
  expect(datadog.lastDescription.endsWith(REFERENCE)).toBe(true);
});

test('the case of a lost response gets what it could not be created with', async () => {
  rejectCreates(1);
  datadog.injectFault({
    request: 'POST /api/v2/cases$',
    skip: 1,
    times: 1,
    phase: 'after',
    response: 'drop',
  });
  const core = await openCase(FULL_INPUTS);
  expect(core.outputs).toMatchObject({ outcome: 'created', case_status: 'Triage' });
  expect(datadog.cases).toMatchObject([{ assigneeId: ACTIVE_USER.id }]);
});

test('a missing description_file is a warning and a line in the description', async () => {
  const core = await openCase({ description: 'Words.', description_file: 'gone.md' });
  expect(core.messages('warning')).toBe(
    'description_file: File "gone.md" was not found in the workspace. The case is opened without it.',
  );
  expect(datadog.lastDescription).toMatch(
    /^Words\.\n\n\*Omitted:\* description_file: `File "gone\.md" was not found in the workspace\.`\n\n/,
  );
});

test('a long file is shortened after a 413', async () => {
  rejectCreates(1, 413);
  await openCase({ description_file: 'long.md' }, { files: { 'long.md': 'x'.repeat(90_000) } });
  expect(datadog.lastDescription).toHaveLength(10_000);
});
