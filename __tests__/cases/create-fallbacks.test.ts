import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { FakeDatadog } from '../support/fake-datadog.ts';
import { REFERENCE, runStep, type StepOptions, TestClock, validInputs } from '../support/run-step.ts';

let datadog: FakeDatadog;
let clock: TestClock;
beforeEach(async () => {
  datadog = await FakeDatadog.start();
  clock = new TestClock();
  datadog.now = clock.now;
  datadog.onUnanswered = clock.advanceToNextTimeout;
});
afterEach(() => datadog.stop());

function openCase(inputs: Record<string, string> = {}, options: Partial<StepOptions> = {}) {
  return runStep({ inputs: { ...validInputs(datadog), ...inputs }, clock, ...options });
}

describe('optional inputs that no longer apply are omitted', () => {
  test('opens the case without a missing description_file, with a warning and a note in the description', async () => {
    const core = await openCase({ description: 'Words.', description_file: 'gone.md' });
    expect(core.outputs.outcome).toBe('created');
    expect(core.messages('warning')).toContain('"gone.md" is not read, because it is not there');
    expect(datadog.cases[0]?.attributes.description).toMatch(/^Words\.\n\n\*Left out:\* description_file/);
  });

  test('opens the case without an optional field that Datadog rejects', async () => {
    const core = await openCase({ status_name: 'Gone', priority: 'P1', description: 'Words.' });
    expect(core.outputs.outcome).toBe('created');
    expect(core.messages('warning')).toContain('It is left out');
    expect(datadog.cases).toHaveLength(1);
    expect(datadog.cases[0]?.attributes).toMatchObject({ priority: 'P1', status_name: 'Open' });
    expect(datadog.cases[0]?.attributes.description).toContain('invalid status Gone');
    expect(JSON.parse(core.outputs.request ?? '')).toEqual(datadog.requests[1]?.body);
  });

  test('shortens a title and a description that are too long', async () => {
    datadog.maxLengths = { title: 300, description: 20_000 };
    const core = await openCase({
      title: `Deploy failed ${'x'.repeat(300)}`,
      description: 'word '.repeat(6000),
    });
    expect(core.outputs.outcome).toBe('created');
    expect(core.messages('warning')).toMatch(/title: .*too long.*shortened[\s\S]*description: .*shortened/);
    expect(datadog.cases).toHaveLength(1);
    const { title, description } = datadog.cases[0]?.attributes ?? { title: '', description: '' };
    expect(title).toMatch(/^Deploy failed x+…$/);
    expect(description).toMatch(
      new RegExp(`^(word )+word…\n\n\\*Left out:.*\n\n.*shortened.*\n\n${REFERENCE}$`),
    );
  });

  test('does not shorten the description when another field is rejected', async () => {
    const core = await openCase({ status_name: 'Gone', description: 'word '.repeat(6000) });
    expect(core.messages('warning')).not.toContain('shortened');
    expect(datadog.requestLines).toHaveLength(2);
    expect(datadog.cases[0]?.attributes.description.length).toBeGreaterThan(29_000);
  });

  test('shortens the description after 413', async () => {
    datadog.injectFault({ request: 'POST', times: 1, response: { status: 413, body: '<html>' } });
    const core = await openCase(
      { description_file: 'long.md' },
      { files: { 'long.md': 'x'.repeat(90_000) } },
    );
    expect(core.outputs.outcome).toBe('created');
    expect(datadog.cases[0]?.attributes.description.length).toBeLessThan(12_000);
  });

  test('reports the first rejection when the smaller request is rejected too', async () => {
    datadog.injectFault(
      { request: 'POST', times: 1, response: { status: 422, body: { errors: ['first'] } } },
      { request: 'POST', response: { status: 400, body: { errors: ['second'] } } },
    );
    const core = await openCase({ status_name: 'Open' });
    expect(core.messages('error')).toContain('422: first');
    expect(core.messages('error')).not.toContain('second');
    expect(datadog.requestLines).toHaveLength(2);
  });

  test('does not retry a rejected case that has no optional fields', async () => {
    datadog.injectFault({ request: 'POST', response: { status: 400 } });
    expect((await openCase()).hasFailed).toBe(true);
    expect(datadog.requestLines).toHaveLength(1);
  });
});
