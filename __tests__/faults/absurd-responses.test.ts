import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { closedAttributes } from '../support/fake-datadog/stored-case.ts';
import { FakeDatadog } from '../support/fake-datadog.ts';
import type { FakeResponse, RecordedRequest } from '../support/fake-server.ts';
import { keyedInputs, RUN_ENV, seedKeyedCase } from '../support/keyed-case.ts';
import { runStep, TestClock } from '../support/run-step.ts';

const TIMEOUT_SECONDS = 20;

/** Something in the responses that is not what it should be. */
interface Absurdity {
  /** Part of a method and path. */
  readonly request: string;
  /** Which value of the response, counted from the outermost. */
  readonly index: number;
  /** `undefined` removes the value. */
  readonly replacement: unknown;
}

/** A Datadog that processes requests as it should, and says something else. */
class AbsurdDatadog extends FakeDatadog {
  absurdities: readonly Absurdity[] = [];

  static async startAbsurd(): Promise<AbsurdDatadog> {
    return new AbsurdDatadog().listen();
  }

  protected override respond(request: RecordedRequest): FakeResponse {
    const response = super.respond(request);
    const line = `${request.method} ${request.path}`;
    const body = this.absurdities
      .filter((absurdity) => new RegExp(absurdity.request).test(line))
      .reduce<unknown>((json, { index, replacement }) => replaceAt(json, index, replacement), response.body);
    return { ...response, body };
  }
}

/** The JSON with the value at a position replaced, counted modulo the number of its values. */
function replaceAt(json: unknown, index: number, replacement: unknown): unknown {
  const count = (value: unknown): number =>
    typeof value === 'object' && value !== null
      ? Object.values(value).reduce<number>((sum, item) => sum + count(item), 1)
      : 1;
  let position = -1;
  const target = index % count(json);
  const visit = (value: unknown): unknown => {
    position += 1;
    if (position === target) return replacement;
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, visit(item)]));
  };
  return visit(json);
}

const anyReplacement = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    true,
    0,
    -1,
    Number.MAX_VALUE,
    '',
    '\ud800',
    '..',
    '../../x',
    'a\n::error::b',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    'SG_CLOSED',
    'SG_OPEN',
    'x'.repeat(100_000),
    [],
    {},
    [null],
    [[]],
    { errors: ['Forbidden'] },
    { id: '5eed0000-0000-4000-8000-000000000001', type: 'case' },
    JSON.parse(`${'['.repeat(2500)}${']'.repeat(2500)}`),
  ),
  fc.jsonValue(),
);

const anyAbsurdity: fc.Arbitrary<Absurdity> = fc.record({
  request: fc.constantFrom(
    '.',
    'GET .*/cases$',
    'GET .*/cases/',
    'POST .*/cases$',
    'POST .*/cases/',
    'GET .*/(types|projects)$',
  ),
  index: fc.nat(60),
  replacement: anyReplacement,
});

const anyInputs = fc.record({
  dedup_key: fc.constantFrom('deploy-main', 'deploy-main', ''),
  mode: fc.constantFrom('open', 'open', 'close'),
  reopen_within: fc.constantFrom('0', '24'),
  project: fc.constantFrom('', 'OPS'),
  type_id: fc.constantFrom('', 'Deployment failure'),
  due_date: fc.constantFrom('', '2027-01-01'),
  status_name: fc.constantFrom('', 'Resolved', 'Gone'),
});

test('whatever the responses contain, a step ends in time with an outcome, names its case, and reports no internal error', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyAbsurdity, { minLength: 1, maxLength: 2 }),
      anyInputs,
      fc.constantFrom('none', 'open', 'closed'),
      async (absurdities, inputs, stateBefore) => {
        const datadog = await AbsurdDatadog.startAbsurd();
        try {
          const clock = new TestClock();
          datadog.now = clock.now;
          datadog.onUnanswered = clock.advanceToNextTimeout;
          datadog.absurdities = absurdities;
          const closed = closedAttributes(clock.time - 60_000);
          if (stateBefore !== 'none') seedKeyedCase(datadog, stateBefore === 'closed' ? closed : {});
          const { dedup_key, mode, reopen_within, project, ...rest } = inputs;
          const keyed = dedup_key ? { dedup_key, mode, reopen_within } : { dedup_key: '' };
          const startedAt = clock.time;
          const core = await runStep({
            inputs: {
              ...keyedInputs(datadog),
              ...rest,
              ...keyed,
              ...(project && { project }),
              timeout: String(TIMEOUT_SECONDS),
            },
            env: RUN_ENV,
            clock,
          });
          const { outcome, case_id } = core.outputs;
          expect(outcome).toBeTruthy();
          expect(clock.time - startedAt).toBeLessThanOrEqual(TIMEOUT_SECONDS * 1000);
          const reported = [core.messages('error'), core.messages('warning')].join('\n');
          expect(reported).not.toMatch(/Internal error|[A-Z]\w+Error:|\[object/);
          const createdCount = datadog.cases.length - datadog.seedCount;
          if (createdCount && !case_id) expect(reported).toContain('may have been created');
          if (outcome === 'created') expect(createdCount).toBeGreaterThan(0);
        } finally {
          await datadog.stop();
        }
      },
    ),
    { numRuns: Number(process.env.RANDOM_RUNS ?? 150) },
  );
}, 600_000);
