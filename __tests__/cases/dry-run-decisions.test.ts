import { expect, test } from '@jest/globals';
import type { Env } from '../../src/base/env.ts';
import { InputError } from '../../src/base/errors.ts';
import { planCase } from '../../src/cases/dry-run.ts';
import type { Facts } from '../../src/cases/gather.ts';
import { type KeyedCases, NO_CASES } from '../../src/cases/keyed-cases.ts';
import { type Case, parseCase } from '../../src/datadog/case.ts';
import { sharedWords } from '../../src/datadog/reference.ts';
import { NO_FAILED_JOBS } from '../../src/github/collect-failed-jobs.ts';
import { createNewCase, createReport, createTools } from '../support/case-context.ts';
import { PROJECT, STANDARD_TYPE_ID } from '../support/fake-datadog/catalog.ts';
import { REFERENCE, TestClock } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';

const { datadog } = useFakes();

async function plan(env: Env, changes: Partial<Facts> = {}) {
  const { tools, warnings } = createTools(datadog, new TestClock());
  const report = await createReport({ INPUT_RUN_CONTEXT: 'false', ...env });
  const facts: Facts = {
    keyed: NO_CASES,
    failedJobs: NO_FAILED_JOBS,
    file: { text: '', omissions: [] },
    earlyFailureCount: undefined,
    names: Promise.resolve(createNewCase().names),
    ...changes,
  };
  return { result: await planCase(tools, facts, report), warnings };
}

function createCase(attributes: Record<string, string> = {}): Case {
  const parsed = parseCase({ id: 'an-id', attributes }, 'https://dd.example');
  if (!parsed) throw new Error('This is no case.');
  return parsed;
}

const openCase = createCase({ key: 'OPS-1' });
const closedCase = createCase({ key: 'OPS-2', closed_at: '2026-01-02T02:04:05Z' });
const keyedCases = (open: Case[], closed: Case[]): KeyedCases => ({
  open,
  closed,
  uncheckedIds: new Set(),
  isComplete: true,
});

test.each<[string, Env, Partial<Facts>, unknown]>([
  ['opens a case if the search for others has failed', {}, {}, undefined],
  ['opens a case if there is no other', {}, { keyed: keyedCases([], []) }, undefined],
  [
    'comments on the open case',
    { INPUT_REOPEN_WITHIN: '24' },
    { keyed: keyedCases([openCase], [closedCase]) },
    { kind: 'comment', case: openCase },
  ],
  [
    'leaves the open case alone',
    { INPUT_ON_EXISTING: 'ignore' },
    { keyed: keyedCases([openCase], []) },
    { kind: 'keep', case: openCase },
  ],
  [
    'reopens the closed case',
    { INPUT_REOPEN_WITHIN: '24' },
    { keyed: keyedCases([], [closedCase]) },
    { kind: 'reopen', case: closedCase },
  ],
  [
    'waits for more failures',
    { INPUT_AFTER_FAILURES: '3' },
    { earlyFailureCount: 2 },
    { kind: 'wait', failureCount: 2, afterFailures: 3 },
  ],
  ['opens a case beside a closed one', {}, { keyed: keyedCases([], [closedCase]) }, undefined],
])('finds that a real run %s', async (_, env, facts, instead) => {
  const { result, warnings } = await plan({ INPUT_DEDUP_KEY: 'k', ...env }, facts);
  expect(result).toEqual({
    outcome: 'planned',
    operation: 'open',
    instead,
    facts: {
      title: 'Deploy failed',
      statusName: '',
      priority: 'NOT_DEFINED',
      type: 'Standard',
      project: PROJECT.key,
      assignee: '',
    },
    request: {
      data: {
        type: 'case',
        attributes: {
          title: 'Deploy failed',
          type_id: STANDARD_TYPE_ID,
          description: expect.stringContaining(`Reference: ${sharedWords(PROJECT.id, 'k')[0]} ${REFERENCE}`),
          priority: 'NOT_DEFINED',
        },
        relationships: { project: { data: { id: PROJECT.id, type: 'project' } } },
      },
    },
    attributes: new Map(),
  });
  expect(warnings).toEqual([]);
});

test('everything that a real run would leave out is an error', async () => {
  const { names } = createNewCase({}, { omissions: [{ input: 'assignee', text: 'not found' }] });
  const project = 'c0ffee00-1111-4222-8333-000000000000';
  const error: unknown = await plan({ INPUT_PROJECT: project }, { names: Promise.resolve(names) }).catch(
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
