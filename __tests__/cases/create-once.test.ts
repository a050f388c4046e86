import { expect, test } from '@jest/globals';
import { keyedInputs, RUN_ENV } from '../support/keyed-case.ts';
import { REFERENCE, runStep } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, clock } = useFakes();

function openCase(inputs: Record<string, string> = {}) {
  return runStep({ inputs: { ...keyedInputs(datadog), ...inputs }, env: RUN_ENV, clock });
}

test.each(['drop', 'hang', { status: 500 }, { status: 201, body: 'garbage' }] as const)(
  'finds its case when the create response was lost: %j',
  async (response) => {
    datadog.injectFault({ request: 'POST /api/v2/cases$', times: 1, phase: 'after', response });
    const core = await openCase({ dedup_key: '' });
    expect(core.outputs).toMatchObject({ outcome: 'created', case_key: 'OPS-1' });
    expect(datadog.cases).toHaveLength(1);
  },
);

test('finds its case after a lost response although the search index lags', async () => {
  datadog.indexLagMs = 4000;
  datadog.injectFault({ request: 'POST /api/v2/cases$', times: 1, phase: 'after', response: 'drop' });
  expect((await openCase({ dedup_key: '' })).outputs.outcome).toBe('created');
  expect(datadog.cases).toHaveLength(1);
});

test.each(['drop', 'hang', { status: 503 }] as const)(
  'searches before it retries a create: %j',
  async (response) => {
    datadog.injectFault({ request: 'POST /api/v2/cases$', times: 1, response });
    const core = await openCase({ dedup_key: '' });
    expect(core.outputs.outcome).toBe('created');
    expect(datadog.cases).toHaveLength(1);
    // After the retry, it makes sure that the first request did not create a case after all.
    expect(clock.delays.slice(0, 4)).toEqual([1000, 2000, 3000, 300]);
  },
);

test('sends a create at most three times', async () => {
  datadog.injectFault({ request: 'POST /api/v2/cases$', response: { status: 500 } });
  const core = await openCase({ dedup_key: '' });
  expect(core.messages('error')).toContain(`Search Datadog for ${REFERENCE}`);
  expect(core.messages('info')).toContain(
    'POST /api/v2/cases returned 500 (no details). The case may have been created anyway. Searching for it.',
  );
  expect(core.messages('info')).not.toContain('ghac');
  expect(datadog.requestLines.filter((line) => line === 'POST /api/v2/cases')).toHaveLength(3);
});

test('does not retry a create when the search fails, and reports the reference', async () => {
  datadog.injectFault(
    { request: 'POST /api/v2/cases$', response: 'drop' },
    { request: 'GET', response: { status: 403 } },
  );
  const core = await openCase({ dedup_key: '' });
  expect(core.messages('error')).toContain(`Search Datadog for ${REFERENCE}`);
  expect(datadog.requestLines.filter((line) => line === 'POST /api/v2/cases')).toHaveLength(1);
});

test('stops retrying a create when the time is up', async () => {
  datadog.injectFault({ request: 'POST /api/v2/cases$', response: 'hang' });
  const startedAt = clock.time;
  const core = await openCase({ dedup_key: '', timeout: '10' });
  expect(core.messages('error')).toContain(`Search Datadog for ${REFERENCE}`);
  expect(clock.time - startedAt).toBeLessThanOrEqual(10_000);
});

test('reports an unknown outcome when a create without optional fields fails', async () => {
  datadog.injectFault({ request: 'POST /api/v2/cases$', skip: 1, response: { status: 500 } });
  const core = await openCase({ dedup_key: '', status_name: 'Gone' });
  expect(core.messages('error')).toContain(`Search Datadog for ${REFERENCE}`);
});
