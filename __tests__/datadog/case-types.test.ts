import { expect, test } from '@jest/globals';
import { DEPLOYMENT_TYPE_ID } from '../support/fake-datadog/catalog.ts';
import { runStep, TestClock, validInputs } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog } = useFakes();

function openCase(inputs: Record<string, string> = {}) {
  return runStep({ inputs: { ...validInputs(datadog), ...inputs }, clock: new TestClock() });
}

test.each(['Deployment failure', 'deployment FAILURE', DEPLOYMENT_TYPE_ID])(
  'finds the case type by %s',
  async (type_id) => {
    const core = await openCase({ type_id });
    expect(datadog.cases[0]?.attributes.type_id).toBe(DEPLOYMENT_TYPE_ID);
    expect(core.summary).toContain(type_id);
  },
);

test.each(['Deploymnt failure', 'deploy', 'Failure'])(
  'suggests the case type that %s probably means',
  async (type_id) => {
    expect((await openCase({ type_id })).messages('error')).toContain(
      'not found. Did you mean Deployment failure? Available: Standard, ',
    );
  },
);

test('lists the available case types, but not all of 200, when the type is unknown', async () => {
  const error = (await openCase({ type_id: 'Deploy failure' })).messages('error');
  expect(error).toMatch(/Available: Standard, .*, "Deployment failure", /);
  expect(error).toMatch(/and \d+ more\./);
  expect(error.length).toBeLessThan(1000);
});

test('lists IDs when a case type name is ambiguous', async () => {
  expect((await openCase({ type_id: 'incident' })).messages('error')).toMatch(/dec1de00\S+71, dec1de00\S+72/);
});

test('reports an unknown type and an unknown project together', async () => {
  const error = (await openCase({ type_id: 'Nope', project: 'Nope' })).messages('error');
  expect(error).toMatch(/project: Project "Nope"[\s\S]*type_id: Case type "Nope"/);
});
