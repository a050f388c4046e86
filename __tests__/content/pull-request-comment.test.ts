import { expect, test } from '@jest/globals';
import { renderCaseComment } from '../../src/content/comments.ts';
import type { Case } from '../../src/datadog/case.ts';
import { type RunContext, readRunContext } from '../../src/github/run-context.ts';

const HOME = 'https://github.example/acme/shop';
const CASE_URL = 'https://app.datadoghq.eu/cases/OPS-1';
const RUN_LINK = `[\`Deploy #7\`](${HOME}/actions/runs/42/attempts/1)`;
const STEP_LINK = `[\`Run tests\`](${HOME}/actions/runs/42/job/5#step:4:1)`;
const CASE_LINKS = `Datadog case [OPS-1](${CASE_URL}), [Deploy failed](${CASE_URL})`;

const CONTEXT: RunContext = {
  ...readRunContext({}, undefined),
  repository: 'acme/shop',
  repositoryUrl: HOME,
  run: { id: 42, attempt: 1, label: 'Deploy #7', url: `${HOME}/actions/runs/42/attempts/1` },
};
const STEPS = [{ number: 4, name: 'Run tests', startedAtMs: 0, completedAtMs: 0 }];
const FAILED_JOBS = { jobs: [{ id: 5, name: 'test', isCompleted: true, steps: STEPS }], unreadJobCount: 0 };

/** The comment about an open case after 3 failures. */
function render(overrides: Partial<Case> = {}, context = CONTEXT): string {
  const datadogCase: Case = {
    id: 'id-1',
    key: 'OPS-1',
    label: 'OPS-1',
    url: CASE_URL,
    title: 'Deploy failed',
    description: '',
    priority: 'NOT_DEFINED',
    typeId: '',
    projectId: '',
    statusName: 'Open',
    isOpen: true,
    isArchived: false,
    createdAtMs: 0,
    closedAtMs: Number.NaN,
    raw: {},
    ...overrides,
  };
  return renderCaseComment(context, datadogCase, { failureCount: 3, failedJobs: FAILED_JOBS });
}

test('shows the failures of an open case, with links to the latest run and its failed step', () => {
  expect(render()).toBe(
    `**Open**: ${CASE_LINKS}\n\n| Failures | Latest failure | Failed step |\n| --- | --- | --- |\n| 3 | ${RUN_LINK} | ${STEP_LINK} |`,
  );
});

test('shows the priority, and a status that says more than that the case is open', () => {
  expect(render({ statusName: 'In Progress', priority: 'P2' })).toBe(
    `**Open**: ${CASE_LINKS}\n\n| Status | Priority | Failures | Latest failure | Failed step |\n| --- | --- | --- | --- | --- |\n| \`In Progress\` | \`P2\` | 3 | ${RUN_LINK} | ${STEP_LINK} |`,
  );
});

test('shows which run closed the case, and not what failed before', () => {
  expect(render({ isOpen: false, statusName: 'CLOSED' })).toBe(
    `**Closed** by ${RUN_LINK}: ${CASE_LINKS}\n\n| Failures |\n| --- |\n| 3 |`,
  );
});

test('shows the status of a closed case if it is not simply closed', () => {
  expect(render({ isOpen: false, statusName: 'Open' }, { ...CONTEXT, run: undefined })).toBe(
    `**Closed**: ${CASE_LINKS}\n\n| Status | Failures |\n| --- | --- |\n| \`Open\` | 3 |`,
  );
});
