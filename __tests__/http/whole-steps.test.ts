import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { PROJECT } from '../support/fake-datadog/catalog.ts';
import { FakeDatadog } from '../support/fake-datadog.ts';
import { runStep, TestClock, validInputs } from '../support/run-step.ts';

let datadog: FakeDatadog;
let clock: TestClock;
beforeEach(async () => {
  datadog = await FakeDatadog.start();
  clock = new TestClock();
  datadog.onUnanswered = clock.advanceToNextTimeout;
});
afterEach(() => datadog.stop());

function openCase(inputs: Readonly<Record<string, string>> = {}) {
  return runStep({ clock, inputs: { ...validInputs(datadog), ...inputs } });
}

test('creates the case after a search whose response is far too large', async () => {
  datadog.injectFault({
    request: 'GET /api/v2/cases$',
    response: { status: 200, body: ' '.repeat(17 * 1024 * 1024) },
  });
  const startedAt = clock.time;
  const core = await openCase({ dedup_key: 'deploy' });
  expect(core.outputs).toMatchObject({ outcome: 'created' });
  expect(core.messages('warning')).toContain('The response to GET /api/v2/cases is larger than 16 MiB.');
  const searches = datadog.requestLines.slice(0, datadog.requestLines.indexOf('POST /api/v2/cases'));
  expect(new Set(searches)).toEqual(new Set(['GET /api/v2/cases']));
  expect(searches.length).toBeLessThanOrEqual(2);
  expect(clock.time - startedAt).toBeLessThan(20_000);
});

test('waits for a rate limit that ends just before the timeout', async () => {
  const limits = [12, 9, 6, 3, 1].map((seconds) => ({
    request: 'POST /api/v2/cases$',
    times: 1,
    response: { status: 429, headers: { 'X-RateLimit-Reset': String(seconds) } },
  }));
  datadog.injectFault(...limits);
  expect((await openCase({ timeout: '30' })).outputs).toMatchObject({ outcome: 'created' });
});

test.each([
  ['a time in place of a delay', { 'X-RateLimit-Reset': '1767326645' }],
  ['an hour', { 'Retry-After': '3600' }],
  [
    'a date by a clock that is an hour ahead',
    { Date: 'Fri, 02 Jan 2026 04:04:05 GMT', 'Retry-After': 'Fri, 02 Jan 2026 04:04:06 GMT' },
  ],
])('creates the case although a rate limit names %s', async (_, headers) => {
  datadog.injectFault({ request: 'POST /api/v2/cases$', times: 2, response: { status: 429, headers } });
  expect((await openCase({ timeout: '30' })).outputs).toMatchObject({ outcome: 'created' });
  expect(datadog.cases).toHaveLength(1);
});

test('says how often and how long it tried', async () => {
  datadog.injectFault({ request: 'POST /api/v2/cases$', response: { status: 429 } });
  const core = await openCase({ timeout: '30' });
  expect(core.messages('error')).toMatch(
    /Rate limited: .* Tried \d+ times in \d+ s\. Run the job again later, or raise `timeout`\./,
  );
});

test.each([421, 425])('creates one case after status %d', async (status) => {
  datadog.injectFault({ request: 'POST /api/v2/cases$', times: 1, response: { status } });
  expect((await openCase()).outputs).toMatchObject({ outcome: 'created' });
  expect(datadog.cases).toHaveLength(1);
});

test('names a project that does not exist', async () => {
  const project = '99999999-9999-4999-8999-999999999999';
  const core = await openCase({ project });
  expect(project).not.toBe(PROJECT.id);
  expect(core.messages('error')).toContain(
    `Project ${project} doesn't exist, or the application key can't access it.`,
  );
});

test('says what happened to a case that was deleted after it was created', async () => {
  datadog.injectFault({
    request: 'POST /api/v2/cases/[^/]+/attributes$',
    response: { status: 404, body: { errors: [{ title: 'case not found' }] } },
  });
  const core = await openCase({ attributes: 'service: shop' });
  expect(core.messages('warning')).toContain(
    "case not found. The case was deleted, or moved to a project that the application key can't access.",
  );
});
