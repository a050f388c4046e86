import { describe, expect, test } from '@jest/globals';
import { ACTIVE_USER, DEPLOYMENT_TYPE_ID } from '../support/fake-datadog/catalog.ts';
import { FOOTER, REFERENCE, runStep, type StepOptions, validInputs } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, clock } = useFakes();

function openCase(inputs: Record<string, string> = {}, options: Partial<StepOptions> = {}) {
  return runStep({ inputs: { ...validInputs(datadog), ...inputs }, clock, ...options });
}

describe('optional inputs that no longer apply are omitted', () => {
  test('opens the case without a missing description_file, with a warning and a note in the description', async () => {
    const core = await openCase({ description: 'Words.', description_file: 'gone.md' });
    expect(core.outputs.outcome).toBe('created');
    expect(core.messages('warning')).toContain('File "gone.md" was not found in the workspace');
    expect(datadog.cases[0]?.attributes.description).toMatch(/^Words\.\n\n\*Omitted:\* description_file/);
  });

  test('opens the case without an optional field that Datadog rejects', async () => {
    const core = await openCase({ status_name: 'Gone', priority: 'P1', description: 'Words.' });
    expect(core.outputs.outcome).toBe('created');
    expect(core.messages('warning')).toContain('The case has the default status of its type.');
    expect(datadog.cases).toHaveLength(1);
    expect(datadog.cases[0]?.attributes).toMatchObject({ priority: 'P1', status_name: 'Open' });
    expect(datadog.cases[0]?.attributes.description).toContain('invalid status Gone');
    expect(JSON.parse(core.outputs.request ?? '')).toEqual(datadog.requests[2]?.body);
  });

  test('shortens a title and a description that are too long', async () => {
    datadog.maxLengths = { title: 300, description: 20_000 };
    const core = await openCase({
      title: `Deploy failed ${'x'.repeat(300)}`,
      description: 'word '.repeat(6000),
    });
    expect(core.outputs.outcome).toBe('created');
    expect(core.messages('warning')).toMatch(/title: Too long.*shortened[\s\S]*description: .*shortened/);
    expect(datadog.cases).toHaveLength(1);
    const { title, description } = datadog.cases[0]?.attributes ?? { title: '', description: '' };
    expect(title).toMatch(/^Deploy failed x+…$/);
    expect(description).toMatch(
      /^(word )+word…\n\n\*Shortened:\* title.*\n\n\*Shortened:\* description.*\n\n/,
    );
    expect(description.endsWith(`\n\n${FOOTER}${REFERENCE}`)).toBe(true);
  });

  test('does not shorten the description when another field is rejected', async () => {
    const core = await openCase({ status_name: 'Gone', description: 'word '.repeat(6000) });
    expect(core.messages('warning')).not.toContain('shortened');
    expect(datadog.requestLines.filter((line) => line.startsWith('POST'))).toHaveLength(2);
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

describe('only what Datadog names is left out', () => {
  const names = {
    type_id: DEPLOYMENT_TYPE_ID,
    assignee: ACTIVE_USER.id,
    custom_attributes: JSON.stringify({
      region: { type: 'SELECT', is_multi: false, value: 'eu' },
      gone: { type: 'TEXT', is_multi: false, value: 'x' },
    }),
  };

  test('leaves out the custom attribute that Datadog does not know, and keeps the rest', async () => {
    const core = await openCase({ ...names, status_name: 'Triage' });
    expect(core.outputs.outcome).toBe('created');
    expect(core.messages('warning')).toMatch(/^custom_attributes: gone: Datadog rejected this value/);
    expect(datadog.cases[0]).toMatchObject({
      assigneeId: ACTIVE_USER.id,
      attributes: { status_name: 'Triage', custom_attributes: { region: { value: 'eu' } } },
    });
    expect(datadog.requestLines).toHaveLength(2);
  });

  test('leaves out the status that is gone, and keeps the rest', async () => {
    const { custom_attributes: _, ...rest } = names;
    const core = await openCase({ ...rest, status_name: 'Gone' });
    expect(core.messages('warning')).toMatch(/^status_name: /);
    expect(datadog.cases[0]).toMatchObject({ assigneeId: ACTIVE_USER.id });
  });

  test('accepts a status in upper or lower case, with one lookup after the rejection', async () => {
    const core = await openCase({ type_id: DEPLOYMENT_TYPE_ID, status_name: 'triage' });
    expect(core.outputs.case_status).toBe('Triage');
    expect(core.messages('warning')).toBe('');
    expect(datadog.requestLines).toEqual([
      'POST /api/v2/cases',
      'GET /api/v2/cases/types',
      'POST /api/v2/cases',
    ]);
  });

  test('leaves out everything optional when the second attempt is rejected as well', async () => {
    datadog.injectFault({
      request: 'POST /api/v2/cases$',
      times: 2,
      response: { status: 400, body: { errors: ['invalid status Triage'] } },
    });
    const core = await openCase({ ...names, status_name: 'Triage' });
    expect(core.outputs.outcome).toBe('created');
    expect(core.messages('warning')).toMatch(/status_name: [\s\S]*assignee: [\s\S]*custom_attributes: /);
  });
});
