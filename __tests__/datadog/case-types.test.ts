import { expect, test } from '@jest/globals';
import {
  DELETED_TYPE_ID,
  DEPLOYMENT_TYPE_ID,
  PROJECT,
  STANDARD_TYPE_ID,
} from '../support/fake-datadog/catalog.ts';
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
  'opens a case of type Standard, and suggests the type that %s probably means',
  async (type_id) => {
    const core = await openCase({ type_id });
    expect(datadog.cases[0]?.attributes.type_id).toBe(STANDARD_TYPE_ID);
    expect(core.messages('warning')).toMatch(
      /^type_id: Case type ".*" not found\. Did you mean "Deployment failure"\? Available: "Deployment failure", .* The case is opened without this type, as Standard\.$/,
    );
    expect(datadog.lastDescription).toContain(`*Omitted:* type_id: \`Case type "${type_id}" not found.`);
  },
);

test('lists the five closest of 200 case types, quoted alike, without deleted ones', async () => {
  const warning = (await openCase({ type_id: 'Team typ 12' })).messages('warning');
  expect(warning).toMatch(/Available: "Team type 12"(?:, "Team type \d+"){4}, and 204 more\. /);
  expect((await openCase({ type_id: 'Standart' })).messages('warning')).toContain(
    'Did you mean "Standard"? Available: "Standard", ',
  );
});

test.each([
  [
    'incident',
    'Use the UUID of one: dec1de00-1111-4222-8333-444455557771, dec1de00-1111-4222-8333-444455557772.',
  ],
  ['World', /Use the UUID of one: (?:dec1de00-3333-4222-8333-00000000000[0-4], ){5}and 3 more\./],
])(
  'lists the IDs of live types when the name %s is ambiguous, and opens a case of type Standard',
  async (type_id, list) => {
    const core = await openCase({ type_id });
    expect(core.messages('warning')).toMatch(list);
    expect(core.messages('warning')).not.toContain('dec1de00-4444');
    expect(datadog.cases[0]?.attributes.type_id).toBe(STANDARD_TYPE_ID);
  },
);

test('ignores a deleted namesake', async () => {
  const core = await openCase({ type_id: 'Deployment failure', dry_run: 'true' });
  expect(core.outputs.outcome).toBe('planned');
  expect(JSON.parse(core.outputs.request ?? '')).toMatchObject({
    data: { attributes: { type_id: DEPLOYMENT_TYPE_ID } },
  });
});

test('opens a case of type Standard if the type was deleted', async () => {
  const core = await openCase({ type_id: 'Retired', custom_attributes: 'region: eu' });
  expect(core.outputs.outcome).toBe('created');
  expect(core.messages('warning')).toMatch(
    /^type_id: Case type "Retired" was deleted in Datadog\. Available: /,
  );
});

test.each(['Retired', DELETED_TYPE_ID, 'World', 'Nope'])(
  'a dry run does not accept the case type %s',
  async (type_id) => {
    const core = await openCase({ type_id, dry_run: 'true', custom_attributes: '' });
    expect(core.outputs.outcome).toBe('failed');
    expect(core.messages('error')).toMatch(/type_id: (?:c|C|S)/);
    expect(core.messages('error')).toMatch(/was deleted in Datadog|Several case types|not found/);
  },
);

test.each(['true', 'false'])(
  'reports an unknown project together with all other names: dry_run %s',
  async (dry_run) => {
    const inputs = { type_id: 'Nope', project: 'Nope', assignee: 'nobody@acme.example', dry_run };
    const error = (await openCase(inputs)).messages('error');
    expect(error).toMatch(
      /project: Project "Nope"[\s\S]*type_id: Case type "Nope"[\s\S]*assignee: No Datadog user/,
    );
    expect(error.match(/Case type/g)).toHaveLength(1);
    expect(datadog.cases).toEqual([]);
  },
);

test.each([PROJECT.id, PROJECT.key])(
  'a dry run for the project %s fetches the projects once',
  async (project) => {
    await openCase({ project, dry_run: 'true' });
    expect(datadog.requestLines).toEqual(['GET /api/v2/cases/projects']);
  },
);

test.each(['Resolved', 'resolved'])(
  'a dry run does not accept the closing status %s for a new case',
  async (status_name) => {
    const core = await openCase({ type_id: DEPLOYMENT_TYPE_ID, status_name, dry_run: 'true' });
    expect(core.messages('error')).toContain(
      'status_name: "Resolved" is a closing status: a new case would not be open. Use one of: Open, Triage, In Progress.',
    );
    expect(datadog.requestLines.filter((line) => line.endsWith('/types'))).toHaveLength(1);
  },
);
