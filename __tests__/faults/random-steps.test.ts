import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { closedAttributes } from '../support/fake-datadog/stored-case.ts';
import { FakeDatadog } from '../support/fake-datadog.ts';
import { FakeGitHub } from '../support/fake-github.ts';
import type { Fault } from '../support/fake-server.ts';
import { hostileText } from '../support/hostile-text.ts';
import { keyedInputs, seedKeyedCase } from '../support/keyed-case.ts';
import { runStep, TestClock, type TestCore } from '../support/run-step.ts';

const TIMEOUT_SECONDS = 60;
/** A request that is under way when the time is up ends a moment later. */
const TOLERANCE_SECONDS = 1;
const OUTCOMES = ['created', 'existing', 'reopened', 'waiting', 'closed', 'none', 'planned', 'failed'];

/** Every eight characters of the keys, except those that other texts have too. */
const SECRET_PARTS = [FakeDatadog.apiKey, FakeDatadog.appKey, FakeGitHub.token]
  .flatMap((key) => Array.from({ length: key.length - 7 }, (_, start) => key.slice(start, start + 8)))
  .filter((part) => !/^\d+$|^sandbox-$/.test(part));

/** What may go wrong besides single requests. */
interface Conditions {
  readonly faults: readonly Fault[];
  readonly indexLagMs: number;
  /** How long each response takes. */
  readonly latencyMs: number;
  /** State of a case with the same key before the step. */
  readonly before: 'none' | 'open' | 'closed' | 'stale';
  readonly silentMaxDescription: number;
}

const echo = `echo ${FakeDatadog.apiKey} and ${FakeDatadog.appKey}`;
const bodies = fc.oneof(
  fc.constantFrom(
    undefined,
    '',
    'garbage',
    '<html>',
    '{}',
    '[]',
    'null',
    '{"data":null}',
    '{"data":[]}',
    echo,
  ),
  fc.json(),
  hostileText.map((text) => ({ errors: [{ title: text, detail: echo }] })),
  hostileText.map((text) => ({ data: { id: text, attributes: { key: text, description: echo } } })),
);
const responses: fc.Arbitrary<Fault['response']> = fc.oneof(
  fc.constantFrom('drop' as const, 'hang' as const),
  fc.record({
    status: fc.constantFrom(200, 201, 204, 301, 400, 401, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503),
    body: bodies,
    headers: fc.constantFrom(
      {},
      { 'Retry-After': '1' },
      { 'X-RateLimit-Reset': '5' },
      { 'Retry-After': '99' },
    ),
  }),
);
const anyFaults: fc.Arbitrary<Fault> = fc.record({
  request: fc.constantFrom(
    '.*',
    'GET ',
    'POST ',
    'GET /api/v2/cases$',
    'GET /api/v2/cases/[^/]+$',
    'POST /api/v2/cases$',
    'POST /api/v2/cases/[^/]+/',
    'GET /repos',
  ),
  skip: fc.nat(3),
  times: fc.integer({ min: 1, max: 4 }),
  phase: fc.constantFrom('before' as const, 'after' as const),
  response: responses,
});
/** A server does not reject a request that it has processed. */
const faults = anyFaults.map((fault) => {
  const { response } = fault;
  const isRejection = typeof response === 'object' && response.status >= 300 && response.status < 500;
  return isRejection && response.status !== 408 ? { ...fault, phase: 'before' as const } : fault;
});
const anyConditions: fc.Arbitrary<Conditions> = fc.record({
  faults: fc.array(faults, { maxLength: 3 }),
  indexLagMs: fc.constantFrom(0, 0, 1500, 5000, 30_000),
  latencyMs: fc.constantFrom(0, 0, 100, 2000, 9000),
  before: fc.constantFrom('none', 'none', 'open', 'closed', 'stale'),
  silentMaxDescription: fc.constantFrom(Number.POSITIVE_INFINITY, 2000, 100, 0),
});
const anyInputs = fc.record({
  mode: fc.constantFrom('open', 'open', 'open', 'close'),
  dedup_key: fc.constantFrom('deploy-main', 'deploy-main', ''),
  title: hostileText.map((text) => `Deploy ${text} ${FakeDatadog.appKey}`),
  description: hostileText,
  reopen_within: fc.constantFrom('0', '24'),
  after_failures: fc.constantFrom('1', '2'),
  attributes: fc.constantFrom('', 'env: prod'),
  status_name: fc.constantFrom('', 'Triage', 'Gone'),
  dry_run: fc.constantFrom('false', 'false', 'true'),
});

function prepare(datadog: FakeDatadog, clock: TestClock, conditions: Conditions): void {
  datadog.now = clock.now;
  datadog.onUnanswered = clock.advanceToNextTimeout;
  datadog.beforeResponse = () => {
    clock.time += conditions.latencyMs;
  };
  Object.assign(datadog, { silentMaxDescription: conditions.silentMaxDescription });
  if (conditions.before !== 'none') {
    const stored = seedKeyedCase(datadog);
    Object.assign(stored, { createdAtMs: clock.time - 3_600_000 });
    if (conditions.before !== 'open') Object.assign(stored.attributes, closedAttributes(clock.time - 60_000));
    if (conditions.before === 'stale') datadog.staleIds.add(stored.id);
  }
  datadog.indexLagMs = conditions.indexLagMs;
  datadog.injectFault(...conditions.faults);
}

/** Everything that the step wrote or sent, except the headers that carry the keys. */
function everythingSent(core: TestCore, ...servers: readonly (FakeDatadog | FakeGitHub)[]): string {
  const requests = servers.flatMap(({ requests: sent }) =>
    sent.map(({ path, query, body }) => `${path} ${query} ${JSON.stringify(body)}`),
  );
  return [core.visibleText, ...requests].join('\n');
}

function expectOneCase(core: TestCore, datadog: FakeDatadog): void {
  const reported = [core.messages('warning'), core.messages('error'), core.messages('info')].join('\n');
  const createdCount = datadog.cases.length - datadog.seedCount;
  const isReported =
    /may|could not|Could not|cannot|did not keep|not found|not known|doesn't show|close it|closed at the same time/.test(
      reported,
    );
  if (core.outputs.outcome === 'failed' && createdCount > 0)
    expect(reported).toMatch(/may have been created|not known/);
  if (createdCount > 1 || datadog.openCases.length > 1)
    expect([isReported, reported]).toEqual([true, reported]);
  if (core.outputs.outcome === 'created' && !isReported)
    expect(datadog.openCases.map(({ id }) => id)).toContain(core.outputs.case_id);
}

/** What random searches found. */
const FOUND: [Conditions, typeof anyInputs extends fc.Arbitrary<infer Inputs> ? Inputs : never][] = [
  // The response to the create request is about a case that does not exist.
  [
    {
      faults: [
        {
          request: '.*',
          skip: 1,
          times: 2,
          phase: 'before',
          response: {
            status: 200,
            body: { data: { id: 'other', attributes: { key: 'other', description: echo } } },
            headers: {},
          },
        },
      ],
      indexLagMs: 0,
      latencyMs: 0,
      before: 'none',
      silentMaxDescription: Number.POSITIVE_INFINITY,
    },
    {
      mode: 'open',
      dedup_key: '',
      title: 'Deploy',
      description: '',
      reopen_within: '0',
      after_failures: '1',
      attributes: '',
      status_name: 'Gone',
      dry_run: 'false',
    },
  ],
];

test('under any conditions, a step ends in time with an outcome, leaves one case or warns, and shows no key', async () => {
  await fc.assert(
    fc.asyncProperty(anyConditions, anyInputs, async (conditions, stepInputs) => {
      const [datadog, github] = await Promise.all([FakeDatadog.start(), FakeGitHub.start()]);
      try {
        const clock = new TestClock();
        // Without a key, a case that was there before has nothing to do with this step.
        prepare(datadog, clock, stepInputs.dedup_key ? conditions : { ...conditions, before: 'none' });
        github.onUnanswered = clock.advanceToNextTimeout;
        github.injectFault(...conditions.faults);
        const startedAt = clock.time;
        const core = await runStep({
          inputs: {
            ...keyedInputs(datadog),
            ...stepInputs,
            ...(!stepInputs.dedup_key && { reopen_within: '0', mode: 'open' }),
            github_token: FakeGitHub.token,
            timeout: String(TIMEOUT_SECONDS),
          },
          env: github.env(),
          clock,
        });
        // On the test clock, the latencies of parallel requests add up, and no timeout cuts them off.
        const slack = TOLERANCE_SECONDS + (4 * conditions.latencyMs) / 1000;
        expect((clock.time - startedAt) / 1000).toBeLessThanOrEqual(TIMEOUT_SECONDS + slack);
        expect(OUTCOMES).toContain(core.outputs.outcome);
        const sent = everythingSent(core, datadog, github);
        for (const part of SECRET_PARTS) expect(sent).not.toContain(part);
        expectOneCase(core, datadog);
      } finally {
        await Promise.all([datadog.stop(), github.stop()]);
      }
    }),
    { numRuns: Number(process.env.RANDOM_RUNS ?? 150), examples: FOUND },
  );
}, 120_000);
