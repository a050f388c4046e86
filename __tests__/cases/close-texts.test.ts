import { expect, test } from '@jest/globals';
import { closeCaseOfKey } from '../../src/cases/close.ts';
import { renderReference } from '../../src/datadog/reference.ts';
import { createCaseContext } from '../support/case-context.ts';
import { DEPLOYMENT_TYPE_ID } from '../support/fake-datadog/catalog.ts';
import { DEDUP_KEY, keyedInputs, RUN_ENV, SHARED_REFERENCE, seedKeyedCase } from '../support/keyed-case.ts';
import { runStep } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, clock } = useFakes();

function closeCase(inputs: Record<string, string> = {}) {
  const closeInputs = { ...keyedInputs(datadog), mode: 'close', title: '', ...inputs };
  return runStep({ inputs: closeInputs, env: RUN_ENV, clock });
}

function countRequests(end: string): number {
  return datadog.requestLines.filter((line) => line.endsWith(end)).length;
}

test('logs the case that it finds and the case that it closes', async () => {
  seedKeyedCase(datadog);
  const core = await closeCase();
  expect(core.allMessages).toEqual([
    { kind: 'info', text: 'Found the open case OPS-1.' },
    { kind: 'notice', text: 'Closed OPS-1: Seeded\nhttps://app.datadoghq.com/cases/OPS-1' },
  ]);
});

test('logs the project and the key if there is no case', async () => {
  const core = await closeCase();
  expect(core.allMessages).toEqual([
    {
      kind: 'info',
      text: 'No case in project "c0ffee00-1111-4222-8333-444455556666" is open for the dedup_key "deploy-main": nothing to close.',
    },
  ]);
});

test('links the newer run that opened the case', async () => {
  const openedBy = { id: 43, attempt: 1, repository: 'acme/shop' };
  const reference = { shared: SHARED_REFERENCE, unique: SHARED_REFERENCE, openedBy };
  seedKeyedCase(datadog, { description: renderReference(reference) });
  const core = await closeCase();
  expect(core.allMessages).toEqual([
    {
      kind: 'notice',
      text: 'OPS-1 stays open: it was opened by run 43, which is newer than this run (42). https://github.example/acme/shop/actions/runs/43',
    },
  ]);
  expect(core.summary).toBe(
    '### [OPS-1](https://app.datadoghq.com/cases/OPS-1) stays open in Datadog\n\nIt was opened by [run 43](https://github.example/acme/shop/actions/runs/43), which is newer than this run (42).\n',
  );
});

test('passes the case on before and after it is closed', async () => {
  const stored = seedKeyedCase(datadog);
  const { context, warnings } = await createCaseContext(datadog, clock, {
    INPUT_MODE: 'close',
    INPUT_DEDUP_KEY: DEDUP_KEY,
  });
  const events: string[] = [];
  const result = await closeCaseOfKey({
    ...context,
    onCase: ({ id, isOpen }, outcome) => void events.push(`${id} ${isOpen} ${outcome}`),
  });
  expect(events).toEqual([`${stored.id} true found`, `${stored.id} false closed`]);
  expect(result).toMatchObject({ outcome: 'closed', commentUrl: '' });
  expect(warnings).toEqual([]);
});

test('closes a case whose reference was edited after the search', async () => {
  const stored = seedKeyedCase(datadog);
  const data = [{ id: stored.id, type: 'case', attributes: structuredClone(stored.attributes) }];
  datadog.injectFault({ request: 'GET /api/v2/cases$', response: { status: 200, body: { data } } });
  stored.attributes.description = `See ${SHARED_REFERENCE} below.`;
  const core = await closeCase();
  expect(core.outputs).toMatchObject({ outcome: 'closed', case_key: 'OPS-1' });
  expect(core.messages('warning')).toBe('');
});

test('spends a third of the time on a comment that is never answered', async () => {
  const { id } = seedKeyedCase(datadog);
  datadog.injectFault({ request: 'POST .*/comment$', response: 'hang' });
  const start = clock.time;
  const core = await closeCase({ timeout: '30' });
  expect(core.outputs.outcome).toBe('closed');
  expect(core.messages('warning')).toBe(
    `Could not comment on OPS-1, which is closed without a comment. POST /api/v2/cases/${id}/comment timed out after 10 s. If the network is fine, raise \`timeout\`.`,
  );
  expect(clock.time - start).toBe(10_000);
});

test('does not try another status if closing with status_name is refused', async () => {
  seedKeyedCase(datadog);
  datadog.injectFault({ request: 'POST .*/status$', response: { status: 403 } });
  const core = await closeCase({ status_name: 'Resolved' });
  expect(core.outputs.outcome).toBe('failed');
  expect(core.messages('warning')).toBe('');
  expect(countRequests('/status')).toBe(1);
  expect(countRequests('/types')).toBe(0);
});

test('closes with the default status if the statuses cannot be looked up', async () => {
  const { id } = seedKeyedCase(datadog, { type_id: DEPLOYMENT_TYPE_ID });
  datadog.injectFault({ request: 'GET .*/types$', response: { status: 403 } });
  const core = await closeCase({ status_name: 'resolvd' });
  expect(core.outputs).toMatchObject({ outcome: 'closed', case_status: 'Closed' });
  expect(core.messages('warning')).toBe(
    `status_name: POST /api/v2/cases/${id}/status returned 400: invalid status resolvd. The case is closed with the type's default status.`,
  );
  expect(countRequests('/status')).toBe(2);
});

test('does not send a status again that is spelled correctly but does not close the case', async () => {
  const { id } = seedKeyedCase(datadog, { type_id: DEPLOYMENT_TYPE_ID });
  const core = await closeCase({ status_name: 'Triage' });
  expect(core.messages('warning')).toBe(
    `status_name: POST /api/v2/cases/${id}/status succeeded, but the case is still open. The case is closed with the type's default status.`,
  );
  expect(countRequests('/status')).toBe(2);
});
