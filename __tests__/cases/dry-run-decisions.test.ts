import { expect, test } from '@jest/globals';
import type { Env } from '../../src/base/env.ts';
import { InputError } from '../../src/base/errors.ts';
import type { OpenPlan } from '../../src/cases/draft.ts';
import type { KeyedCases } from '../../src/cases/find-existing.ts';
import { planCase } from '../../src/cases/plan.ts';
import { type Case, parseCase } from '../../src/datadog/case.ts';
import { NO_FAILED_JOBS } from '../../src/github/collect-failed-jobs.ts';
import { createCaseContext } from '../support/case-context.ts';
import { PROJECT, STANDARD_TYPE_ID } from '../support/fake-datadog/catalog.ts';
import { TestClock } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog } = useFakes();

const PLAN: OpenPlan = {
  names: {
    project: { id: PROJECT.id, label: 'OPS' },
    type: { id: STANDARD_TYPE_ID, label: 'Standard' },
    assignee: undefined,
    customAttributes: new Map(),
    watchers: [],
    omissions: [],
  },
  references: { projectId: PROJECT.id, shared: 'ghac1', unique: 'ghac1', openedBy: undefined },
  fileText: '',
  failures: NO_FAILED_JOBS,
  omissions: [],
  maybeReopened: undefined,
};

async function plan(env: Env, keyed: KeyedCases | undefined, changes: Partial<OpenPlan> = {}) {
  const { context, warnings } = await createCaseContext(datadog, new TestClock(), {
    INPUT_RUN_CONTEXT: 'false',
    ...env,
  });
  const open = {
    ...context,
    randomUUID: () => '',
    readWorkspaceFile: async () => ({ text: '', problems: [] }),
  };
  return { result: await planCase(open, { ...PLAN, ...changes }, keyed), warnings };
}

function createCase(attributes: Record<string, string> = {}): Case {
  const parsed = parseCase({ id: 'an-id', attributes }, 'https://dd.example');
  if (!parsed) throw new Error('This is no case.');
  return parsed;
}

const openCase = createCase({ key: 'OPS-1' });
const closedCase = createCase({ key: 'OPS-2', closed_at: '2026-01-02T02:04:05Z' });
const keyedCases = (open: Case[], closed: Case[]): KeyedCases => ({ open, closed, isComplete: true });

test.each<[string, Env, KeyedCases | undefined, unknown]>([
  ['opens a case if the search for others has failed', {}, undefined, undefined],
  ['opens a case if there is no other', {}, keyedCases([], []), undefined],
  [
    'comments on the open case',
    { INPUT_REOPEN_WITHIN: '24' },
    keyedCases([openCase], [closedCase]),
    { kind: 'comment', case: openCase },
  ],
  [
    'leaves the open case alone',
    { INPUT_ON_EXISTING: 'ignore' },
    keyedCases([openCase], []),
    { kind: 'keep', case: openCase },
  ],
  [
    'reopens the closed case',
    { INPUT_REOPEN_WITHIN: '24' },
    keyedCases([], [closedCase]),
    { kind: 'reopen', case: closedCase },
  ],
  ['opens a case beside a closed one', {}, keyedCases([], [closedCase]), undefined],
])('finds that a real run %s', async (_, env, keyed, instead) => {
  const { result, warnings } = await plan({ INPUT_DEDUP_KEY: 'k', ...env }, keyed);
  expect(result).toEqual({
    outcome: 'planned',
    operation: 'open',
    instead,
    facts: {
      title: 'Deploy failed',
      statusName: '',
      priority: 'NOT_DEFINED',
      type: 'Standard',
      project: 'OPS',
      assignee: '',
    },
    request: {
      data: {
        type: 'case',
        attributes: {
          title: 'Deploy failed',
          type_id: STANDARD_TYPE_ID,
          description: expect.stringContaining('Reference: ghac1'),
          priority: 'NOT_DEFINED',
        },
        relationships: { project: { data: { id: PROJECT.id, type: 'project' } } },
      },
    },
    attributes: new Map(),
  });
  expect(warnings).toEqual([]);
});

test('a real run opens a case if the history of failures cannot be read', async () => {
  const { result, warnings } = await plan({ INPUT_AFTER_FAILURES: '3' }, undefined);
  expect(result).toMatchObject({ outcome: 'planned', instead: undefined });
  expect(warnings).toEqual([
    'after_failures: could not count earlier failures, so the case is opened now. The step has no github_token or no repository.',
  ]);
});

test('everything that a real run would leave out is an error', async () => {
  const omissions = [{ input: 'assignee', text: 'not found' }];
  const project = 'c0ffee00-1111-4222-8333-000000000000';
  const error: unknown = await plan({ INPUT_PROJECT: project }, undefined, { omissions }).catch(
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  expect(error).toMatchObject({
    issues: [
      { input: 'assignee', text: 'not found' },
      { input: 'project', text: expect.stringContaining('not found') },
    ],
  });
});
