import { expect, test } from '@jest/globals';
import { GITHUB_TOKEN_INPUT, startHangingGitHub } from '../support/hanging-github.ts';
import { keyedInputs, RUN_ENV, seedKeyedCase } from '../support/keyed-case.ts';
import { REFERENCE, runStep } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, clock } = useFakes();

function runKeyed(inputs: Record<string, string> = {}) {
  return runStep({ inputs: { ...keyedInputs(datadog), ...inputs }, env: RUN_ENV, clock });
}

/** Lets this much time pass before the responses to these requests. */
function delayResponses(pattern: RegExp, ms: number): void {
  datadog.beforeResponse = ({ method, path }) => {
    if (pattern.test(`${method} ${path}`)) clock.time += ms;
  };
}

test('waits for a create that takes 28 seconds, and opens one case', async () => {
  delayResponses(/^POST \/api\/v2\/cases$/, 28_000);
  const core = await runKeyed({ dedup_key: '' });
  expect(core.outputs).toMatchObject({ outcome: 'created', case_key: 'OPS-1' });
  expect(datadog.cases).toHaveLength(1);
});

test('closes the second case when two creates seemed to fail and the index lags by 8 seconds', async () => {
  datadog.indexLagMs = 8000;
  datadog.injectFault({
    request: 'POST /api/v2/cases$',
    times: 2,
    phase: 'after',
    response: { status: 502 },
  });
  for (const dedup_key of ['', 'deploy-main']) {
    datadog.cases.length = 0;
    const core = await runKeyed({ dedup_key });
    expect(core.outputs.outcome).toBe('created');
    expect(datadog.openCases.map(({ id }) => id)).toEqual([core.outputs.case_id]);
  }
});

test('warns about a possible duplicate when the index lags for longer than it waits', async () => {
  datadog.indexLagMs = 45_000;
  datadog.injectFault({
    request: 'POST /api/v2/cases$',
    times: 1,
    phase: 'after',
    response: { status: 502 },
  });
  const core = await runKeyed({ dedup_key: '' });
  expect(core.outputs.outcome).toBe('created');
  expect(datadog.openCases).toHaveLength(2);
  expect(core.messages('warning')).toContain(`Search Datadog for ${REFERENCE}`);
});

test('closes its own case, which the index shows late, when another step was first', async () => {
  let foreign = '';
  datadog.injectFault({
    request: 'POST /api/v2/cases$',
    times: 1,
    phase: 'after',
    response: { status: 502 },
  });
  datadog.beforeResponse = ({ method, path }) => {
    if (method !== 'POST' || path !== '/api/v2/cases') return;
    foreign = seedKeyedCase(datadog).id;
    clock.time += 1;
    datadog.indexLagMs = 9000;
    Object.assign(datadog.cases[0] ?? {}, { createdAtMs: clock.time - 20_000 });
  };
  const core = await runKeyed();
  expect(core.outputs).toMatchObject({ outcome: 'existing', case_id: foreign });
  expect(datadog.openCases.map(({ id }) => id)).toEqual([foreign]);
});

test('waits for a lagging index to find out whether another step was first', async () => {
  datadog.indexLagMs = 4000;
  let older = '';
  datadog.beforeResponse = ({ method, path }) => {
    if (method !== 'POST' || path !== '/api/v2/cases' || older) return;
    older = seedKeyedCase(datadog).id;
    clock.time += 1;
  };
  const core = await runKeyed();
  expect(core.outputs).toMatchObject({ outcome: 'existing', case_id: older });
  expect(datadog.openCases.map(({ id }) => id)).toEqual([older]);
});

test('reports an unknown outcome when a rejection follows a request that may have succeeded', async () => {
  datadog.injectFault(
    { request: 'POST /api/v2/cases$', times: 1, response: 'drop' },
    { request: 'POST /api/v2/cases$', response: { status: 403 } },
  );
  const core = await runKeyed({ dedup_key: '' });
  expect(core.messages('error')).toContain(REFERENCE);
});

test.each(['3', '5'])('opens the case with timeout: %s although GitHub never responds', async (timeout) => {
  const github = await startHangingGitHub(clock);
  try {
    delayResponses(/^POST \/api\/v2\/cases$/, 1000);
    const core = await runStep({
      inputs: { ...keyedInputs(datadog), ...GITHUB_TOKEN_INPUT, dedup_key: '', timeout },
      env: { ...RUN_ENV, GITHUB_API_URL: github.url },
      clock,
    });
    expect(core.outputs.outcome).toBe('created');
  } finally {
    await github.stop();
  }
});

test('a slow but healthy Datadog works as long as the total is not used up', async () => {
  delayResponses(/./, 1500);
  const core = await runKeyed({ dedup_key: '', project: 'OPS', type_id: 'Deployment failure', timeout: '8' });
  expect(core.outputs.outcome).toBe('created');
});
