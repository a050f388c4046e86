import { expect, test } from '@jest/globals';
import { limitEvent } from '../../src/github/event.ts';
import { startGitHubRun } from '../support/github-run.ts';
import { endWatchedJob } from '../support/watch-step.ts';

/** Lists in lists, which no recursive copy survives. */
const DEEP: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);

test('keeps what is read from an event', () => {
  const event = {
    action: 'completed',
    pull_request: { number: 12, merged: true, head: { repo: { full_name: 'eve/shop' } } },
    workflow_run: { id: 1, head_repository: null, pull_requests: [{ number: 3 }] },
  };
  expect(limitEvent(event)).toEqual(event);
});

test.each([[undefined], [null], ['text'], [[1]], [DEEP]])(
  'a payload that is no object is empty',
  (payload) => {
    expect(limitEvent(payload)).toEqual({});
  },
);

test('leaves out what nobody reads, and what is nested too deeply', () => {
  const event = {
    client_payload: DEEP,
    issue_comment: { a: DEEP },
    deployment: { payload: DEEP, ref: 'main' },
  };
  expect(JSON.stringify(limitEvent(event))).toBe('{"deployment":{"payload":[[[[null]]]],"ref":"main"}}');
});

test.each([
  ['Fix the cart\n\nMore.', 'Fix the cart'],
  ['Fix\r\nMore.', 'Fix'],
  ['\n Fix', 'Fix'],
  ['x'.repeat(2000), 'x'.repeat(2000)],
  ['x'.repeat(2001), ''],
  [`${' x'.repeat(999)}\n${'y'.repeat(10_000)}`, ' x'.repeat(999).trim()],
  [`${'x'.repeat(60)}\nQUJD`, ''],
  [`${'x'.repeat(60)}\n\nWords.`, 'x'.repeat(60)],
])('reads the first line of a text, unless it is too long or may be wrapped', (message, expected) => {
  expect(limitEvent({ head_commit: { message } })).toEqual({ head_commit: { message: expected } });
});

test('a case is opened whatever an event contains', async () => {
  const { datadog, github, clock, openCase } = await startGitHubRun();
  try {
    const event = { deployment: { payload: DEEP }, client_payload: DEEP, head_commit: { message: DEEP } };
    expect((await openCase({}, { event })).outputs.outcome).toBe('created');
    await endWatchedJob({ datadog, github, clock, event });
    expect(datadog.cases).toHaveLength(2);
  } finally {
    await Promise.all([datadog.stop(), github.stop()]);
  }
});
