import { describe, expect, test } from '@jest/globals';
import { decideByResults, parseResult } from '../../src/inputs/result.ts';
import { findIssues, parseEnv, VALID_ENV } from '../support/parse-env.ts';

const OPEN = { operation: 'open', isCancelled: false };
const CLOSE = { operation: 'close' };
const UNDECIDED = { operation: 'none', cause: 'undecided' };
const UNKNOWN = { operation: 'none', cause: 'unknown' };
const CANCELLED = { operation: 'none', cause: 'cancelled' };

/** Every known result, with what it means alone. */
const ALONE = {
  failure: OPEN,
  error: OPEN,
  timed_out: OPEN,
  startup_failure: OPEN,
  cancelled: CANCELLED,
  success: CLOSE,
  skipped: UNDECIDED,
  neutral: UNDECIDED,
  action_required: UNDECIDED,
  stale: UNDECIDED,
  pending: UNDECIDED,
  in_progress: UNDECIDED,
  queued: UNDECIDED,
  waiting: UNDECIDED,
  inactive: UNDECIDED,
} as const;
const RESULTS = Object.keys(ALONE) as (keyof typeof ALONE)[];

describe('decideByResults', () => {
  test.each(Object.entries(ALONE))('%s alone', (result, decision) => {
    expect(decideByResults([result], 'ignore')).toEqual(decision);
    expect(decideByResults([result.toUpperCase(), result], 'ignore')).toEqual(decision);
  });

  test('a failure wins over every other result, also an unknown one', () => {
    for (const failure of ['failure', 'error', 'timed_out', 'startup_failure'])
      for (const other of [...RESULTS, 'odd', ''])
        for (const pair of [
          [failure, other],
          [other, failure],
        ])
          expect(decideByResults(pair, 'open')).toEqual(OPEN);
  });

  test('an unknown result, or none, decides nothing', () => {
    for (const other of RESULTS.filter((result) => ALONE[result] !== OPEN))
      expect(decideByResults([other, 'odd'], 'open')).toEqual(UNKNOWN);
    expect(decideByResults([], 'open')).toEqual(UNKNOWN);
    expect(decideByResults([''], 'open')).toEqual(UNKNOWN);
  });

  test('a cancellation wins over everything but a failure, and on_cancelled says what it means', () => {
    for (const other of RESULTS.filter((result) => ALONE[result] !== OPEN)) {
      expect(decideByResults([other, 'cancelled'], 'ignore')).toEqual(CANCELLED);
      expect(decideByResults(['cancelled', other], 'open')).toEqual({ operation: 'open', isCancelled: true });
    }
  });

  test.each([
    ['success', CLOSE],
    ['skipped', CLOSE],
    ['neutral', CLOSE],
    ['action_required', UNDECIDED],
    ['stale', UNDECIDED],
    ['pending', UNDECIDED],
    ['in_progress', UNDECIDED],
    ['queued', UNDECIDED],
    ['waiting', UNDECIDED],
    ['inactive', UNDECIDED],
  ])('a success beside %s', (other, decision) => {
    expect(decideByResults(['success', other], 'ignore')).toEqual(decision);
    expect(decideByResults([other, 'success'], 'ignore')).toEqual(decision);
  });
});

describe('parseResult', () => {
  test.each([
    ['job', { kind: 'job' }],
    ['JOB', { kind: 'job' }],
    ['success', { kind: 'results', values: ['success'] }],
    ['"success"', { kind: 'results', values: ['success'] }],
    ['Success failure', { kind: 'results', values: ['success', 'failure'] }],
    ['success,failure', { kind: 'results', values: ['success', 'failure'] }],
    ['success , skipped\nfailure', { kind: 'results', values: ['success', 'skipped', 'failure'] }],
    ['[\n  "success",\n  "failure"\n]', { kind: 'results', values: ['success', 'failure'] }],
  ])('reads %j', (text, value) => {
    expect(parseResult(text)).toEqual({ value, issues: [] });
  });

  test('reads every known result', () => {
    expect(parseResult(RESULTS.join(' '))).toEqual({
      value: { kind: 'results', values: RESULTS },
      issues: [],
    });
  });

  test.each([
    ['', 'is empty. Check the name of the job in `needs.<job>.result`, and that `needs` lists it.'],
    ['[]', 'contains an empty result: "[]". Check the name'],
    ['null', 'contains an empty result: "null".'],
    ['""', 'contains an empty result: "\\"\\"".'],
    ['success,', 'contains an empty result: "success,".'],
    ['["success", null]', 'contains an empty result: "[\\"success\\", null]".'],
    [
      'sucess',
      '"sucess" is not valid. Did you mean success? Use job, or results such as success, failure, cancelled and skipped: `${{ needs.test.result }}` or `${{ toJSON(needs.*.result) }}`.',
    ],
    ['ok fine', '"ok", "fine" are not valid. Use job'],
    ['a b c d e f g', '"e" and 2 more are not valid.'],
    ['job success', '"job" is not valid.'],
    ['{"test": {"result": "success"}}', 'contains an object. Use job'],
    ['[1]', 'contains 1. Use job'],
    ['["success"', '"[\\"success\\"" is not valid JSON. Use job'],
  ])('rejects %j', (text, issue) => {
    const { issues } = parseResult(text);
    expect(issues).toHaveLength(1);
    expect(issues[0]).toContain(issue);
  });
});

const AUTO = { ...VALID_ENV, INPUT_MODE: 'auto', INPUT_DRY_RUN: 'false' };

test('result defaults to job', async () => {
  expect((await parseEnv(AUTO)).result).toEqual({ kind: 'job' });
});

test.each(['', 'sucess'])('the result "%s" is an error with mode: auto', async (text) => {
  expect(Object.keys(await findIssues({ ...AUTO, INPUT_RESULT: text }))).toEqual(['result']);
});

test.each([
  ['result', '', true],
  ['result', 'sucess', true],
  ['result', 'success', true],
  ['result', 'job', false],
  ['on_cancelled', 'open', true],
  ['on_cancelled', 'perhaps', true],
  ['on_cancelled', 'ignore', false],
])('%s: "%s" without mode: auto is ignored', async (input, text, hasWarning) => {
  const { warnings } = await parseEnv({ ...VALID_ENV, [`INPUT_${input.toUpperCase()}`]: text });
  expect(warnings).toEqual(
    hasWarning ? [{ input, text: 'is used only with mode: auto, and is ignored.' }] : [],
  );
});

test('mode: auto needs neither title nor dedup_key', async () => {
  expect(await parseEnv({ ...AUTO, INPUT_TITLE: '' })).toMatchObject({
    mode: 'auto',
    title: '',
    dedupKeyText: '',
  });
});
