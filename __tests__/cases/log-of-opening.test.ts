import { expect, test } from '@jest/globals';
import { OTHER_PROJECT } from '../support/fake-datadog/catalog.ts';
import { DEDUP_KEY, seedKeyedCase } from '../support/keyed-case.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, github, clock, openCase } = useFakes();

const PROJECT_LINE = 'Project: c0ffee00-1111-4222-8333-444455556666. Case type: Standard.';
const NO_KEY = 'No dedup_key, or an empty one: every failure opens a case of its own.';
const PLAIN = { run_context: 'false' };

test('logs what it opens without a key', async () => {
  const core = await openCase({ ...PLAIN, project: OTHER_PROJECT.key });
  expect(core.messages('info')).toBe(`Project: PAY. Case type: Standard.\n${NO_KEY}\nCreated case PAY-1.`);
});

test('logs that no case is open for the key', async () => {
  const core = await openCase({ ...PLAIN, dedup_key: DEDUP_KEY });
  expect(core.messages('info')).toBe(
    `${PROJECT_LINE}\nNo case is open for this dedup_key.\nCreated case OPS-1.`,
  );
});

test('does not log that no case is open if the search fails', async () => {
  datadog.injectFault({ request: 'GET /api/v2/cases$', times: 1, response: { status: 403 } });
  const core = await openCase({ ...PLAIN, dedup_key: DEDUP_KEY });
  expect(core.messages('info')).toBe(`${PROJECT_LINE}\nCreated case OPS-1.`);
});

test('does not log that no case is open if a dry run finds one', async () => {
  seedKeyedCase(datadog);
  const core = await openCase({ ...PLAIN, dedup_key: DEDUP_KEY, dry_run: 'true' });
  expect(core.messages('info').split('\n').slice(0, 2)).toEqual([
    PROJECT_LINE,
    'If it opened a case, it would send:',
  ]);
});

test('logs how to find names that have changed before an incident', async () => {
  const core = await openCase({ ...PLAIN, assignee: 'nobody@acme.example' });
  expect(core.messages('info')).toBe(
    `${PROJECT_LINE}\n${NO_KEY}\nA scheduled dry run finds such changes before an incident: examples/check.yml\nCreated case OPS-1.`,
  );
  expect(core.messages('warning')).toBe(
    'assignee: No Datadog user with e-mail address "nobody@acme.example" found. The case is opened without an assignee.',
  );
});

test('says that the case is opened without a file', async () => {
  const core = await openCase({ ...PLAIN, description_file: 'gone.md' });
  expect(core.messages('info')).toBe(`${PROJECT_LINE}\n${NO_KEY}\nCreated case OPS-1.`);
  expect(core.messages('warning')).toBe(
    'description_file: File "gone.md" was not found in the workspace. The case is opened without it.',
  );
});

test('does not claim to have created a case that was only found', async () => {
  datadog.injectFault({ request: 'POST /api/v2/cases$', phase: 'after', times: 1, response: 'drop' });
  const core = await openCase(PLAIN);
  expect(core.outputs).toMatchObject({ outcome: 'created', case_key: 'OPS-1' });
  expect(core.messages('info')).toBe(
    `${PROJECT_LINE}\n${NO_KEY}\nPOST /api/v2/cases failed: lost the connection to ${new URL(datadog.url).host} (ECONNRESET). The case may have been created anyway. Searching for it.`,
  );
});

test.each([
  ['nothing else follows', {}, 60_000],
  ['a comment follows', { pr_comment: 'true', pr_number: '12' }, 30_000],
  ['there is a key', { dedup_key: DEDUP_KEY }, 30_000],
])('the due date may take this share of the time if %s: %j, %d ms', async (_, inputs, waitedMs) => {
  datadog.injectFault({ request: 'POST .*/due_date$', response: 'hang' });
  const start = clock.time;
  const core = await openCase({ ...PLAIN, ...inputs, due_date: '2026-02-01', timeout: '60' });
  expect(core.outputs.outcome).toBe('created');
  expect(clock.time - start).toBe(waitedMs);
});

test('asks GitHub for logs even if the description has no other details of the run', async () => {
  await openCase({ ...PLAIN, log_lines: '5' });
  expect(github.requestLines).toEqual(['GET /repos/acme/shop/actions/runs/42/attempts/1/jobs']);
});
