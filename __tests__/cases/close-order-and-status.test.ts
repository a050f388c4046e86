import { expect, test } from '@jest/globals';
import { closeCaseOfKey } from '../../src/cases/close.ts';
import type { CaseTools } from '../../src/cases/tools.ts';
import { renderReference } from '../../src/datadog/reference.ts';
import { createReport, createTools } from '../support/case-context.ts';
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
  const runs = [{ id: 43, attempt: 1, repository: 'acme/shop' }];
  const reference = { shared: SHARED_REFERENCE, unique: SHARED_REFERENCE, runs };
  seedKeyedCase(datadog, { description: renderReference(reference) });
  const core = await closeCase();
  expect(core.allMessages).toEqual([
    {
      kind: 'notice',
      text: 'OPS-1 stays open: run 43 failed, which is newer than this run (42). https://github.com/acme/shop/actions/runs/43',
    },
  ]);
  expect(core.summary).toBe(
    '### [OPS-1](https://app.datadoghq.com/cases/OPS-1) stays open in Datadog\n\n[Run 43](https://github.com/acme/shop/actions/runs/43) failed, which is newer than this run (42).\n',
  );
});

test('says that a newer attempt of this run failed', async () => {
  const runs = [{ id: 42, attempt: 9, repository: 'acme/shop' }];
  const reference = { shared: SHARED_REFERENCE, unique: SHARED_REFERENCE, runs };
  seedKeyedCase(datadog, { description: renderReference(reference) });
  const core = await closeCase();
  expect(core.messages('notice')).toBe(
    'OPS-1 stays open: a newer attempt of this run (42) failed. https://github.com/acme/shop/actions/runs/42',
  );
});

test('passes the case on before and after it is closed', async () => {
  const stored = seedKeyedCase(datadog);
  const { tools, warnings } = createTools(datadog, clock);
  const { inputs, run, commentOnPullRequest } = await createReport({ INPUT_DEDUP_KEY: DEDUP_KEY });
  const events: string[] = [];
  const onCase: CaseTools['onCase'] = ({ id, isOpen }, state) => void events.push(`${id} ${isOpen} ${state}`);
  const success = {
    inputs,
    run,
    commentOnPullRequest,
    findDeadlineMs: clock.time + 15_000,
    isByResult: false,
  };
  const result = await closeCaseOfKey({ ...tools, onCase }, success);
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

test('has closed the case before it waits for a comment that is never answered', async () => {
  const { id, attributes } = seedKeyedCase(datadog);
  datadog.injectFault({ request: 'POST .*/comment$', response: 'hang' });
  const start = clock.time;
  const core = await closeCase({ timeout: '30' });
  expect(core.outputs.outcome).toBe('closed');
  expect(core.messages('warning')).toBe(
    `Could not comment on OPS-1, which was closed. POST /api/v2/cases/${id}/comment timed out after 30 s. If the network is fine, raise \`timeout\`.`,
  );
  expect(clock.time - start).toBe(30_000);
  expect(attributes.status).toBe('CLOSED');
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
  seedKeyedCase(datadog, { type_id: DEPLOYMENT_TYPE_ID });
  datadog.injectFault({ request: 'GET .*/types$', response: { status: 403 } });
  const core = await closeCase({ status_name: 'resolvd' });
  expect(core.outputs).toMatchObject({ outcome: 'closed', case_status: 'Closed' });
  expect(core.messages('warning')).toBe(
    'status_name: Datadog doesn\'t accept "resolvd". The case was closed with the default status.',
  );
  expect(countRequests('/status')).toBe(2);
});

test('does not send a status again that is spelled correctly but does not close the case', async () => {
  seedKeyedCase(datadog, { type_id: DEPLOYMENT_TYPE_ID });
  const core = await closeCase({ status_name: 'Triage' });
  expect(core.messages('warning')).toBe(
    'status_name: "Triage" is not a closing status. The case was closed with the default status. Use one of: "Closed", "Resolved".',
  );
  expect(countRequests('/status')).toBe(2);
});
