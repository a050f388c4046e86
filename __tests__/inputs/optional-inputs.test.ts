import { expect, test } from '@jest/globals';
import { useFakes } from '../support/use-fakes.ts';
import { endWatchedJob, startWatching } from '../support/watch-step.ts';

const { datadog, github, clock, openCase } = useFakes();

/** Every optional input with a value that is not valid, and the warning. */
const INVALID: readonly [input: string, text: string, warning: string][] = [
  [
    'priority',
    'P9',
    'priority: "P9" is not valid. Use one of: NOT_DEFINED, P1, P2, P3, P4, P5. The default (NOT_DEFINED) is used.',
  ],
  [
    'assignee',
    'octocat',
    'assignee: "octocat" is not valid. Use an e-mail address or a user\'s UUID. The input is ignored.',
  ],
  [
    'custom_attributes',
    '{"a": 1,}',
    'custom_attributes is not valid JSON at line 1, column 9, near `{"a": 1,⟨here⟩}`. Remove the comma before }. The input is ignored.',
  ],
  ['attributes', '- env: prod', 'attributes: line 1, "- env: prod", must not start with a dash.'],
  ['due_date', 'soon', 'due_date: "soon" is not valid. Use a date such as 2026-12-31'],
  ['watchers', 'octocat', 'watchers: "octocat" is not valid. Use e-mail addresses or user UUIDs'],
  ['on_existing', 'reply', 'on_existing: "reply" is not valid. Use one of: comment, ignore.'],
  ['after_failures', '0', 'after_failures: "0" is not valid. Use a whole number from 1 to 100.'],
  ['reopen_within', 'never', 'reopen_within: "never" is not valid. Use a whole number of hours'],
  ['run_context', 'no', 'run_context: "no" is not valid. Use one of: true, false.'],
  ['log_lines', 'all', 'log_lines: "all" is not valid. Use a whole number from 0 to 1000.'],
  ['pr_comment', 'yes', 'pr_comment: "yes" is not valid. Use one of: true, false.'],
  [
    'pr_number',
    '#12',
    'pr_number: "#12" is not valid. Use a whole number, at least 1. The input is ignored.',
  ],
  ['fail_on_error', 'maybe', 'fail_on_error: "maybe" is not valid. Use one of: true, false, config.'],
  [
    'timeout',
    'soon',
    'timeout: "soon" is not valid. Use a whole number of seconds from 1 to 3600. The default (60) is used.',
  ],
];
const ABOUT_CASE = ['priority', 'assignee', 'custom_attributes', 'attributes', 'due_date', 'watchers'];

test.each(INVALID)('opens the case, with a warning, if %s is %j', async (input, text, warning) => {
  const core = await openCase({ [input]: text });
  expect(core.outputs.outcome).toBe('created');
  expect(core.messages('warning').startsWith(warning)).toBe(true);
  expect(core.messages('warning').split('\n')).toHaveLength(1);
  expect(datadog.lastDescription.includes(`*Omitted:* ${input}: `)).toBe(ABOUT_CASE.includes(input));
});

test.each(INVALID)('a dry run fails if %s is %j', async (input, text) => {
  const core = await openCase({ [input]: text, dry_run: 'true' });
  expect(core.outputs.outcome).toBe('failed');
  expect(core.messages('error')).toMatch(new RegExp(`^Dry run found 1 problem. ${input}\\b`));
  expect(datadog.requestLines).toEqual([]);
});

test('lists every problem if an essential input is invalid, and sends nothing', async () => {
  const core = await openCase({ ...Object.fromEntries(INVALID), project: '', api_key: '' });
  for (const input of [...INVALID.map(([name]) => name), 'project', 'api_key'])
    expect(core.messages('error')).toMatch(new RegExp(`^${input}\\b`, 'm'));
  expect(datadog.requestLines).toEqual([]);
});

test('a dry run lists every problem, too', async () => {
  const core = await openCase({ ...Object.fromEntries(INVALID), dry_run: 'true' });
  for (const [input] of INVALID) expect(core.messages('error')).toMatch(new RegExp(`^${input}\\b`, 'm'));
});

test('keeps the valid parts of lists', async () => {
  const core = await openCase({
    type_id: 'Deployment failure',
    watchers: 'ada@acme.example, octocat, late@acme.example',
    attributes: 'env: prod\n- region: eu\nservice: cart',
    custom_attributes: '{"region": "eu", "summary": {"x": 1}}',
  });
  const [stored] = datadog.cases;
  expect(stored?.watchers.size).toBe(2);
  expect(stored?.attributes.attributes).toEqual({ env: ['prod'], service: ['cart'] });
  expect(Object.keys(stored?.attributes.custom_attributes ?? {})).toEqual(['region']);
  expect(core.messages('warning').match(/The rest is used\.$/gm)).toHaveLength(3);
});

test('closes whatever inputs that closing does not use say, even in a dry run', async () => {
  await openCase({ dedup_key: 'deploy' });
  const inputs = {
    ...Object.fromEntries(INVALID.slice(0, 11)),
    mode: 'close',
    dedup_key: 'deploy',
    title: '',
  };
  expect((await openCase({ ...inputs, dry_run: 'true' })).outputs.outcome).toBe('planned');
  expect((await openCase(inputs)).outputs.outcome).toBe('closed');
});

test.each(['\u200b', '\u00ad\u200d\u2060', '\u0007'])(
  'replaces a title that nobody sees: %j',
  async (title) => {
    const core = await openCase({ title });
    expect(datadog.cases[0]?.attributes.title).toBe('Deploy / deploy failed on main');
    expect(core.messages('warning')).toBe(
      'title contains only invisible characters. The default is used: "Deploy / deploy failed on main".',
    );
  },
);

test('a missing title is an error', async () => {
  expect((await openCase({ title: '' })).messages('error')).toContain('title is required.');
});

test('watches a job in spite of invalid inputs, and says so at its start only', async () => {
  const inputs = { priority: 'P9', timeout: 'soon', fail_on_error: 'maybe' };
  const run = { datadog, github, clock, inputs };
  const start = await startWatching(run);
  expect(start.hasFailed).toBe(false);
  expect(start.messages('warning')).toMatch(/^priority.*\nfail_on_error.*\(false\) is used\.\ntimeout.*$/);
  expect(start.messages('info')).toContain('Watching this job.');
  const end = await endWatchedJob(run);
  expect(end.messages('warning')).toBe('');
  expect(datadog.lastDescription).toContain('*Omitted:* priority: `"P9" is not valid.');
});

test('closes nothing if close is not valid', async () => {
  await endWatchedJob({ datadog, github, clock });
  const run = { datadog, github, clock, inputs: { close: 'nope', job_status: 'success' } };
  const start = await startWatching(run);
  expect(start.messages('warning')).toBe(
    'close: "nope" is not valid. Use one of: true, false. No case is closed.',
  );
  expect(start.messages('info')).toContain('If it succeeds, nothing happens.');
  const end = await endWatchedJob(run);
  expect(end.messages('info')).toContain('No case was closed, because the input close is not valid.');
  expect(datadog.openCases).toHaveLength(1);
});

test('a watched job does not fail if fail_on_error is not valid', async () => {
  const run = { datadog, github, clock, inputs: { fail_on_error: 'maybe', project: '' } };
  expect((await startWatching(run)).hasFailed).toBe(false);
});

test('reads the job status in any case', async () => {
  await endWatchedJob({ datadog, github, clock, inputs: { job_status: 'Failure' } });
  expect(datadog.openCases).toHaveLength(1);
  const env = { GITHUB_RUN_ATTEMPT: '2' };
  await endWatchedJob({ datadog, github, clock, env, inputs: { job_status: 'SUCCESS' } });
  expect(datadog.openCases).toEqual([]);
});
