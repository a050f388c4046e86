import { beforeEach, expect, test } from '@jest/globals';
import { runAutoStep, workflowRun } from '../support/auto-step.ts';
import { FakeGitHub } from '../support/fake-github.ts';
import { keyedInputs, seedKeyedCase } from '../support/keyed-case.ts';
import { failedJob } from '../support/pull-request-run.ts';
import { runStep, TestClock, TestCore } from '../support/run-step.ts';
import { useFakes } from '../support/use-fakes.ts';
import { endWatchedJob, startWatching } from '../support/watch-step.ts';

/** One of each kind: control, C1, bidirectional, zero width, separators, tags, lone surrogates, terminal sequences. */
const HIDDEN = [
  ...['\u0000', '\u0007', '\u000b', '\u001b', '\u007f', '\u0085', '\u009b', '\u00ad', '\u061c', '\u180e'],
  ...['\u200b', '\u200d', '\u200e', '\u200f', '\u2028', '\u2029', '\u202e', '\u2060', '\u2066', '\u206f'],
  ...['\ufeff', '\ufff9', '\u{e0001}', '\u{e0041}', '\ud800', '\udc00', '\u001b[31m', '\u001b]8;;x\u0007'],
].join('a');
/** Everything that must not arrive unless JSON escapes it. */
const FORBIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9\ud800-\udfff\u{e0000}-\u{e0fff}]/u;

const { datadog, github, clock } = useFakes();
let core: TestCore;
beforeEach(() => {
  core = new TestCore();
  core.isDebugEnabled = true;
});

const hostile = `hostile ${HIDDEN} text`;

/** Runs a step in which every text is hostile. */
function run(inputs: Record<string, string> = {}) {
  github.jobs = [
    failedJob(5, hostile, {
      steps: [{ number: 4, name: hostile, conclusion: 'failure' }],
      log: `2026-01-02T03:04:07.0000000Z ${hostile}`,
    }),
    failedJob(6, hostile, { status: 'in_progress' }),
  ];
  return runStep({
    inputs: {
      ...keyedInputs(datadog),
      github_token: FakeGitHub.token,
      title: hostile,
      description: hostile,
      description_file: 'report.md',
      log_lines: '10',
      pr_comment: 'true',
      pr_number: '12',
      ...inputs,
    },
    env: github.env({ GITHUB_WORKFLOW: hostile, GITHUB_REF_NAME: hostile, GITHUB_ACTOR: hostile }),
    files: { 'report.md': hostile },
    clock: new TestClock(),
    core,
  });
}

function expectNothingHidden(): void {
  for (const { text } of core.allMessages) expect(text).not.toMatch(FORBIDDEN);
  for (const [name, value] of Object.entries(core.outputs)) {
    expect([name, value]).toEqual([name, expect.not.stringMatching(FORBIDDEN)]);
  }
  expect(core.summary).not.toMatch(FORBIDDEN);
  for (const { attributes, comments } of datadog.cases.slice(datadog.seedCount)) {
    expect(attributes.title).not.toMatch(FORBIDDEN);
    expect(attributes.description).not.toMatch(FORBIDDEN);
    expect(comments.join()).not.toMatch(FORBIDDEN);
  }
  for (const { comments } of datadog.cases) expect(comments.join()).not.toMatch(FORBIDDEN);
  for (const { body } of github.comments) expect(body).not.toMatch(FORBIDDEN);
}

test('a new case, its comment and the report have no control or invisible characters', async () => {
  await run();
  expect(core.outputs.outcome).toBe('created');
  expect(core.summary).toContain('hostile');
  expect(github.comments[0]?.body).toContain('hostile');
  expectNothingHidden();
});

test('an open case, its comments and the report have no control or invisible characters', async () => {
  seedKeyedCase(datadog, { title: hostile, status_name: hostile });
  for (const mode of ['open', 'close']) {
    await run({ mode });
    expectNothingHidden();
  }
  expect(JSON.parse(core.outputs.case ?? '').attributes.title).toBe(hostile);
});

test('a dry run has no control or invisible characters', async () => {
  await run({ dry_run: 'true' });
  expect(core.outputs.outcome).toBe('planned');
  expectNothingHidden();
});

test.each([
  { errors: [hostile] },
  { errors: [{ title: hostile, detail: hostile, meta: { key: hostile } }] },
  hostile,
])('an error has no control or invisible characters: %#', async (body) => {
  datadog.injectFault({ request: 'POST', response: { status: 400, body } });
  github.injectFault({ request: '.', response: { status: 400, body: { message: hostile } } });
  await run({ project: 'OPS' });
  expect(core.hasFailed).toBe(true);
  expectNothingHidden();
});

test('names that are not found are quoted without control or invisible characters', async () => {
  await run({ project: hostile, type_id: hostile });
  expect(core.messages('error')).toContain('hostile');
  expectNothingHidden();
});

test('makes a title with line breaks one line', async () => {
  await run({ title: '  Deploy failed \r\n\n  on main\u2028again\t' });
  expect(datadog.cases[0]?.attributes.title).toBe('Deploy failed on main again');
});

const SCRIPT = { os: 'ubuntu', script: 'set -e\n./a.sh', mark: 'x\0y\u001b[31m' };

test.each([
  ['matrix values', { matrix: JSON.stringify(SCRIPT) }, {}, '(ubuntu, set -e ./a.sh, xy) failed on main'],
  ['the name of the workflow', {}, { GITHUB_WORKFLOW: 'Deploy\nto production' }, 'Deploy to production / '],
  ['the branch', {}, { GITHUB_REF_NAME: 'x\u202egnp.niam\u200b' }, 'failed on xgnp.niam'],
  ['everything', { matrix: JSON.stringify(hostile) }, { GITHUB_REF_NAME: hostile }, 'hostile'],
])('the default title is one line without hidden characters, whatever is in %s', async (...row) => {
  const [, inputs, env, text] = row;
  const started = await startWatching({ datadog, github, clock, inputs, env });
  expect(started.messages('info')).toContain(text);
  expect(started.messages('info')).not.toMatch(/\\u|\\n/);
  core = await endWatchedJob({ datadog, github, clock, inputs, env, event: {} });
  const title = datadog.cases[0]?.attributes.title;
  expect(title).toContain(text);
  expect(title).not.toContain('\n');
  expectNothingHidden();
});

test('the default title has no hidden characters of a branch that the event names', async () => {
  const event = workflowRun({ conclusion: 'failure', head_branch: 'x\u202egnp.niam\u200b' });
  core = await runAutoStep({ datadog, github, clock, env: { GITHUB_EVENT_NAME: 'workflow_run' }, event });
  expect(datadog.cases[0]?.attributes.title).toBe('Test failed on xgnp.niam');
  expectNothingHidden();
});
