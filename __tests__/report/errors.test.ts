import { expect, test } from '@jest/globals';
import type { ActionsCore } from '../../src/report/reporter.ts';
import { runStep, type StepOptions, TestCore, validInputs } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, clock } = useFakes();

function openCase(inputs: Record<string, string> = {}, options: Partial<StepOptions> = {}) {
  return runStep({ inputs: { ...validInputs(datadog), ...inputs }, clock, ...options });
}

test.each([
  [
    403,
    { errors: ['Forbidden'] },
    /403: Forbidden\. Host: 127\.0\.0\.1:\d+ \(from the input api_url\)\. Check that .*cases_write/s,
    'Wrong key',
  ],
  [401, '', /401.*not swapped/s, 'Wrong key'],
  [
    404,
    { errors: [{ title: 'project not found' }] },
    /project not found\. Project [-\da-f]{36} doesn't exist/s,
    'Project not found',
  ],
  [
    404,
    { errors: [{ title: 'x custom attribute configuration not found', meta: { key: 'region' } }] },
    /\(region\)/,
    'Custom attribute',
  ],
  [404, '', /Project [-\da-f]{36} doesn't exist/, 'Project not found'],
  [
    400,
    { errors: [{ title: 'Generic Error', detail: 'invalid priority' }] },
    /invalid priority/,
    'Datadog rejected the case',
  ],
  [429, '', /Rate limited: POST .* returned 429/, 'Rate limited'],
  [500, '<html>', /HTML page.*may have been created/s, 'Timeout or outage'],
  [302, '', /Redirects are not followed/, 'Wrong key'],
  [201, { data: [] }, /contains no case.*may have been created/s, 'Unexpected response'],
  [200, 'Welcome!', /not JSON: Welcome!.*may have been created/s, 'Unexpected response'],
  [201, '', /contains no case/, 'Unexpected response'],
])('explains status %d with body %j', async (status, body, message, helpTopic) => {
  datadog.injectFault({ request: 'POST', response: { status, body } });
  const core = await openCase();
  expect(core.messages('error')).toMatch(message);
  expect(core.messages('error')).toContain(helpTopic);
  expect(core.outputs).toEqual({ outcome: 'failed' });
  expect(core.summary).toMatch(/No case was opened in Datadog|unknown whether the case was opened/);
  expect(core.messages('debug')).toBe('');
});

test.each(['drop', 'hang'] as const)('reports an unknown outcome after %s', async (response) => {
  datadog.injectFault({ request: 'POST', response });
  const core = await openCase();
  expect(core.messages('error')).toContain('may have been created');
  expect(core.messages('error')).toContain('Timeout or outage');
});

test('logs the causes of an error when debug logging is enabled', async () => {
  datadog.injectFault({ request: 'POST', response: 'drop' });
  const core = new TestCore();
  core.isDebugEnabled = true;
  await openCase({}, { core });
  expect(core.messages('debug')).toMatch(/NetworkError[\s\S]*Caused by FetchError/);
});

test('fails the step when a non-error is thrown', async () => {
  clock.now = () => {
    throw 'a text';
  };
  const core = await openCase();
  expect(core.messages('error')).toContain('a text');
  expect(core.hasFailed).toBe(true);
  expect(core.outputs).toEqual({ outcome: 'failed' });
});

test('only warns about an exception once the case exists', async () => {
  const core = new TestCore();
  const broken = {
    notice: () => {
      throw 'a text';
    },
  } satisfies Partial<ActionsCore>;
  Object.assign(core.core, broken);
  await openCase({}, { core });
  expect(core.messages('warning')).toContain('a text');
  expect(core.hasFailed).toBe(false);
  expect(core.outputs.outcome).toBe('created');
  expect(core.outputs.case_key).toBe('OPS-1');
});
