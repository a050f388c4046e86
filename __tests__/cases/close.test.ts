import { expect, test } from '@jest/globals';
import { renderReference } from '../../src/datadog/reference.ts';
import { DEPLOYMENT_TYPE_ID, PROJECT } from '../support/fake-datadog/catalog.ts';
import { closedAttributes } from '../support/fake-datadog/stored-case.ts';
import { keyedInputs, RUN_ENV, SHARED_REFERENCE, seedKeyedCase } from '../support/keyed-case.ts';
import { runStep } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, clock } = useFakes();

function closeCase(inputs: Record<string, string> = {}) {
  const closeInputs = { ...keyedInputs(datadog), mode: 'close', title: '', ...inputs };
  return runStep({ inputs: closeInputs, env: RUN_ENV, clock });
}

function seedCase(attributes = {}, projectId = PROJECT.id) {
  return seedKeyedCase(datadog, attributes, projectId);
}

const OPEN_CASE = {
  status: 200,
  body: { data: { id: 'case', type: 'case', attributes: { status: 'OPEN' } } },
};

test('shows the key of a case as text if it leaves the case open', async () => {
  const openedBy = { id: 43, attempt: 1, repository: 'acme/shop' };
  const stored = seedCase({
    description: renderReference({ shared: SHARED_REFERENCE, unique: SHARED_REFERENCE, openedBy }),
  });
  Object.assign(stored, { key: '[x](https://evil.example) @octocat' });
  const core = await closeCase();
  expect(core.outputs.outcome).toBe('none');
  expect(core.summary).toMatch(
    /^### \[\\\[x\\\]\\\(https\\:\\\/\\\/evil\\\.example\\\) \\@octocat\]\(https:\/\/app\.datadoghq\.com\/cases\/[^)]*\) stays open in Datadog\n\nIt was opened by \[run 43\]/,
  );
});

test('comments with a link to the run, then closes the case', async () => {
  seedCase();
  const core = await closeCase();
  expect(core.outputs).toMatchObject({ outcome: 'closed', case_key: 'OPS-1', case_status: 'Closed' });
  expect(datadog.cases[0]?.comments).toEqual([expect.stringMatching(/Resolved.*attempts\/2/)]);
  expect(datadog.requestLines.slice(-2).map((line) => line.split('/').at(-1))).toEqual(['comment', 'status']);
  expect(core.summary).toContain('closed in Datadog');
});

test('warns if another repository opened the case', async () => {
  const footer = renderReference({
    shared: SHARED_REFERENCE,
    unique: SHARED_REFERENCE,
    openedBy: { id: 41, attempt: 1, repository: 'acme/blog' },
  });
  seedCase({ description: footer });
  const core = await closeCase();
  expect(core.outputs.outcome).toBe('closed');
  expect(core.messages('warning')).toContain('OPS-1 was opened by acme/blog');
});

test('closes the case with the given status_name', async () => {
  seedCase();
  expect((await closeCase({ status_name: 'Resolved' })).outputs.case_status).toBe('Resolved');
});

test('closes with the default status when status_name does not exist', async () => {
  seedCase();
  const core = await closeCase({ status_name: 'Gone' });
  expect(core.outputs).toMatchObject({ outcome: 'closed', case_status: 'Closed' });
  expect(core.messages('warning')).toContain('invalid status Gone');
});

test('closes with the default status when status_name does not close the case', async () => {
  seedCase();
  const core = await closeCase({ status_name: 'In Progress' });
  expect(core.outputs).toMatchObject({ outcome: 'closed', case_status: 'Closed' });
  expect(core.messages('warning')).toMatch(/status_name: .*the case is still open/);
});

test('closes duplicates and reports the oldest case', async () => {
  const oldest = seedCase();
  seedCase();
  seedCase(closedAttributes());
  const core = await closeCase();
  expect(core.outputs).toMatchObject({ outcome: 'closed', case_id: oldest.id });
  expect(core.messages('warning')).toBe('');
  expect(datadog.openCases).toEqual([]);
  const [, duplicate, closed] = datadog.cases;
  expect(duplicate?.comments).toEqual([expect.stringContaining('Duplicate of [`OPS-1`]')]);
  expect(closed?.comments).toEqual([]);
});

test('warns when a duplicate cannot be closed', async () => {
  seedCase();
  const duplicate = seedCase();
  datadog.injectFault({ request: `POST .*/${duplicate.id}/status`, response: { status: 403 } });
  const core = await closeCase();
  expect(core.outputs).toMatchObject({ outcome: 'closed', case_key: 'OPS-1' });
  expect(core.messages('warning')).toContain('OPS-2 is a duplicate of OPS-1');
});

test('passes with outcome none when there is no case to close', async () => {
  const core = await closeCase();
  expect(core.outputs).toEqual({ outcome: 'none' });
  expect(core.hasFailed).toBe(false);
  expect(core.messages('info')).toContain('nothing to close');
  expect(core.messages('notice') + core.summary).toBe('');
});

test('closing requires a dedup_key and no title', async () => {
  const core = await closeCase({ dedup_key: '' });
  expect(core.messages('error')).toContain('dedup_key is required with mode: close');
  expect(core.messages('error')).not.toContain('title');
  expect(core.messages('error')).toContain('No case was closed');
});

test('closes the case and warns when its comment fails', async () => {
  seedCase();
  datadog.injectFault({ request: 'POST .*/comment', response: 'drop' });
  const core = await closeCase();
  expect(core.outputs.outcome).toBe('closed');
  expect(core.messages('warning')).toContain('Could not comment on');
});

test.each([
  ['its response is lost each time', { phase: 'after', response: { status: 500 } }],
  ['it is never answered', { phase: 'after', response: 'hang' }],
  ['the response still shows the case as open', { phase: 'after', response: OPEN_CASE }],
] as const)('finds that a status change closed the case when %s', async (_, fault) => {
  seedCase();
  datadog.injectFault({ request: 'POST .*/status$', ...fault });
  const core = await closeCase();
  expect(core.outputs).toMatchObject({ outcome: 'closed', case_status: 'Closed' });
  expect(core.messages('warning')).toBe('');
});

test('reports a case as closed that somebody else closes at the same time', async () => {
  const { attributes } = seedCase();
  datadog.beforeResponse = ({ path }) => {
    if (path.endsWith('/status')) Object.assign(attributes, closedAttributes());
  };
  datadog.injectFault({ request: 'POST .*/status$', response: { status: 409 } });
  expect((await closeCase()).outputs).toMatchObject({ outcome: 'closed', case_key: 'OPS-1' });
});

test('fails when the search or the status change keeps failing', async () => {
  seedCase();
  datadog.injectFault({ request: 'POST .*/status', response: { status: 500 } });
  const core = await closeCase();
  expect(core.outputs).toMatchObject({ outcome: 'failed', case_key: 'OPS-1' });
  expect(core.hasFailed).toBe(true);
  datadog.injectFault({ request: 'GET', response: { status: 403 } });
  expect((await closeCase()).messages('error')).toMatch(
    /Could not check whether a case is open for this dedup_key\..*cases_read/,
  );
});

test('a dry run reports the case that would be closed and changes nothing', async () => {
  seedCase();
  const core = await closeCase({ dry_run: 'true' });
  expect(core.outputs).toEqual({ outcome: 'planned' });
  expect(core.summary).toContain('would be closed');
  expect(datadog.requestLines.filter((line) => line.startsWith('POST'))).toEqual([]);
});

test('accepts a closing status in upper or lower case', async () => {
  seedKeyedCase(datadog, { type_id: DEPLOYMENT_TYPE_ID });
  const core = await closeCase({ status_name: 'resolved' });
  expect(core.outputs).toMatchObject({ outcome: 'closed', case_status: 'Resolved' });
  expect(core.messages('warning')).toBe('');
});

test.each([
  ['none', 'a newer run', 43, 'acme/shop'],
  ['none', 'a newer run, with the repository in capitals', 43, 'Acme/Shop'],
  ['closed', 'the same run', 42, 'acme/shop'],
  ['closed', 'an older run', 41, 'acme/shop'],
  ['closed', 'a run of another repository', 43, 'acme/other'],
])('the outcome is %s if the case was opened by %s', async (outcome, _, id, repository) => {
  const reference = { shared: SHARED_REFERENCE, unique: SHARED_REFERENCE, openedBy: { id, repository } };
  seedCase({ description: renderReference(reference) });
  const core = await closeCase();
  expect(core.outputs.outcome).toBe(outcome);
  if (outcome === 'none') expect(core.messages('notice')).toContain('it was opened by run 43');
});
