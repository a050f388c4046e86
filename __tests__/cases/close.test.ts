import { expect, test } from '@jest/globals';
import { renderReference } from '../../src/datadog/reference.ts';
import { DEPLOYMENT_TYPE_ID, PROJECT } from '../support/fake-datadog/catalog.ts';
import { closedAttributes } from '../support/fake-datadog/stored-case.ts';
import { keyedInputs, RUN_ENV, SHARED_REFERENCE, seedKeyedCase } from '../support/keyed-case.ts';
import { FOOTER, runStep } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, clock } = useFakes();

function closeCase(inputs: Record<string, string> = {}) {
  const closeInputs = { ...keyedInputs(datadog), mode: 'close', title: '', ...inputs };
  return runStep({ inputs: closeInputs, env: RUN_ENV, clock });
}

function seedCase(attributes = {}, projectId = PROJECT.id) {
  return seedKeyedCase(datadog, attributes, projectId);
}

const OTHER_REFERENCE = `ghac${'f'.repeat(32)}`;

const OPEN_CASE = {
  status: 200,
  body: { data: { id: 'case', type: 'case', attributes: { status: 'OPEN' } } },
};

test('shows the key of a case as text if it leaves the case open', async () => {
  const runs = [{ id: 43, attempt: 1, repository: 'acme/shop' }];
  const stored = seedCase({
    description: renderReference({ shared: SHARED_REFERENCE, unique: SHARED_REFERENCE, runs }),
  });
  Object.assign(stored, { key: '[x](https://evil.example) @octocat' });
  const core = await closeCase();
  expect(core.outputs.outcome).toBe('none');
  expect(core.summary).toMatch(
    /^### \[\\\[x\\\]\\\(https\\:\\\/\\\/evil\\\.example\\\) \\@octocat\]\(https:\/\/app\.datadoghq\.com\/cases\/[^)]*\) stays open in Datadog\n\n\[Run 43\]/,
  );
});

test('closes the case, then comments with a link to the run', async () => {
  seedCase();
  const core = await closeCase();
  expect(core.outputs).toMatchObject({ outcome: 'closed', case_key: 'OPS-1', case_status: 'Closed' });
  expect(datadog.cases[0]?.comments).toEqual([expect.stringMatching(/Resolved.*attempts\/2/)]);
  expect(datadog.requestLines.slice(-2).map((line) => line.split('/').at(-1))).toEqual(['status', 'comment']);
  expect(core.summary).toContain('closed in Datadog');
});

test('warns if another repository opened the case', async () => {
  const footer = renderReference({
    shared: SHARED_REFERENCE,
    unique: SHARED_REFERENCE,
    runs: [{ id: 41, attempt: 1, repository: 'acme/blog' }],
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
  expect(core.messages('warning')).toBe(
    'status_name: Datadog doesn\'t accept "Gone". The case was closed with the default status. Use one of: "Closed".',
  );
});

test('closes with the default status when status_name does not close the case', async () => {
  seedCase();
  const core = await closeCase({ status_name: 'In Progress' });
  expect(core.outputs).toMatchObject({ outcome: 'closed', case_status: 'Closed' });
  expect(core.messages('warning')).toBe(
    'status_name: "In Progress" is not a closing status. The case was closed with the default status. Use one of: "Closed".',
  );
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

test('does not say that the case is open if nobody knows', async () => {
  seedCase();
  datadog.injectFault(
    { request: 'POST .*/status$', phase: 'after', response: { status: 503 } },
    { request: 'GET /api/v2/cases/.+', skip: 1, response: { status: 503 } },
  );
  const core = await closeCase();
  expect(datadog.openCases).toEqual([]);
  expect(core.outputs).toMatchObject({ outcome: 'failed', case_key: 'OPS-1' });
  expect(core.messages('error')).toMatch(
    /^It is unknown whether the case was closed\. POST \S+\/status returned 503/,
  );
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
  ['none', 'a newer run', { id: 43 }],
  ['none', 'a newer run, with the repository in capitals', { id: 43, repository: 'Acme/Shop' }],
  ['none', 'a newer attempt of the same run', { attempt: 3 }],
  ['closed', 'the same attempt', {}],
  ['closed', 'an older attempt of the same run', { attempt: 1 }],
  ['closed', 'an older run', { id: 41, attempt: 9 }],
  ['closed', 'a run of another repository', { id: 43, repository: 'acme/other' }],
])('the outcome is %s if the case was opened by %s', async (outcome, _, changes) => {
  const runs = [{ id: 42, attempt: 2, repository: 'acme/shop', ...changes }];
  const reference = { shared: SHARED_REFERENCE, unique: SHARED_REFERENCE, runs };
  const stored = seedCase({ description: renderReference(reference) });
  const core = await closeCase();
  expect(core.outputs.outcome).toBe(outcome);
  expect(stored.comments).toHaveLength(outcome === 'closed' ? 1 : 0);
});

test('closes nothing if one of the cases of a key was opened by a newer run', async () => {
  seedCase();
  const runs = [{ id: 43, attempt: 1, repository: 'acme/shop' }];
  seedCase({
    description: renderReference({ shared: SHARED_REFERENCE, unique: SHARED_REFERENCE, runs }),
  });
  expect((await closeCase()).outputs.outcome).toBe('none');
  expect(datadog.openCases).toHaveLength(2);
});

test('leaves the case open if a newer run fails while its duplicate is closed', async () => {
  const [oldest, duplicate] = [seedCase(), seedCase()];
  datadog.beforeResponse = ({ path }) => {
    if (!path.endsWith(`/${duplicate.id}/status`)) return;
    oldest.attributes.description = `${FOOTER}${SHARED_REFERENCE}, opened by run 43 of acme/shop`;
  };
  const core = await closeCase();
  expect(core.outputs.outcome).toBe('none');
  expect(datadog.openCases.map(({ id }) => id)).toEqual([oldest.id]);
  expect(core.messages('notice')).toContain('OPS-1');
});

test('leaves a case open that holds the references of several cases', async () => {
  const other = renderReference({ shared: OTHER_REFERENCE, unique: OTHER_REFERENCE, runs: [] });
  const own = renderReference({ shared: SHARED_REFERENCE, unique: SHARED_REFERENCE, runs: [] });
  const stored = seedCase({ description: `${other}\n\n${own}\n\nA note.` });
  const core = await closeCase();
  expect(core.messages('notice')).toMatch(
    /^OPS-1 stays open: its description holds the references of several/,
  );
  expect(stored).toMatchObject({ comments: [], attributes: { status: 'OPEN' } });
});

test('leaves a case open that could not be fetched', async () => {
  const stored = seedCase();
  datadog.injectFault({ request: `GET .*/${stored.id}$`, response: { status: 403 } });
  const core = await closeCase();
  expect(core.outputs.outcome).toBe('none');
  expect(core.messages('notice')).toBe(
    'OPS-1 stays open: it could not be fetched. The next run may close it.',
  );
  expect(core.messages('warning')).toContain('Could not check that OPS-1 is still open.');
  expect(stored.attributes.status).toBe('OPEN');
});

test('does not say that a case was resolved if closing it is refused', async () => {
  const stored = seedCase();
  datadog.injectFault({ request: 'POST .*/status$', response: { status: 403 } });
  expect((await closeCase()).hasFailed).toBe(true);
  expect(stored.comments).toEqual([]);
});

test('closes a case with the default status of its type if the deprecated field is rejected', async () => {
  const stored = seedCase({ type_id: DEPLOYMENT_TYPE_ID });
  datadog.injectFault({ request: 'POST .*/status$', times: 1, response: { status: 400 } });
  const core = await closeCase();
  expect(core.outputs).toMatchObject({ outcome: 'closed', case_status: 'Closed' });
  expect(datadog.requests.at(-2)?.body).toEqual({
    data: { type: 'case', attributes: { status_name: 'Closed' } },
  });
  expect(stored.comments).toHaveLength(1);
});

test('closes the case last, after its duplicates, which it links to it', async () => {
  const [original, duplicate] = [seedCase(), seedCase()];
  await closeCase();
  expect(datadog.requestLines.filter((line) => line.endsWith('/status'))).toEqual([
    `POST /api/v2/cases/${duplicate.id}/status`,
    `POST /api/v2/cases/${original.id}/status`,
  ]);
  expect(datadog.links).toMatchObject([
    { parent_entity_id: duplicate.id, child_entity_id: original.id, relationship: 'DUPLICATES' },
  ]);
});
