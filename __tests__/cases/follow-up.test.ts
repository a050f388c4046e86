import { expect, test } from '@jest/globals';
import { applyFollowUps, listFollowUps } from '../../src/cases/create/follow-up.ts';
import type { NewCase } from '../../src/cases/create/new-case.ts';
import { parseCase } from '../../src/datadog/case.ts';
import { FAULT_KINDS } from '../faults/trial.ts';
import { createNewCase, createTools } from '../support/case-context.ts';
import { ACTIVE_USER } from '../support/fake-datadog/catalog.ts';
import { toApi } from '../support/fake-datadog/stored-case.ts';
import { holdUntilArrived } from '../support/hold-requests.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog, clock } = useFakes();

const WATCHERS = [
  { id: ACTIVE_USER.id, label: ACTIVE_USER.email },
  { id: 'ba5e0000-1111-4222-8333-000000000005', label: 'late@acme.example' },
];

const EVERYTHING = { attributes: new Map([['env', ['prod']]]), dueDate: '2026-01-16' };

/** Applies all follow-ups to a new case and returns the warnings. */
async function apply(wanted: Partial<NewCase> = EVERYTHING, watchers = WATCHERS): Promise<string[]> {
  const { tools, warnings } = createTools(datadog, clock);
  const newCase = createNewCase(wanted, { watchers });
  const created = parseCase(toApi(datadog.seed({})), 'https://app.datadoghq.com');
  if (!created) throw new Error('no case');
  await applyFollowUps(tools, created, listFollowUps(newCase));
  return warnings;
}

test('sets attributes, due date and watchers', async () => {
  expect(await apply()).toEqual([]);
  expect(datadog.cases[0]?.attributes).toMatchObject({
    attributes: { env: ['prod'] },
    due_date: '2026-01-16',
  });
  expect([...(datadog.cases[0]?.watchers ?? [])].sort()).toEqual(WATCHERS.map(({ id }) => id).sort());
});

test('sends nothing if there is nothing to set', async () => {
  expect(await apply({}, [])).toEqual([]);
  expect(datadog.requests).toEqual([]);
});

test('sends all follow-ups at the same time', async () => {
  holdUntilArrived([datadog], 4);
  expect(await apply()).toEqual([]);
});

const REQUESTS = [
  ['attributes', 'Could not set attributes (env).'],
  ['due_date', 'Could not set due_date (2026-01-16).'],
  [`watchers/${ACTIVE_USER.id}`, `Could not set watchers (${ACTIVE_USER.email}).`],
] as const;

// A response that isn't understood after the change was made, and a 409 for a watcher, count as success.
test.each(
  REQUESTS.flatMap(([path, warning]) => FAULT_KINDS.map((kind) => [path, kind.name, kind, warning] as const)),
)(
  'a permanent fault of POST %s (%s) is at most a warning, and leaves the others alone',
  async (path, _, kind, warning) => {
    datadog.injectFault({ ...kind, request: `POST /api/v2/cases/[^/]+/${path}$` });
    const warnings = await apply();
    expect(warnings.filter((text) => !text.startsWith(warning))).toEqual([]);
    expect(warnings.length).toBeLessThanOrEqual(1);
    const isAccepted =
      kind.name.startsWith('200 empty') || (kind.name === '409' && path.startsWith('watchers'));
    expect(warnings).toHaveLength(isAccepted ? 0 : 1);
    expect(datadog.cases[0]?.watchers.has('ba5e0000-1111-4222-8333-000000000005')).toBe(true);
  },
);

test('a temporary fault of each request is retried', async () => {
  for (const [path] of REQUESTS)
    datadog.injectFault({
      request: `POST /api/v2/cases/[^/]+/${path}$`,
      times: 1,
      response: { status: 503 },
    });
  expect(await apply()).toEqual([]);
});

test('watchers who fail for the same reason share a warning', async () => {
  datadog.injectFault({
    request: 'POST .*/watchers/',
    response: { status: 403, body: { errors: ['Forbidden'] } },
  });
  expect(await apply()).toEqual([
    expect.stringContaining(`Could not set watchers (${ACTIVE_USER.email}, late@acme.example). POST `),
  ]);
});
