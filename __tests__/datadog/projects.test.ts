import { expect, test } from '@jest/globals';
import { OTHER_PROJECT, PROJECT } from '../support/fake-datadog/catalog.ts';
import { runStep, TestClock, validInputs } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog } = useFakes();

function openCase(inputs: Record<string, string> = {}) {
  return runStep({ inputs: { ...validInputs(datadog), ...inputs }, clock: new TestClock() });
}

test.each([PROJECT.key, 'ops', PROJECT.name, 'OPERATIONS'])('finds the project by %s', async (project) => {
  const core = await openCase({ project });
  expect(datadog.cases[0]?.projectId).toBe(PROJECT.id);
  expect(core.summary).toContain('OPS');
});

test('shows the project as given, with its key, in the summary', async () => {
  expect((await openCase({ project: 'payments' })).summary).toContain(`payments (${OTHER_PROJECT.key})`);
});

test('lists the available projects, most similar first, when the project is unknown', async () => {
  const core = await openCase({ project: 'PYA' });
  expect(core.messages('error')).toMatch(
    /Project "PYA" not found\. Did you mean PAY \("Payments"\)\? These credentials can see: PAY \("Payments"\), /,
  );
  expect(core.messages('error')).toContain('Project not found');
  expect(datadog.cases).toEqual([]);
});

test('lists keys and IDs when a project name is ambiguous', async () => {
  expect((await openCase({ project: 'web' })).messages('error')).toMatch(
    /WEBA \("Web", c0ffee.*0\), WEBB \("Web", c0ffee.*1\)/,
  );
});
