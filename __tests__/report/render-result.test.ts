import { expect, test } from '@jest/globals';
import type { CaseFacts, NothingToDo, Result } from '../../src/cases/result.ts';
import { type Case, parseCase } from '../../src/datadog/case.ts';
import type { CreateCaseBody } from '../../src/datadog/create-body.ts';
import { renderResult } from '../../src/report/render-result.ts';
import type { RenderOptions } from '../../src/report/rendering.ts';

const CASE_URL = 'https://app.datadoghq.com/cases/OPS-2-17';
const COMMENT_URL = 'https://github.example/acme/shop/pull/12#issuecomment-5';
const REFERENCE = 'ghac0123abcd01234bcd81230123456789ab';

const request: CreateCaseBody = {
  data: { type: 'case', attributes: { title: 'T', description: REFERENCE }, relationships: {} },
};
const REQUEST_JSON = `{"data":{"type":"case","attributes":{"title":"T","description":"${REFERENCE}"},"relationships":{}}}`;
const SHOWN_REQUEST = `{
  "data": {
    "type": "case",
    "attributes": {
      "title": "T",
      "description": "ghac…"
    },
    "relationships": {}
  }
}`;
const SHOWN_ATTRIBUTES = `

and then, as attributes:
{
  "env": [
    "prod"
  ]
}`;

const facts: CaseFacts = {
  title: 'Deploy failed',
  statusName: 'Open',
  priority: 'P2',
  type: 'Standard',
  project: 'OPS-2',
  assignee: 'Ann',
};
const FULL_TABLE = `| Status | Priority | Type | Project | Assignee |
| --- | --- | --- | --- | --- |
| \`Open\` | \`P2\` | \`Standard\` | \`OPS-2\` | \`Ann\` |`;
const OWN_TABLE = `| Status | Type | Project |
| --- | --- | --- |
| \`Open\` | \`Security\` | \`OPS-2\` |`;
const TITLE = `**[Deploy failed](${CASE_URL})**`;

function createCase(attributes: Record<string, string> = {}, id = 'an-id'): Case {
  const all = {
    key: 'OPS-2-17',
    title: 'Deploy failed',
    status_name: 'Open',
    priority: 'NOT_DEFINED',
    type_id: '00000000-0000-0000-0000-000000000003',
    ...attributes,
  };
  const parsed = parseCase({ id, attributes: all }, 'https://app.datadoghq.com');
  if (!parsed) throw new Error('This is no case.');
  return parsed;
}
const datadogCase = createCase();

function render(result: Result, options: Partial<RenderOptions> = {}) {
  return renderResult(result, {
    failOnError: 'true',
    action: 'case',
    isDryRun: false,
    env: {},
    redact: (text) => text.replaceAll('secret', '***'),
    warningCount: 0,
    ...options,
  });
}

const LIMITS = "Nothing was changed. A dry run can't check the permission to write cases (cases_write).";
const SHOWN_LIMITS = LIMITS.replace('cases_write', '`cases_write`');

test.each<[string, Result, { outputs?: Record<string, string>; text: string; summary: string }]>([
  [
    'a new case with its facts',
    { outcome: 'created', case: datadogCase, facts, request, commentUrl: '' },
    {
      outputs: { request: REQUEST_JSON },
      text: `Opened OPS-2-17: Deploy failed\n${CASE_URL}`,
      summary: `### [OPS-2-17](${CASE_URL}) opened in Datadog\n\n${TITLE}\n\n${FULL_TABLE}`,
    },
  ],
  [
    'an open case that got a comment, with its own facts',
    { outcome: 'existing', case: datadogCase, request, isOnTimeline: true, commentUrl: COMMENT_URL },
    {
      outputs: { request: REQUEST_JSON, pr_comment_url: COMMENT_URL },
      text: `Commented on the open case OPS-2-17: Deploy failed\n${CASE_URL}`,
      summary: `### [OPS-2-17](${CASE_URL}) is already open in Datadog\n\n${TITLE}\n\n${OWN_TABLE}\n\nThis failure was added to its timeline. Linked in [a comment](${COMMENT_URL}) on the pull request.`,
    },
  ],
  [
    'an open case that got no comment',
    { outcome: 'existing', case: datadogCase, request: undefined, isOnTimeline: false, commentUrl: '' },
    {
      text: `Already open: OPS-2-17: Deploy failed\n${CASE_URL}`,
      summary: `### [OPS-2-17](${CASE_URL}) is already open in Datadog\n\n${TITLE}\n\n${OWN_TABLE}`,
    },
  ],
  [
    'a reopened case',
    { outcome: 'reopened', case: datadogCase, commentUrl: '' },
    {
      text: `Reopened OPS-2-17: Deploy failed\n${CASE_URL}`,
      summary: `### [OPS-2-17](${CASE_URL}) reopened in Datadog\n\n${TITLE}\n\n${OWN_TABLE}\n\nThe case was closed recently (\`reopen_within\`).`,
    },
  ],
  [
    'a closed case that a pull request links',
    { outcome: 'closed', case: datadogCase, commentUrl: COMMENT_URL },
    {
      outputs: { pr_comment_url: COMMENT_URL },
      text: `Closed OPS-2-17: Deploy failed\n${CASE_URL}`,
      summary: `### [OPS-2-17](${CASE_URL}) closed in Datadog\n\n${TITLE}\n\n${OWN_TABLE}\n\nLinked in [a comment](${COMMENT_URL}) on the pull request.`,
    },
  ],
  [
    'a dry run that would close a case',
    { outcome: 'planned', operation: 'close', case: datadogCase },
    {
      text: `Dry run: no error found. OPS-2-17 would be closed: Deploy failed\n${LIMITS}\n${CASE_URL}`,
      summary: `### [OPS-2-17](${CASE_URL}) would be closed in Datadog (dry run)\n\n${TITLE}\n\n${OWN_TABLE}\n\n${SHOWN_LIMITS}`,
    },
  ],
  [
    'a case of which only the ID is known, without a table',
    {
      outcome: 'closed',
      case: createCase({ key: '', title: '', status_name: '', priority: '', type_id: '' }),
      commentUrl: '',
    },
    {
      text: 'Closed an-id: \nhttps://app.datadoghq.com/cases/an-id',
      summary:
        '### [an-id](https://app.datadoghq.com/cases/an-id) closed in Datadog\n\n**[–](https://app.datadoghq.com/cases/an-id)**',
    },
  ],
  [
    'a skipped step',
    { outcome: 'skipped', reason: 'There are no secrets.' },
    {
      text: 'Skipped. There are no secrets.',
      summary: '### No Datadog case: skipped\n\nThere are no secrets.',
    },
  ],
  [
    'that the workflow has not failed often enough',
    { outcome: 'waiting', failureCount: 2, afterFailures: 3 },
    {
      text: 'No case was opened yet: 2 of 3 consecutive failures on this branch (after_failures).',
      summary:
        '### No Datadog case yet: 2 of 3 consecutive failures\n\nA case is opened after 3 consecutive failures on this branch (`after_failures`).',
    },
  ],
])('reports %s', (_, result, { outputs = {}, text, summary }) => {
  expect(render(result)).toEqual({ outputs, message: { level: 'notice', text }, summary });
});

const CASE_LINK = `[OPS-2-17](${CASE_URL})`;
test.each<[NothingToDo, 'log' | 'notice' | 'warning', string, string]>([
  [
    { kind: 'none-open', project: 'OPS', dedupKey: 'deploy main' },
    'log',
    'No case in project "OPS" is open for the dedup_key "deploy main": nothing to close.',
    '',
  ],
  [
    { kind: 'none-open-for-job' },
    'log',
    'Nothing to close: the result is a success, and no case is open for it.',
    '',
  ],
  [
    {
      kind: 'newer-run',
      case: datadogCase,
      failedRunId: 43,
      failedRunUrl: 'https://github.example/runs/43',
      runId: 42,
    },
    'notice',
    'OPS-2-17 stays open: run 43 failed, which is newer than this run (42). https://github.example/runs/43',
    '[Run 43](https://github.example/runs/43) failed, which is newer than this run (42).',
  ],
  [
    { kind: 'same-attempt', case: datadogCase },
    'notice',
    'OPS-2-17 stays open: another job of this attempt reported a failure to it. The next attempt or run may close it.',
    'Another job of this attempt reported a failure to it. The next attempt or run may close it.',
  ],
  [
    { kind: 'other-trigger', case: datadogCase, failed: 'schedule-0a1', own: 'push' },
    'notice',
    'OPS-2-17 stays open: the run that failed was started by `schedule`, and this one by `push`. A success of a run that is started like the first closes it. If there will be none, close it by hand. If both do the same, give the step a dedup_key.',
    'The run that failed was started by `schedule`, and this one by `push`. A success of a run that is started like the first closes it. If there will be none, close it by hand. If both do the same, give the step a dedup_key.',
  ],
  [
    {
      kind: 'other-trigger',
      case: datadogCase,
      failed: 'workflow_dispatch-0a1',
      own: 'workflow_dispatch',
    },
    'notice',
    'OPS-2-17 stays open: the run that failed was started by `workflow_dispatch`, and this one by `workflow_dispatch`, with other inputs. A success of a run that is started like the first closes it. If there will be none, close it by hand. If both do the same, give the step a dedup_key.',
    'The run that failed was started by `workflow_dispatch`, and this one by `workflow_dispatch`, with other inputs. A success of a run that is started like the first closes it. If there will be none, close it by hand. If both do the same, give the step a dedup_key.',
  ],
  [
    { kind: 'step-running', case: datadogCase, name: 'Run ./e2e.sh' },
    'notice',
    'OPS-2-17 stays open: the step "Run ./e2e.sh" of this job still runs in the background and may fail. Put `wait-all` before this step.',
    'The step "Run ./e2e.sh" of this job still runs in the background and may fail. Put `wait-all` before this step.',
  ],
  [
    { kind: 'step-failed', case: datadogCase, name: 'Run ./e2e.sh' },
    'notice',
    'OPS-2-17 stays open: the step "Run ./e2e.sh" of this job failed in the background. Put `wait-all` before this step, so that it knows of it.',
    'The step "Run ./e2e.sh" of this job failed in the background. Put `wait-all` before this step, so that it knows of it.',
  ],
  [
    { kind: 'job-failed', case: datadogCase, name: 'build' },
    'notice',
    'OPS-2-17 stays open: something was skipped, and the job "build" of this attempt failed.',
    'Something was skipped, and the job "build" of this attempt failed.',
  ],
  [
    { kind: 'several-references', case: datadogCase },
    'notice',
    'OPS-2-17 stays open: its description holds the references of several cases, so it may be about something else. Check it and close it manually.',
    'Its description holds the references of several cases, so it may be about something else. Check it and close it manually.',
  ],
  [
    { kind: 'unchecked', case: datadogCase },
    'notice',
    'OPS-2-17 stays open: it could not be fetched. The next run may close it.',
    'It could not be fetched. The next run may close it.',
  ],
  [{ kind: 'close-disabled' }, 'log', 'The job succeeded. No case was closed (close: false).', ''],
  [
    { kind: 'close-invalid' },
    'log',
    'The job succeeded. No case was closed, because the input close is not valid.',
    '',
  ],
  [
    { kind: 'cancelled-ignored' },
    'log',
    'The result is cancelled, for example by a person or a time limit. No case was opened or closed (on_cancelled: ignore).',
    '',
  ],
  [
    { kind: 'unknown-result', results: ['a', 'b'] },
    'warning',
    'The result "a", "b" is unknown. No case was opened or closed.',
    '',
  ],
  [{ kind: 'undecided', results: ['skipped'] }, 'log', 'Nothing to report: the result is "skipped".', ''],
  [
    { kind: 'not-ended', event: 'workflow_run' },
    'log',
    "Nothing to report: this workflow_run event doesn't say how something ended.",
    '',
  ],
  [
    { kind: 'in-composite-action' },
    'log',
    'No case was closed: inside a composite action, it is not known whether the job has failed outside of it. Pass the result of the job as an input of the composite action, and set result to it.',
    '',
  ],
])('says why there was nothing to do: %j', (reason, level, text, detail) => {
  expect(render({ outcome: 'none', reason })).toEqual({
    outputs: {},
    message: { level, text },
    summary: detail && `### ${CASE_LINK} stays open in Datadog\n\n${detail}`,
  });
});

test('a dry run that would close nothing says so in an annotation', () => {
  const reason = { kind: 'none-open', project: 'OPS', dedupKey: 'k' } as const;
  expect(render({ outcome: 'none', reason }, { isDryRun: true, warningCount: 2 }).message).toEqual({
    level: 'notice',
    text: 'Dry run: no error found, 2 warnings. No case in project "OPS" is open for the dedup_key "k", so none would be closed. Nothing was changed. A dry run can\'t check the permission to write cases (cases_write).',
  });
});

const comment = { kind: 'comment', case: datadogCase } as const;
const keep = { kind: 'keep', case: datadogCase } as const;
const reopen = { kind: 'reopen', case: datadogCase } as const;
const wait = { kind: 'wait', failureCount: 1, afterFailures: 3 } as const;
const WAITS = 'No case would be opened yet: 1 of 3 consecutive failures';
const CREATED = 'A case would be opened';
const WOULD_SEND = 'If it opened a case, it would send:';
const ENV = [['env', ['prod']]] as const;
test.each([
  [undefined, [], CREATED, CREATED, 'A real run would send:', ''],
  [comment, [], 'OPS-2-17 is already open and would get a comment', '', WOULD_SEND, ''],
  [keep, [], 'OPS-2-17 is already open and would get no comment', '', WOULD_SEND, ''],
  [reopen, [], 'OPS-2-17 was closed recently and would be reopened', '', WOULD_SEND, ''],
  [wait, ENV, `${WAITS} (after_failures)`, `${WAITS} (\`after_failures\`)`, WOULD_SEND, SHOWN_ATTRIBUTES],
] as const)(
  'says what a real run would do instead: %j',
  (instead, attributes, decision, heading, intro, more) => {
    const planned = { outcome: 'planned', operation: 'open', facts, request } as const;
    expect(
      render(
        { ...planned, instead, attributes: new Map<string, readonly string[]>(attributes) },
        { warningCount: 1 },
      ),
    ).toEqual({
      outputs: { request: REQUEST_JSON },
      message: { level: 'notice', text: `Dry run: no error found, 1 warning. ${decision}. ${LIMITS}` },
      log: `${intro}\n${SHOWN_REQUEST}${more}`,
      summary: `### ${heading || decision.replace('OPS-2-17', CASE_LINK)} (dry run)\n\n\`Deploy failed\`\n\n${FULL_TABLE}\n\n${SHOWN_LIMITS}\n\n<details><summary>Request</summary>\n\n\`\`\`json\n${SHOWN_REQUEST}${more}\n\`\`\`\n\n</details>`,
    });
  },
);
