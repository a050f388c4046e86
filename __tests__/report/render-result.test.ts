import { expect, test } from '@jest/globals';
import type { CaseFacts, Result } from '../../src/cases/result.ts';
import { type Case, parseCase } from '../../src/datadog/case.ts';
import type { CreateCaseBody } from '../../src/datadog/create-body.ts';
import { renderResult } from '../../src/report/render-result.ts';

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

function render(result: Result) {
  return renderResult(result, {
    failOnError: 'true',
    action: 'case',
    isDryRun: false,
    env: {},
    redact: (text) => text,
  });
}

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
    { outcome: 'existing', case: datadogCase, request, wasCommented: true, commentUrl: COMMENT_URL },
    {
      outputs: { request: REQUEST_JSON, pr_comment_url: COMMENT_URL },
      text: `Commented on the open case OPS-2-17: Deploy failed\n${CASE_URL}`,
      summary: `### [OPS-2-17](${CASE_URL}) is already open in Datadog\n\n${TITLE}\n\n${OWN_TABLE}\n\nThis failure was added to its timeline. Linked in [a comment](${COMMENT_URL}) on the pull request.`,
    },
  ],
  [
    'an open case that was left alone',
    { outcome: 'existing', case: datadogCase, request: undefined, wasCommented: false, commentUrl: '' },
    {
      text: `Left the open case as it is: OPS-2-17: Deploy failed\n${CASE_URL}`,
      summary: `### [OPS-2-17](${CASE_URL}) is already open in Datadog\n\n${TITLE}\n\n${OWN_TABLE}\n\nThe case was left as it is.`,
    },
  ],
  [
    'a reopened case',
    { outcome: 'reopened', case: datadogCase, commentUrl: '' },
    {
      text: `Reopened OPS-2-17: Deploy failed\n${CASE_URL}`,
      summary: `### [OPS-2-17](${CASE_URL}) reopened in Datadog\n\n${TITLE}\n\n${OWN_TABLE}\n\nThe case was closed recently (\`reopen_within\`). This failure was added to its timeline.`,
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
      text: `Would be closed: OPS-2-17: Deploy failed\n${CASE_URL}`,
      summary: `### [OPS-2-17](${CASE_URL}) would be closed in Datadog (dry run)\n\n${TITLE}\n\n${OWN_TABLE}`,
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
    'that no case was there to close',
    { outcome: 'none', reason: 'No open case has this `dedup_key`.' },
    {
      text: 'No open case has this `dedup_key`.',
      summary: '### No Datadog case to close\n\n``No open case has this `dedup_key`.``',
    },
  ],
  [
    'a skipped step',
    { outcome: 'skipped', reason: 'Skipped: no secrets.' },
    { text: 'Skipped: no secrets.', summary: '### No Datadog case: skipped\n\nSkipped: no secrets.' },
  ],
  [
    'that the workflow has not failed often enough',
    { outcome: 'waiting', failureCount: 2, afterFailures: 3 },
    {
      text: 'No case was opened yet: 2 of 3 consecutive failures on this branch (after_failures).',
      summary:
        '### No Datadog case yet: 2 of 3 consecutive failures\n\nNo case was opened yet: 2 of 3 consecutive failures on this branch (after_failures).',
    },
  ],
])('reports %s', (_, result, { outputs = {}, text, summary }) => {
  expect(render(result)).toEqual({ outputs, annotation: { level: 'notice', text }, summary });
});

const open = { case: datadogCase, text: 'would be reopened' };
const OPEN_HEADING = `[OPS-2-17](${CASE_URL}) would be reopened`;
const waiting = { case: undefined, text: 'Not yet' };
const CREATED = 'A case would be opened';
const WOULD_SEND = 'If it opened a case, it would send:';
const ENV = [['env', ['prod']]] as const;
test.each([
  ['that would open a case', undefined, [], CREATED, CREATED, 'A real run would send:', ''],
  ['with another case', open, [], 'OPS-2-17 would be reopened', OPEN_HEADING, WOULD_SEND, ''],
  ['that would wait', waiting, ENV, 'Not yet', 'Not yet', WOULD_SEND, SHOWN_ATTRIBUTES],
] as const)('reports a dry run %s', (_, instead, attributes, decision, heading, intro, more) => {
  const planned = { outcome: 'planned', operation: 'open', facts, request } as const;
  expect(render({ ...planned, instead, attributes: new Map<string, readonly string[]>(attributes) })).toEqual(
    {
      outputs: { request: REQUEST_JSON },
      annotation: {
        level: 'notice',
        text: `Dry run: no problem found. ${decision}. Nothing was changed.`,
      },
      log: `${intro}\n${SHOWN_REQUEST}${more}`,
      summary: `### ${heading} (dry run)\n\n\`Deploy failed\`\n\n${FULL_TABLE}\n\n<details><summary>Request</summary>\n\n\`\`\`json\n${SHOWN_REQUEST}${more}\n\`\`\`\n\n</details>`,
    },
  );
});
