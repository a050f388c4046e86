import { expect, test } from '@jest/globals';
import { OTHER_PROJECT, PROJECT } from '../support/fake-datadog/catalog.ts';
import { closedAttributes } from '../support/fake-datadog/stored-case.ts';
import { keyedInputs, RUN_ENV, RUN_URL, SHARED_REFERENCE, seedKeyedCase } from '../support/keyed-case.ts';
import { FOOTER, REFERENCE, runStep } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, clock } = useFakes();

function openCase(inputs: Record<string, string> = {}) {
  return runStep({ inputs: { ...keyedInputs(datadog), ...inputs }, env: RUN_ENV, clock });
}

function seedCase(attributes = {}, projectId = PROJECT.id) {
  return seedKeyedCase(datadog, attributes, projectId);
}

test('the description of a new case ends with both references', async () => {
  const { outputs } = await openCase({ description: 'Words.', run_context: 'false' });
  expect(outputs.outcome).toBe('created');
  expect(datadog.cases[0]?.attributes.description).toBe(
    `Words.\n\n${FOOTER}${SHARED_REFERENCE} ${REFERENCE}, opened by run 42 of acme/shop, attempt 2`,
  );
});

test('finds the open case, comments on it and links the run', async () => {
  const first = await openCase();
  const core = await openCase({ title: 'Deploy failed again' });
  expect(datadog.cases).toHaveLength(1);
  expect(core.outputs).toMatchObject({
    outcome: 'existing',
    case_id: first.outputs.case_id,
    case_key: 'OPS-1',
  });
  expect(datadog.cases[0]?.comments).toEqual([expect.stringContaining(`(${RUN_URL})`)]);
  expect(datadog.cases[0]?.comments[0]).toContain('`Deploy failed again`');
  expect(core.summary).toContain('already open');
});

test.each([
  [', opened by run 42 of acme/shop, attempt 2', 'Also failed'],
  [', opened by run 7 of acme/blog, and run 42 of Acme/Shop, attempt 2', 'Also failed'],
  [', opened by run 42 of acme/shop', 'Failed again'],
  [', opened by run 42 of acme/shop, attempt 3', 'Failed again'],
  [', opened by run 41 of acme/shop, attempt 2', 'Failed again'],
  [', opened by run 42 of acme/blog, attempt 2', 'Failed again'],
  ['', 'Failed again'],
])('the comment on a case that names "%s" begins with "%s"', async (openedBy, headline) => {
  const seeded = seedCase({ description: `${FOOTER}${SHARED_REFERENCE}${openedBy}` });
  await openCase();
  expect(seeded.comments).toEqual([expect.stringMatching(new RegExp(`^\\*\\*${headline}\\*\\* in `))]);
});

test('the comment does not repeat the title of the case', async () => {
  await openCase();
  await openCase();
  expect(datadog.cases[0]?.comments[0]).not.toContain('Deploy failed');
});

test.each(['comment', 'ignore'])(
  'warns if another repository opened the case (on_existing: %s)',
  async (mode) => {
    const openedBy = ', opened by run 41 of acme/blog';
    seedCase({ description: `${FOOTER}${SHARED_REFERENCE}${openedBy}` });
    const core = await openCase({ on_existing: mode });
    expect(core.outputs.outcome).toBe('existing');
    expect(core.messages('warning')).toBe(
      'OPS-1 was opened by acme/blog, which uses the same dedup_key as acme/shop. If these are different problems, add `${{ github.repository }}` to the dedup_key.',
    );
  },
);

test('on_existing: ignore writes no comment', async () => {
  seedCase();
  expect((await openCase({ on_existing: 'ignore' })).outputs.outcome).toBe('existing');
  expect(datadog.cases[0]?.comments).toEqual([]);
});

test('warns when the comment on the open case fails', async () => {
  seedCase();
  datadog.injectFault({ request: 'POST .*/comment', response: { status: 500 } });
  const core = await openCase();
  expect(core.outputs.outcome).toBe('existing');
  expect(core.messages('warning')).toContain('Could not comment on OPS-1');
  expect(datadog.requestLines.filter((line) => line.endsWith('/comment'))).toHaveLength(1);
});

test.each([
  ['closed', () => seedCase(closedAttributes())],
  [
    'closed, in the older response format',
    () => seedCase({ ...closedAttributes(), status_group: undefined }),
  ],
  ['archived', () => seedCase({ archived_at: '2026-01-01T00:00:00Z' })],
  ['of another project', () => seedCase({}, OTHER_PROJECT.id)],
  ['without the reference', () => seedCase({ description: 'Words.', title: `About ${SHARED_REFERENCE}` })],
])('does not reuse a case that is %s', async (_, seed) => {
  seed();
  expect((await openCase()).outputs.outcome).toBe('created');
});

test('reuses the oldest of several open cases', async () => {
  seedCase();
  const oldest = seedCase({ created_at: '2025-12-31T00:00:00Z' });
  seedCase();
  expect((await openCase()).outputs.case_id).toBe(oldest.id);
});

test('breaks ties on creation time by the lowest ID', async () => {
  const [first] = [seedCase(), seedCase()];
  expect((await openCase()).outputs.case_id).toBe(first.id);
});

test('an unknown type_id does not fail a step that finds an open case', async () => {
  seedCase();
  const core = await openCase({ type_id: 'No such type' });
  expect(core.outputs.outcome).toBe('existing');
  expect(core.hasFailed).toBe(false);
});

test('a dry run reports the open case and writes nothing', async () => {
  seedCase();
  const core = await openCase({ dry_run: 'true' });
  expect(core.outputs.outcome).toBe('planned');
  expect(core.messages('notice')).toContain(
    'OPS-1 is already open and would get a comment. Nothing was changed.',
  );
  expect(core.summary).toContain('is already open and would get a comment (dry run)');
  expect(datadog.requestLines.filter((line) => line.startsWith('POST'))).toEqual([]);
});

test('does not search without a dedup_key', async () => {
  await openCase({ dedup_key: '' });
  await openCase({ dedup_key: '' });
  expect(datadog.requestLines).toEqual(['POST /api/v2/cases', 'POST /api/v2/cases']);
});

const OPENED = ', opened by run 41 of acme/shop';

test.each(['comment', 'ignore'])('records the newer run in the open case (on_existing: %s)', async (mode) => {
  const stored = seedCase({ description: `Words.\n\n${FOOTER}${SHARED_REFERENCE}${OPENED}\n\nA note.` });
  const core = await openCase({ on_existing: mode });
  expect(core.messages('warning')).toBe('');
  expect(stored.attributes.description).toBe(
    `Words.\n\nA note.\n\n${FOOTER}${SHARED_REFERENCE}, opened by run 42 of acme/shop, attempt 2`,
  );
});

test.each([
  ['the same attempt', ', opened by run 42 of acme/shop, attempt 2'],
  ['a newer attempt', ', opened by run 42 of acme/shop, attempt 3'],
  ['a newer run', ', opened by run 43 of acme/shop'],
])('does not change the description of a case that records %s', async (_, openedBy) => {
  seedCase({ description: `${FOOTER}${SHARED_REFERENCE}${openedBy}` });
  await openCase();
  expect(datadog.requestLines.filter((line) => line.endsWith('/description'))).toEqual([]);
});

test('keeps the newest run of each other repository', async () => {
  const stored = seedCase({
    description: `${FOOTER}${SHARED_REFERENCE}, opened by run 99 of acme/blog, and run 41 of acme/shop`,
  });
  await openCase();
  expect(stored.attributes.description).toBe(
    `${FOOTER}${SHARED_REFERENCE}, opened by run 42 of acme/shop, attempt 2, and run 99 of acme/blog`,
  );
});

test('warns if the run could not be recorded', async () => {
  seedCase();
  datadog.injectFault({ request: 'POST .*/description$', response: { status: 403 } });
  const core = await openCase();
  expect(core.outputs.outcome).toBe('existing');
  expect(core.messages('warning')).toMatch(
    /^Could not record this run in OPS-1, so an older run may close it\./,
  );
});

test('leaves a duplicate open if somebody closes the oldest case while closing it takes another request', async () => {
  const [oldest, duplicate] = [seedCase(), seedCase()];
  datadog.injectFault({ request: `POST .*/${duplicate.id}/status$`, times: 1, response: { status: 400 } });
  datadog.beforeResponse = ({ path }) => {
    if (path.endsWith('/types')) Object.assign(oldest.attributes, closedAttributes());
  };
  const core = await openCase();
  expect(datadog.openCases.map(({ id }) => id)).toEqual([duplicate.id]);
  expect(core.messages('warning')).toBe(
    'OPS-2 is a duplicate of OPS-1 and stays open, because OPS-1 may not be open any more.',
  );
});

/** A person's note pushes the reference over the limit when it is moved below it. */
function seedCutOffCase() {
  const description = `${FOOTER}${SHARED_REFERENCE}\n\n${'A note. '.repeat(30).trim()}`;
  datadog.silentMaxDescription = description.length - 1;
  return seedCase({ description });
}

test('puts the reference back if Datadog cuts it off', async () => {
  const stored = seedCutOffCase();
  const core = await openCase();
  expect(stored.attributes.description).toMatch(new RegExp(`Reference: ${SHARED_REFERENCE}\n`));
  expect(core.messages('warning')).toBe(
    'Could not record this run in OPS-1, so an older run may close it. Datadog cut its description off.',
  );
});

test('puts the description back if Datadog cuts off the run of another repository', async () => {
  const description = `${FOOTER}${SHARED_REFERENCE}, opened by run 41 of acme/shop, and run 99 of acme/blog`;
  datadog.silentMaxDescription = description.length;
  const stored = seedCase({ description });
  const core = await openCase();
  expect(stored.attributes.description).toBe(description);
  expect(core.messages('warning')).toMatch(/^Could not record this run in OPS-1,/);
});

test('does not say that the case is lost if only a run was cut off', async () => {
  const description = `${FOOTER}${SHARED_REFERENCE}, opened by run 41 of acme/shop, and run 99 of acme/blog`;
  datadog.silentMaxDescription = description.length;
  seedCase({ description });
  datadog.injectFault({ request: 'POST .*/description$', skip: 1, response: { status: 403 } });
  const core = await openCase();
  expect(core.messages('warning')).toBe(
    'Could not record this run in OPS-1, so an older run may close it. Datadog cut its description off.',
  );
});

test('says so if it cannot put the reference back', async () => {
  seedCutOffCase();
  datadog.injectFault({ request: 'POST .*/description$', skip: 1, response: { status: 403 } });
  const core = await openCase();
  expect(core.messages('warning')).toMatch(
    /\nCould not restore the end of the description of OPS-1, so later runs won't find this case: they may open another one, and won't close it\. /,
  );
});

test('closes the other open cases of the key, and records the newest run of all in the oldest', async () => {
  const [oldest, duplicate, third] = ['41', '44', '43'].map((run) =>
    seedCase({ description: `${FOOTER}${SHARED_REFERENCE}, opened by run ${run} of acme/shop` }),
  );
  const core = await openCase();
  expect(core.outputs).toMatchObject({ outcome: 'existing', case_id: oldest?.id });
  expect(core.messages('warning')).toBe('');
  expect(datadog.openCases.map(({ id }) => id)).toEqual([oldest?.id]);
  expect(oldest?.attributes.description).toMatch(/, opened by run 44 of acme\/shop$/);
  expect(oldest?.comments).toEqual([expect.stringContaining('Failed again')]);
  for (const closed of [duplicate, third]) {
    expect(closed?.comments).toEqual([expect.stringContaining('Duplicate of [`OPS-1`]')]);
    expect(datadog.links).toContainEqual(
      expect.objectContaining({ parent_entity_id: closed?.id, child_entity_id: oldest?.id }),
    );
  }
});

test('closes no duplicate if it is uncertain whether the oldest case is open', async () => {
  const [oldest, other] = [seedCase(), seedCase()];
  datadog.injectFault({ request: `GET .*/${oldest.id}$`, response: { status: 403 } });
  const core = await openCase();
  expect(core.outputs).toMatchObject({ outcome: 'existing', case_id: other.id });
  expect(core.messages('warning')).toContain('Could not check that OPS-1 is still open.');
  expect(datadog.openCases).toHaveLength(2);
});

test('reports the failure to the next open case if somebody closes the oldest one meanwhile', async () => {
  const [oldest, other] = [seedCase(), seedCase()];
  datadog.beforeResponse = ({ path }) => {
    if (path.endsWith(`/${oldest.id}/comment`)) Object.assign(oldest.attributes, closedAttributes());
  };
  const core = await openCase();
  expect(core.outputs).toMatchObject({ outcome: 'existing', case_id: other.id });
  expect(datadog.openCases.map(({ id }) => id)).toEqual([other.id]);
  expect(other.comments).toEqual([expect.stringContaining('Failed again')]);
  expect(other.attributes.description).toMatch(/, opened by run 42 of acme\/shop, attempt 2$/);
});

test('closes no duplicate if it is uncertain whether the oldest case is still open', async () => {
  const [oldest] = [seedCase(), seedCase()];
  datadog.injectFault({ request: `GET .*/${oldest.id}$`, skip: 1, response: { status: 403 } });
  const core = await openCase();
  expect(core.outputs).toMatchObject({ outcome: 'existing', case_id: oldest.id });
  expect(core.messages('warning')).toMatch(
    /^Could not check that OPS-1 is still open, so its duplicates stay open\. /,
  );
  expect(datadog.openCases).toHaveLength(2);
});

/** A description in which it is uncertain which reference is the case's own. */
const SEVERAL = `${FOOTER}ghac${'f'.repeat(32)}\n\n${FOOTER}${SHARED_REFERENCE}\n\nA note.`;

test('comments on a case with several references, but changes and closes nothing', async () => {
  const [ambiguous, other] = [seedCase({ description: SEVERAL }), seedCase()];
  const core = await openCase();
  expect(core.outputs).toMatchObject({ outcome: 'existing', case_id: ambiguous.id });
  expect(ambiguous.comments).toEqual([expect.stringContaining('Failed again')]);
  expect(ambiguous.attributes.description).toBe(SEVERAL);
  expect(core.messages('warning')).toMatch(/^The description of OPS-1 holds several references/);
  expect(datadog.openCases).toEqual([ambiguous, other]);
});

test('leaves a duplicate with several references open, with a warning', async () => {
  const [original, ambiguous] = [seedCase(), seedCase({ description: SEVERAL })];
  const core = await openCase();
  expect(core.messages('warning')).toMatch(
    /^OPS-2 may be a duplicate of OPS-1, but its description holds several/,
  );
  expect(datadog.openCases).toEqual([original, ambiguous]);
});

test('a duplicate is closed although it could not be linked', async () => {
  const [original] = [seedCase(), seedCase()];
  datadog.injectFault({ request: 'POST .*/link$', response: { status: 404 } });
  const core = await openCase();
  expect(core.messages('warning')).toBe('');
  expect(core.messages('info')).toContain('Could not link OPS-2 to OPS-1.');
  expect(datadog.openCases).toEqual([original]);
});

test('does not write back the description that the search returned if the case cannot be fetched', async () => {
  const stored = seedCase({
    description: `Old.\n\nReference: ${SHARED_REFERENCE}, opened by run 1 of acme/shop`,
  });
  datadog.injectFault({ request: `GET .*/${stored.id}$`, response: { status: 403 } });
  const core = await openCase();
  expect(core.outputs.outcome).toBe('existing');
  expect(stored.comments).toHaveLength(1);
  expect(datadog.requestLines.filter((line) => line.endsWith('/description'))).toEqual([]);
  expect(core.messages('warning')).toContain('This run was not recorded in OPS-1');
});
