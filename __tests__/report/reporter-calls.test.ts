import { beforeEach, expect, test } from '@jest/globals';
import { Redactor } from '../../src/base/redactor.ts';
import type { Result } from '../../src/cases/result.ts';
import { parseCase } from '../../src/datadog/case.ts';
import { type FinishOptions, Reporter } from '../../src/report/reporter.ts';
import { TestCore } from '../support/run-step.ts';

const OPTIONS: FinishOptions = {
  failOnError: 'true',
  action: 'case',
  isDryRun: false,
  env: {},
  isQuiet: false,
};
const SAME_ATTEMPT =
  'OPS-1 stays open: another job of this attempt reported a failure to it. The next attempt or run may close it.';
const SKIPPED: Result = { outcome: 'skipped', reason: 'There are no secrets.' };

let core: TestCore;
let setOutputs: [string, unknown][];
let reporter: Reporter;
beforeEach(() => {
  core = new TestCore();
  core.isDebugEnabled = true;
  setOutputs = [];
  const setOutput = (name: string, value: unknown) => void setOutputs.push([name, value]);
  reporter = new Reporter({ ...core.core, setOutput }, new Redactor());
});

function createCase() {
  const parsed = parseCase(
    { id: 'an-id', attributes: { key: 'OPS-1', status: 'OPEN' } },
    'https://dd.example',
  );
  if (!parsed) throw new Error('This is no case.');
  return parsed;
}

test('sets each output of a case once, however often it is reported', () => {
  for (const outcome of ['created', 'created', 'existing'] as const)
    reporter.setCaseOutputs(createCase(), outcome);
  expect(setOutputs).toEqual([
    ['case_id', 'an-id'],
    ['case_key', 'OPS-1'],
    ['case_url', 'https://dd.example/cases/OPS-1'],
    ['case_status', 'OPEN'],
    ['case', '{"id":"an-id","attributes":{"key":"OPS-1","status":"OPEN"}}'],
    ['outcome', 'created'],
    ['outcome', 'existing'],
  ]);
  expect(reporter.handledCase).toEqual({ case: createCase(), outcome: 'existing' });
});

test('takes back the outputs of a case', () => {
  reporter.setCaseOutputs(createCase(), 'existing');
  setOutputs.length = 0;
  reporter.clearCaseOutputs();
  expect(setOutputs).toEqual([
    ['case_id', ''],
    ['case_key', ''],
    ['case_url', ''],
    ['case_status', ''],
    ['case', ''],
    ['outcome', ''],
  ]);
  expect(reporter.handledCase).toBeUndefined();
});

test('a case that the step did nothing with is not a handled case', () => {
  reporter.setCaseOutputs(createCase(), 'found');
  expect(reporter.handledCase).toBeUndefined();
  expect(setOutputs.at(-1)).toEqual(['outcome', 'failed']);
});

test.each<[Result, string]>([
  [SKIPPED, 'Skipped. There are no secrets.'],
  [{ outcome: 'none', reason: { kind: 'same-attempt', case: createCase() } }, SAME_ATTEMPT],
])('a quiet step that did nothing only says so in the log: %j', (result, text) => {
  reporter.finish(result, { ...OPTIONS, isQuiet: true });
  expect(core.allMessages).toEqual([{ kind: 'info', text }]);
  expect(core.summary).toBe('');
  expect(setOutputs).toEqual([['outcome', result.outcome]]);
});

test('a quiet step that did something reports it in full', () => {
  reporter.finish({ outcome: 'waiting', failureCount: 1, afterFailures: 2 }, { ...OPTIONS, isQuiet: true });
  const text = 'No case was opened yet: 1 of 2 consecutive failures on this branch (after_failures).';
  expect(core.allMessages).toEqual([{ kind: 'notice', text }]);
  expect(core.summary).toBe(
    '### No Datadog case yet: 1 of 2 consecutive failures\n\nA case is opened after 2 consecutive failures on this branch (`after_failures`).\n',
  );
});

test('lists the warnings below the summary', () => {
  reporter.warn('one');
  reporter.warn('two');
  reporter.finish(SKIPPED, OPTIONS);
  expect(core.allMessages).toEqual([
    { kind: 'warning', text: 'one' },
    { kind: 'warning', text: 'two' },
    { kind: 'notice', text: 'Skipped. There are no secrets.' },
  ]);
  expect(core.summary).toBe(
    '### No Datadog case: skipped\n\nThere are no secrets.\n\n**Warnings**\n\n- one\n- two\n',
  );
});

test('logs the request of a dry run below the notice', () => {
  const facts = { title: 'T', statusName: '', priority: '', type: '', project: '', assignee: '' };
  const request = { data: { type: 'case', attributes: {}, relationships: {} } } as const;
  const planned = { outcome: 'planned', operation: 'open', instead: undefined, facts, request } as const;
  reporter.finish({ ...planned, attributes: new Map() }, OPTIONS);
  expect(core.allMessages).toEqual([
    {
      kind: 'notice',
      text: "Dry run: no error found. A case would be opened. Nothing was changed. A dry run can't check the permission to write cases (cases_write).",
    },
    {
      kind: 'info',
      text: 'A real run would send:\n{\n  "data": {\n    "type": "case",\n    "attributes": {},\n    "relationships": {}\n  }\n}',
    },
  ]);
});

/** An error with a stack that is the same everywhere. */
function createError(message: string, stack: string | undefined, cause?: unknown): Error {
  const options = cause === undefined ? undefined : { cause };
  return Object.defineProperty(new Error(message, options), 'stack', { value: stack });
}

test.each([
  ['the stack', createError('x', 'Error: x\n  at here'), 'Error: x\n  at here'],
  ['the error, if it has no stack', createError('x', undefined), 'Error: x'],
  [
    'the stacks of all causes',
    createError('x', 'outer', createError('y', 'middle', 'a text')),
    'outer\nCaused by middle\nCaused by a text',
  ],
  ['a cause that is null', createError('x', 'outer', null), 'outer\nCaused by null'],
  ['what was thrown in place of an error', undefined, 'undefined'],
])('shows %s of a failure when debug logging is on', (_, error, text) => {
  reporter.finish({ outcome: 'failed', operation: 'open', error }, OPTIONS);
  expect(core.messages('debug')).toBe(text);
  expect(core.hasFailed).toBe(true);
});

test('a failure after a case was handled keeps that outcome', () => {
  const done = { case: createCase(), outcome: 'created' } as const;
  reporter.finish({ outcome: 'failed', operation: 'open', error: new Error('x'), done }, OPTIONS);
  expect(setOutputs).toEqual([['outcome', 'created']]);
  expect(core.hasFailed).toBe(false);
});

test('a failure that can not be reported still fails the step', () => {
  const error = new Error('x');
  Object.defineProperty(error, 'message', {
    get: () => {
      throw new TypeError('no message');
    },
  });
  reporter.finish({ outcome: 'failed', operation: 'open', error }, OPTIONS);
  expect(core.hasFailed).toBe(true);
  expect(core.messages('warning')).toContain('The result could not be reported in full.');
});
