import { expect, test } from '@jest/globals';
import { InputError } from '../../src/base/errors.ts';
import { parseCase } from '../../src/datadog/case.ts';
import { OutcomeUnknownError } from '../../src/datadog/errors.ts';
import { renderFailure } from '../../src/report/render-failure.ts';
import type { RenderOptions } from '../../src/report/rendering.ts';

const INPUTS_HELP = 'Help: docs/troubleshooting.md, "Invalid inputs"';
const BUG_HELP = 'Help: docs/troubleshooting.md, "Internal error"';

const INPUTS_HELP_SHOWN = 'Help: Invalid inputs in `docs/troubleshooting.md`';
const BUG_HELP_SHOWN = 'Help: Internal error in `docs/troubleshooting.md`';

const wrong = new InputError([{ input: 'title', text: 'is required.' }]);
const twiceWrong = new InputError([...wrong.issues, { input: 'priority', text: '"P9" is not valid.' }]);
const BOTH = 'title is required.\npriority: "P9" is not valid.';
const BOTH_LISTED = '- title is required.\n- priority: `P9` is not valid.';
const broken = new Error('It broke.');
const BROKEN_SHOWN = 'Error: It broke.';

function render(
  error: unknown,
  options: Partial<RenderOptions> = {},
  operation: 'open' | 'close' | 'watch' = 'open',
) {
  const { redact = (text) => text, failOnError = 'true', action = 'case', isDryRun = false } = options;
  return renderFailure(
    { outcome: 'failed', operation, error },
    { failOnError, action, isDryRun, env: {}, redact, warningCount: 0 },
  );
}

test.each([
  ['open', 'No case was opened', 'No case was opened in Datadog'],
  ['close', 'No case was closed', 'No case was closed in Datadog'],
  ['watch', 'No case will be opened if this job fails', 'No case will be opened if this job fails'],
] as const)('says what did not happen in the operation %s', (operation, headline, heading) => {
  expect(render(broken, {}, operation)).toEqual({
    outputs: {},
    message: { level: 'error', text: `${headline}. Error: It broke.\n${BUG_HELP}` },
    summary: `### ${heading}\n\n${BROKEN_SHOWN}\n\n${BUG_HELP_SHOWN}`,
  });
});

test('lists several problems with the inputs below the headline', () => {
  expect(render(twiceWrong)).toEqual({
    outputs: {},
    message: { level: 'error', text: `No case was opened.\n${BOTH}\n${INPUTS_HELP}` },
    summary: `### No case was opened in Datadog\n\n${BOTH_LISTED}\n\n${INPUTS_HELP_SHOWN}`,
  });
});

test.each([
  ['one problem', wrong, 'open', 'Dry run found 1 problem. title is required.'],
  ['two problems', twiceWrong, 'open', `Dry run found 2 problems.\n${BOTH}`],
  ['a problem with what to close', wrong, 'close', 'Dry run found 1 problem. title is required.'],
  ['a problem', wrong, 'watch', 'No case will be opened if this job fails. title is required.'],
] as const)(
  'counts what a dry run has found, except at the start of a job: %s',
  (_, error, operation, text) => {
    const { message, summary } = render(error, { isDryRun: true }, operation);
    expect(message).toEqual({ level: 'error', text: `${text}\n${INPUTS_HELP}` });
    expect(summary.split('\n')[0]).toBe(`### ${text.split('.')[0]}`);
  },
);

test('says that a dry run failed if the inputs are not the reason', () => {
  expect(render(broken, { isDryRun: true })).toEqual({
    outputs: {},
    message: { level: 'error', text: `The dry run failed. Error: It broke.\n${BUG_HELP}` },
    summary: `### The dry run failed\n\n${BROKEN_SHOWN}\n\n${BUG_HELP_SHOWN}`,
  });
});

test('says that the outcome is unknown if the case may have been created', () => {
  const error = new OutcomeUnknownError('ghac0', broken);
  const text = 'Error: It broke. The case may have been created anyway.';
  const advice = 'Search Datadog for ghac0 before opening one manually.';
  expect(render(error)).toEqual({
    outputs: {},
    message: {
      level: 'error',
      text: `It is unknown whether the case was opened. ${text} ${advice}\n${BUG_HELP}`,
    },
    summary: `### It is unknown whether the case was opened\n\n${text} ${advice.replace('ghac0', '`ghac0`')}\n\n${BUG_HELP_SHOWN}`,
  });
});

test.each([
  ['true', 'case', 'error', ''],
  ['config', 'case', 'error', ''],
  ['false', 'case', 'warning', '\nThe step passes because fail_on_error is false.'],
  ['true', 'watch', 'error', ''],
  ['false', 'watch', 'warning', ''],
] as const)(
  'says with fail_on_error: %s in the action "%s" whether the step goes on: %s',
  (failOnError, action, level, note) => {
    expect(render(wrong, { failOnError, action }).message).toEqual({
      level,
      text: `No case was opened. title is required.${note}\n${INPUTS_HELP}`,
    });
  },
);

test.each([
  ['created', 'opened'],
  ['existing', 'already open'],
  ['reopened', 'reopened'],
  ['closed', 'closed'],
  ['waiting', 'handled'],
] as const)('only warns after the outcome %s', (outcome, verb) => {
  const datadogCase = parseCase({ id: 'a', attributes: { key: 'OPS-1' } }, 'https://dd.example');
  if (!datadogCase) throw new Error('This is no case.');
  const done = { case: datadogCase, outcome };
  const options = { failOnError: 'true', action: 'case', isDryRun: false, env: {}, warningCount: 0 } as const;
  const redact = (text: string) => text.replace('broke', '***');
  expect(
    renderFailure({ outcome: 'failed', operation: 'open', error: broken, done }, { ...options, redact }),
  ).toEqual({
    outputs: {},
    message: {
      level: 'warning',
      text: `OPS-1 was ${verb}, but a follow-up failed. Error: It ***.\n${BUG_HELP}`,
    },
    summary: `### [OPS-1](https://dd.example/cases/OPS-1) was ${verb}, but a follow-up failed\n\nError: It \`***\`.\n\n${BUG_HELP_SHOWN}`,
  });
});

test('shows an error of several lines as it is', () => {
  expect(render(new Error('Add:\n  id-token: write')).summary).toBe(
    `### No case was opened in Datadog\n\n\`\`\`text\nError: Add:\n  id-token: write\n\`\`\`\n\n${BUG_HELP_SHOWN}`,
  );
});

test.each([
  [50, ''],
  [51, '\n- and 1 more'],
  [53, '\n- and 3 more'],
])('lists at most 50 of %d problems', (count, ending) => {
  const issue = { input: 'watchers', text: 'is wrong.' };
  const { summary } = render(new InputError(Array.from({ length: count }, () => issue)));
  const list = Array.from({ length: 50 }, () => '- watchers is wrong.').join('\n');
  expect(summary).toBe(`### No case was opened in Datadog\n\n${list}${ending}\n\n${INPUTS_HELP_SHOWN}`);
});

test('shortens a long message so that the help link still fits', () => {
  const { message } = render(new Error('x'.repeat(5000)));
  expect(message.text).toHaveLength(4000);
  expect(message.text.slice(0, 40)).toBe('No case was opened. Error: xxxxxxxxxxxxx');
  expect(message.text.slice(-51)).toBe(`xx…\n${BUG_HELP}`);
});
