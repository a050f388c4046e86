import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ACTIVE_USER, OTHER_PROJECT } from '../support/fake-datadog/catalog.ts';
import { FakeDatadog } from '../support/fake-datadog.ts';
import { runStep, TestClock, validInputs } from '../support/run-step.ts';

let datadog: FakeDatadog;
beforeEach(async () => {
  datadog = await FakeDatadog.start();
});
afterEach(() => datadog.stop());

function openCase(inputs: Record<string, string> = {}) {
  return runStep({ inputs: { ...validInputs(datadog), ...inputs }, clock: new TestClock() });
}

test('a dry run shows the request and sends nothing', async () => {
  const core = await openCase({ dry_run: 'true', priority: 'P4' });
  expect(datadog.requestLines).toEqual([]);
  expect(core.outputs.outcome).toBe('planned');
  expect(JSON.parse(core.outputs.request ?? '')).toMatchObject({ data: { attributes: { priority: 'P4' } } });
  expect(core.summary).toContain('"priority": "P4"');
});

test('a dry run reports a missing description_file as an error', async () => {
  const core = await openCase({ dry_run: 'true', description_file: 'gone.md' });
  expect(core.outputs.outcome).toBe('failed');
  expect(core.messages('error')).toContain('gone.md');
});

test('a dry run looks up names, shows the request and creates nothing', async () => {
  const core = await openCase({
    dry_run: 'true',
    project: 'PAY',
    assignee: ACTIVE_USER.email,
    attributes: 'env: prod',
  });
  expect(core.outputs.outcome).toBe('planned');
  expect(core.outputs.request).toContain(OTHER_PROJECT.id);
  expect(core.summary).toContain('"env"');
  expect(datadog.requestLines.filter((line) => line.startsWith('POST'))).toEqual([]);
});

test('a dry run reports inputs that no longer apply as errors', async () => {
  const core = await openCase({
    dry_run: 'true',
    assignee: 'gone@acme.example',
    custom_attributes: 'nope: x',
  });
  expect(core.hasFailed).toBe(true);
  expect(core.messages('error')).toMatch(/assignee: [\s\S]*custom_attributes: /);
});
