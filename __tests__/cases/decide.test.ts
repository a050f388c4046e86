import { describe, expect, test } from '@jest/globals';
import { decideClose, decideOpen, findClosedWithin } from '../../src/cases/decide.ts';
import { type KeyedCases, NO_CASES } from '../../src/cases/keyed-cases.ts';
import { type Case, parseCase } from '../../src/datadog/case.ts';
import { type RunReference, renderReference } from '../../src/datadog/reference.ts';
import { readRunContext } from '../../src/github/run-context.ts';
import { RUN_ENV } from '../support/keyed-case.ts';

const NOW = Date.parse('2026-01-02T00:00:00Z');
const HOUR_MS = 3_600_000;
const SHARED = `ghac${'5'.repeat(32)}`;

function createCase(id: string, attributes: Record<string, unknown> = {}): Case {
  const parsed = parseCase({ id, attributes: { key: id, ...attributes } }, 'https://dd.example');
  if (!parsed) throw new Error('This is no case.');
  return parsed;
}

function closedCase(id: string, hoursAgo?: number): Case {
  const closed_at = hoursAgo === undefined ? undefined : new Date(NOW - hoursAgo * HOUR_MS).toISOString();
  return createCase(id, { status: 'CLOSED', closed_at });
}

/** The cases of a key; `unchecked` are the IDs of those that could not be fetched. */
function keyedCases(
  open: readonly Case[],
  { unchecked = '', closed = [] as readonly Case[] } = {},
): KeyedCases {
  return {
    open,
    closed,
    uncheckedIds: new Set(unchecked.split(' ').filter((id) => id)),
    isComplete: true,
  };
}

const [A, B, C] = ['A', 'B', 'C'].map((id) => createCase(id)) as [Case, Case, Case];
const RECENT = closedCase('RECENT', 1);
const OLD = closedCase('OLD', 25);
const UNKNOWN = closedCase('UNKNOWN');

describe('a failure', () => {
  const rules = { reopenWithinMs: 24 * HOUR_MS, nowMs: NOW, earlyFailureCount: undefined };

  test.each<[string, readonly Case[], string, object]>([
    ['one open case', [A], '', { kind: 'comment', case: A, duplicates: [] }],
    ['one that could not be fetched', [A], 'A', { kind: 'comment', case: A, duplicates: [] }],
    ['three', [A, B, C], '', { kind: 'comment', case: A, duplicates: [B, C] }],
    ['three, the oldest unchecked', [A, B, C], 'A', { kind: 'comment', case: B, duplicates: [] }],
    ['three, the second unchecked', [A, B, C], 'B', { kind: 'comment', case: A, duplicates: [C] }],
    ['three, the last checked', [A, B, C], 'A B', { kind: 'comment', case: C, duplicates: [] }],
    ['three unchecked ones', [A, B, C], 'A B C', { kind: 'comment', case: A, duplicates: [] }],
  ])('with %s is a comment, whatever else there is', (_, open, unchecked, decision) => {
    for (const closed of [[], [RECENT], [OLD]])
      for (const earlyFailureCount of [undefined, 1])
        expect(decideOpen(keyedCases(open, { unchecked, closed }), { ...rules, earlyFailureCount })).toEqual(
          decision,
        );
  });

  test.each<[string, readonly Case[], number, number | undefined, object]>([
    ['a recent closed case', [RECENT], 24, undefined, { kind: 'reopen', case: RECENT }],
    ['a recent one, and too few failures', [RECENT], 24, 1, { kind: 'reopen', case: RECENT }],
    ['the one closed last', [OLD, RECENT], 48, undefined, { kind: 'reopen', case: RECENT }],
    ['a recent one that stays closed', [RECENT], 0, undefined, { kind: 'create' }],
    ['an old closed case', [OLD], 24, undefined, { kind: 'create' }],
    ['one that was closed at an unknown time', [UNKNOWN], 24, undefined, { kind: 'create' }],
    ['an old one, and too few failures', [OLD], 24, 2, { kind: 'wait', failureCount: 2 }],
    ['no case', [], 24, undefined, { kind: 'create' }],
    ['no case, and too few failures', [], 24, 2, { kind: 'wait', failureCount: 2 }],
  ])('with %s', (_, closed, hours, earlyFailureCount, decision) => {
    const reopenWithinMs = hours * HOUR_MS;
    expect(decideOpen(keyedCases([], { closed }), { ...rules, reopenWithinMs, earlyFailureCount })).toEqual(
      decision,
    );
  });

  test('is a new case if nothing is known', () => {
    expect(decideOpen(NO_CASES, rules)).toEqual({ kind: 'create' });
  });
});

describe('of closed cases,', () => {
  test.each([
    ['none', [], []],
    ['the last closed one comes first', [5, 3, 4], [3, 4, 5]],
    ['one at the limit is not recent', [24], []],
    ['one in the future is recent', [-30], [-30]],
  ])('%s', (_, hours, recent) => {
    const closed = hours.map((hoursAgo) => closedCase(String(hoursAgo), hoursAgo));
    const ids = (cases: readonly Case[]) => cases.map(({ id }) => Number(id));
    expect(ids(findClosedWithin(24 * HOUR_MS, NOW, closed))).toEqual(recent);
  });
});

describe('a success', () => {
  const run = { ...readRunContext(RUN_ENV, undefined), trigger: 'push' };

  function openedBy(id: string, ...changes: Partial<RunReference>[]): Case {
    const runs = changes.map((change) => ({ id: 42, attempt: 2, repository: 'acme/shop', ...change }));
    return createCase(id, {
      description: renderReference({ shared: SHARED, unique: SHARED, runs }),
    });
  }

  const older = openedBy('OLDER', { id: 41, attempt: 9 });
  const newer = openedBy('NEWER', { id: 43, attempt: 1 });
  const same = openedBy('SAME', {});
  const ambiguous = createCase('AMBIGUOUS', {
    description: `${renderReference({ shared: `ghac${'f'.repeat(32)}`, unique: SHARED, runs: [] })}\n\n${same.description}\n\nA note.`,
  });
  const newerReason = (failed: Case, failedRunId = 43) => ({
    kind: 'newer-run',
    case: failed,
    failedRunId,
    failedRunUrl: `https://github.com/acme/shop/actions/runs/${failedRunId}`,
    runId: 42,
  });
  const close = (...[first, ...duplicates]: Case[]) => ({ kind: 'close', case: first, duplicates });
  const none = (reason: object) => ({ kind: 'none', reason });
  const newerAttempt = openedBy('ATTEMPT', { attempt: 3 });
  const otherCase = openedBy('CAPITALS', { id: 43, repository: 'Acme/SHOP' });
  const otherRepository = openedBy('BLOG', { id: 99, repository: 'acme/blog' });
  const sharedCase = openedBy('SHARED', { id: 99, repository: 'acme/blog' }, { id: 43 });
  const unknownRun = openedBy('UNKNOWN');
  const byPush = openedBy('PUSH', { id: 41, trigger: 'push' });
  const bySchedule = openedBy('SCHEDULE', { id: 41, trigger: 'schedule-0a1' });
  const otherReason = {
    kind: 'other-trigger',
    case: bySchedule,
    failed: 'schedule-0a1',
    own: 'push',
  };

  test.each<[string, readonly Case[], string, object, object]>([
    ['no case', [], '', { kind: 'nothing-open' }, { kind: 'nothing-open' }],
    ['a case of an older run', [older], '', close(older), close(older)],
    ['a case of an unknown run', [unknownRun], '', close(unknownRun), close(unknownRun)],
    ['a case without a reference', [A], '', close(A), close(A)],
    ['a run of another repository', [otherRepository], '', close(otherRepository), close(otherRepository)],
    [
      'a newer run, and one of another repository since',
      [sharedCase],
      '',
      none(newerReason(sharedCase)),
      none(newerReason(sharedCase)),
    ],
    ['a run that was started in the same way', [byPush], '', close(byPush), close(byPush)],
    ['a run that was started differently', [bySchedule], '', none(otherReason), none(otherReason)],
    ['several cases', [older, A, B], '', close(older, A, B), close(older, A, B)],
    ['the same attempt', [same], '', close(same), none({ kind: 'same-attempt', case: same })],
    ['a newer run', [newer], '', none(newerReason(newer)), none(newerReason(newer))],
    [
      'a newer attempt',
      [newerAttempt],
      '',
      none(newerReason(newerAttempt, 42)),
      none(newerReason(newerAttempt, 42)),
    ],
    ['a newer run, in capitals', [otherCase], '', none(newerReason(otherCase)), none(newerReason(otherCase))],
    ['a newer run in a duplicate', [A, newer], '', none(newerReason(newer)), none(newerReason(newer))],
    [
      'the same attempt in a duplicate',
      [A, same],
      '',
      close(A, same),
      none({ kind: 'same-attempt', case: same }),
    ],
    [
      'a case that could not be fetched',
      [older],
      'OLDER',
      none({ kind: 'unchecked', case: older }),
      none({ kind: 'unchecked', case: older }),
    ],
    [
      'a duplicate that could not be fetched',
      [A, B],
      'B',
      none({ kind: 'unchecked', case: B }),
      none({ kind: 'unchecked', case: B }),
    ],
    [
      'several references',
      [ambiguous],
      '',
      none({ kind: 'several-references', case: ambiguous }),
      none({ kind: 'several-references', case: ambiguous }),
    ],
  ])('with %s', (_, open, unchecked, byWorkflow, byResult) => {
    const keyed = keyedCases(open, { unchecked, closed: [RECENT] });
    expect(decideClose(keyed, { run, respectsOwnAttempt: false })).toEqual(byWorkflow);
    expect(decideClose(keyed, { run, respectsOwnAttempt: true })).toEqual(byResult);
  });

  test('outside of a run closes what any run opened', () => {
    const rules = { run: readRunContext({}, undefined), respectsOwnAttempt: true };
    expect(decideClose(keyedCases([newer, same]), rules)).toEqual(close(newer, same));
    expect(decideClose(keyedCases([ambiguous]), rules)).toMatchObject({ kind: 'none' });
  });
});
