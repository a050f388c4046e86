import { expect, test } from '@jest/globals';
import type { SyncProblem } from '../../src/sync/result.ts';
import { renderSyncResult } from '../../src/sync/text/render-result.ts';
import { NOTHING_DONE } from './run-sync.ts';

function noMatch(...patterns: readonly string[]): SyncProblem[] {
  return patterns.map((pattern) => ({ kind: 'no-match', pattern }));
}

test('a complete report is in sync, with a notice', () => {
  const { message, summary } = renderSyncResult(NOTHING_DONE);
  expect(message).toEqual({
    level: 'notice',
    text: 'Datadog cases are in sync with the report: nothing to do; 0 cases are open.',
  });
  expect(summary).toBe('### Datadog cases are in sync with the report\n\nNothing to do; 0 cases are open.');
});

test('a report that may be incomplete is not in sync: a warning says why', () => {
  const { message, summary } = renderSyncResult({ ...NOTHING_DONE, problems: noMatch('*.sarif') });
  expect(message).toEqual({
    level: 'warning',
    text: 'Datadog cases are only partly in sync with the report: nothing to do; 0 cases are open.\nNo file matches `*.sarif` (`files`).',
  });
  expect(summary).toContain('### Datadog cases are only partly in sync with the report\n\n');
  expect(summary).toContain('\n- No file matches `*.sarif` (`files`).');
});

test('cases of tools that are not in the report are no reason to warn', () => {
  const { message } = renderSyncResult({ ...NOTHING_DONE, problems: [{ kind: 'tool-missing', count: 1 }] });
  expect(message.level).toBe('notice');
  expect(message.text).toMatch(/^Datadog cases are in sync .*\n1 case of tools that are not in this report/);
});

test('the log names three reasons, and how many the summary adds', () => {
  const problems = noMatch('a', 'b', 'c', 'd', 'e');
  const { message, summary } = renderSyncResult({ ...NOTHING_DONE, problems });
  expect(message.text.split('\n').slice(1)).toEqual([
    'No file matches `a` (`files`).',
    'No file matches `b` (`files`).',
    'No file matches `c` (`files`).',
    'The summary lists 2 more reasons.',
  ]);
  expect(summary.match(/^- No file matches/gm)).toHaveLength(5);
});

test.each([
  [['close'], '`close` is not valid.'],
  [['close', 'max_closed'], '`close`, `max_closed` are not valid.'],
])('names the inputs that decide about closing and are not valid: %j', (names, text) => {
  const { summary } = renderSyncResult({ ...NOTHING_DONE, problems: [{ kind: 'unclear-inputs', names }] });
  expect(summary).toContain(`- ${text}`);
});
