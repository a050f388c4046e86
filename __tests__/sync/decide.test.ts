import { describe, expect, test } from '@jest/globals';
import type { Case } from '../../src/datadog/case.ts';
import { type CaseState, describeItem, hashFiles, type TrackedCase } from '../../src/sync/case-state.ts';
import { type Action, decide, type Plan, type Rules, type ToolCases } from '../../src/sync/decide.ts';
import { ReportCollector } from '../../src/sync/read/collector.ts';
import type { Format } from '../../src/sync/read/format.ts';
import type { Problem } from '../../src/sync/read/problems.ts';
import type { Severity } from '../../src/sync/read/severity.ts';

const DAY_MS = 24 * 3_600_000;
const NOW = Date.parse('2026-06-01T00:00:00Z');
const RULES: Rules = {
  minSeverity: 'medium',
  maxNew: 20,
  maxClosed: 20,
  mayClose: true,
  onClosed: ({ format }) => (format === 'junit' ? 'reopen' : 'ignore'),
  run: { id: 100, attempt: 1 },
  nowMs: NOW,
};

/** What a report says about the item `x`. */
interface Said {
  readonly format?: Format;
  /** The members of the item; without any, it is absent. */
  readonly members?: readonly string[];
  readonly severity?: Severity;
  readonly passed?: boolean;
  readonly problem?: Problem;
}

function report({
  format = 'sarif',
  members = [],
  severity = 'high',
  passed,
  problem,
}: Said): ReportCollector {
  const collector = new ReportCollector();
  const tool = collector.tool('a', { format, tool: 'S', category: '' });
  collector.files.add('a');
  for (const id of members)
    tool.add('a', {
      parts: ['x'],
      title: 'X',
      severity,
      member: { id, name: '', path: '', line: undefined, message: '' },
    });
  if (passed) tool.addPassed(tool.identify(['x']));
  if (problem) collector.problems.push(problem);
  return collector;
}

/** A case of the item `x` with two members. */
function tracked(said: Said, state: Partial<CaseState> = {}, change: Partial<Case> = {}): TrackedCase {
  const collector = report({ ...said, members: ['1', '2'] });
  const [tool] = collector.tools;
  const [item] = tool?.items.values() ?? [];
  if (!tool || !item) throw new Error('there is no item');
  return {
    case: {
      id: 'c1',
      label: 'OPS-1',
      isOpen: true,
      createdAtMs: 1,
      closedAtMs: Number.NaN,
      ...change,
    } as Case,
    reference: { shared: `ref ${item.id}`, unique: 'u', runs: [], isAmbiguous: false },
    state: {
      report: 'r',
      tool: 't',
      ...describeItem(item),
      severity: 'high',
      title: '',
      text: '',
      run: { id: 99, attempt: 1 },
      reopenCount: 0,
      closedAs: undefined,
      isLeftToPeople: false,
      ...state,
    },
  };
}

function plan(
  said: Said,
  cases: readonly TrackedCase[],
  rules: Partial<Rules> = {},
  isSearchComplete = true,
): Plan {
  const collector = report(said);
  const tools: ToolCases[] = collector.tools.map((tool) => ({
    tool,
    cases,
    isSearchComplete,
    referenceOf: (id) => `ref ${id}`,
  }));
  return decide(collector, tools, { ...RULES, ...rules });
}

/** The actions in short: `open`, or `keep unchanged`. */
function brief({ actions }: Plan): string {
  const describeAction = (action: Action) =>
    action.kind === 'keep'
      ? `keep ${action.reason}`
      : action.kind === 'close'
        ? `close ${action.because}`
        : action.kind;
  return actions.map(describeAction).join(', ');
}

const BROKEN: Problem = { kind: 'empty', file: 'b' };
const CLOSED = { isOpen: false };
const closedDaysAgo = (days: number) => ({ isOpen: false, closedAtMs: NOW - days * DAY_MS });
const SAME = ['1', '2'];

describe('each case and what the report says', () => {
  test.each<[string, Said, readonly [Partial<CaseState>, Partial<Case>?][], string]>([
    ['none, present', { members: SAME }, [], 'open'],
    ['none, gone', {}, [], ''],
    ['open, nothing changed', { members: SAME }, [[{}]], 'keep unchanged'],
    [
      'open, nothing changed, report incomplete',
      { members: SAME, problem: BROKEN },
      [[{}]],
      'keep unchanged',
    ],
    ['open, another member', { members: ['1', '3'] }, [[{}]], 'change'],
    ['open, a member more', { members: ['1', '2', '3'] }, [[{}]], 'change'],
    ['open, another severity', { members: SAME, severity: 'medium' }, [[{}]], 'change'],
    ['open, gone', {}, [[{}]], 'close absent'],
    ['open, gone, report incomplete', { problem: BROKEN }, [[{}]], 'keep incomplete'],
    [
      'closed by this action, present',
      { members: SAME },
      [[{ closedAs: 'gone' }, closedDaysAgo(29)]],
      'reopen',
    ],
    [
      'closed by this action long ago, present',
      { members: SAME },
      [[{ closedAs: 'gone' }, closedDaysAgo(30)]],
      'open',
    ],
    ['closed by this action at an unknown time', { members: SAME }, [[{ closedAs: 'gone' }, CLOSED]], 'open'],
    ['closed by this action, gone', {}, [[{ closedAs: 'gone' }, closedDaysAgo(1)]], ''],
    ['closed by a person, present', { members: SAME }, [[{}, closedDaysAgo(1)]], 'keep closed-by-person'],
    ['closed by a person, gone', {}, [[{}, closedDaysAgo(1)]], ''],
    [
      'a test: closed by a person, fails',
      { format: 'junit', members: SAME },
      [[{}, closedDaysAgo(99)]],
      'reopen',
    ],
    ['a test: open, passed', { format: 'junit', passed: true }, [[{}]], 'close passed'],
    [
      'a test: open, passed, report incomplete',
      { format: 'junit', passed: true, problem: BROKEN },
      [[{}]],
      'keep incomplete',
    ],
    ['a test: open, neither passed nor failed', { format: 'junit' }, [[{}]], 'keep not-run'],
    [
      'a test: open, passed and failed',
      { format: 'junit', passed: true, members: SAME },
      [[{}]],
      'keep unchanged',
    ],
    ['an item: open, gone', { format: 'json' }, [[{}]], 'close absent'],
    [
      'closed as a duplicate only',
      { members: SAME },
      [[{ closedAs: 'duplicate' }, closedDaysAgo(1)]],
      'open',
    ],
    [
      'of several closed, the last one counts',
      { members: SAME },
      [
        [{}, closedDaysAgo(1)],
        [{ closedAs: 'gone' }, { ...closedDaysAgo(2), id: 'c2' }],
      ],
      'keep closed-by-person',
    ],
    [
      'an open one counts before closed ones',
      { members: SAME },
      [
        [{}, closedDaysAgo(1)],
        [{}, { id: 'c2' }],
      ],
      'keep unchanged',
    ],
    [
      'two open ones',
      { members: SAME },
      [[{}], [{}, { id: 'c2', createdAtMs: 2 }]],
      'duplicate, keep unchanged',
    ],
    ['two open ones, gone', {}, [[{}], [{}, { id: 'c2', createdAtMs: 2 }]], 'duplicate, close absent'],
    ['reopened twice, gone', {}, [[{ reopenCount: 2 }]], 'leave'],
    [
      'reopened twice, gone, and said so',
      {},
      [[{ reopenCount: 2, isLeftToPeople: true }]],
      'keep left-to-people',
    ],
    ['reopened once, gone', {}, [[{ reopenCount: 1 }]], 'close absent'],
    ['marked as closed but open, present', { members: SAME }, [[{ closedAs: 'gone' }]], 'unmark'],
    ['marked as closed but open, gone', {}, [[{ closedAs: 'gone' }]], 'close absent'],
    ['marked as closed but open, gone, incomplete', { problem: BROKEN }, [[{ closedAs: 'gone' }]], 'unmark'],
    ['of another group_by', {}, [[{ kind: 'finding' }]], 'keep other-grouping'],
    ['below min_severity, no case', { members: SAME, severity: 'low' }, [], ''],
    [
      'below min_severity, open',
      { members: SAME, severity: 'low' },
      [[{ severity: 'low' }]],
      'keep unchanged',
    ],
    [
      'below min_severity, closed by this action',
      { members: SAME, severity: 'low' },
      [[{ closedAs: 'gone' }, closedDaysAgo(1)]],
      '',
    ],
    [
      'a newer run changed it, present',
      { members: ['3'] },
      [[{ run: { id: 101, attempt: 1 } }]],
      'keep newer-run',
    ],
    ['a newer attempt changed it, gone', {}, [[{ run: { id: 100, attempt: 2 } }]], 'keep newer-run'],
    [
      'a newer run closed it',
      { members: SAME },
      [[{ run: { id: 101, attempt: 1 }, closedAs: 'gone' }, closedDaysAgo(1)]],
      'keep newer-run',
    ],
    ['its file was not read', {}, [[{ files: [...hashFiles(['b'])] }]], 'keep incomplete'],
  ])('%s', (_name, said, cases, expected) => {
    const known = cases.map(([state, change]) => tracked(said, state, change));
    expect(brief(plan(said, known))).toBe(expected);
  });

  test('the oldest of several open cases stays', () => {
    const [first] = plan({ members: SAME }, [
      tracked({}, {}, { id: 'new', createdAtMs: 9 }),
      tracked({}),
    ]).actions;
    expect(first).toMatchObject({
      kind: 'duplicate',
      tracked: { case: { id: 'new' } },
      original: { case: { id: 'c1' } },
    });
  });

  test('a case with several references is not changed', () => {
    const known = tracked({});
    const ambiguous = { ...known, reference: { ...known.reference, isAmbiguous: true } };
    expect(brief(plan({ members: ['3'] }, [ambiguous]))).toBe('keep ambiguous');
    expect(brief(plan({}, [ambiguous]))).toBe('keep ambiguous');
  });

  test('long after a close, the new case knows the old one', () => {
    const old = tracked({}, { closedAs: 'gone' }, closedDaysAgo(40));
    expect(plan({ members: SAME }, [old]).actions).toMatchObject([
      { kind: 'open', predecessor: { case: { id: 'c1' } } },
    ]);
  });
});

describe('rules of the whole step', () => {
  test('on_closed decides about cases that a person closed', () => {
    const known = tracked({}, {}, closedDaysAgo(1));
    expect(brief(plan({ members: SAME }, [known], { onClosed: () => 'reopen' }))).toBe('reopen');
  });

  test('without close, nothing is closed', () => {
    expect(brief(plan({}, [tracked({})], { mayClose: false }))).toBe('keep close-off');
    const two = [tracked({}), tracked({}, {}, { id: 'c2', createdAtMs: 2 })];
    expect(brief(plan({ members: SAME }, two, { mayClose: false }))).toBe(
      'keep unchanged, keep duplicate-kept',
    );
  });

  test('if the search is incomplete, nothing is closed', () => {
    const { actions, problems } = plan({}, [tracked({})], {}, false);
    expect(actions).toMatchObject([{ kind: 'keep', reason: 'incomplete' }]);
    expect(problems).toEqual([{ kind: 'search-incomplete' }]);
  });

  test('a case whose file was not read is named', () => {
    const { problems } = plan({}, [tracked({}, { files: [...hashFiles(['b'])] })]);
    expect(problems).toMatchObject([{ kind: 'file-not-read', cases: [{ label: 'OPS-1' }] }]);
  });

  test('without a run, cases of any run are changed', () => {
    expect(brief(plan({ members: ['3'] }, [tracked({})], { run: undefined }))).toBe('change');
  });
});

/** A report with many items, named after their severity. */
function many(format: Format, severities: readonly Severity[]): ReportCollector {
  const collector = new ReportCollector();
  const tool = collector.tool('a', { format, tool: '', category: '' });
  collector.files.add('a');
  for (const [index, severity] of severities.entries())
    tool.add('a', {
      parts: [String(index)],
      title: `${severity}`,
      severity,
      member: { id: String(index), name: '', path: '', line: undefined, message: '' },
    });
  return collector;
}

function decideMany(collector: ReportCollector, cases: readonly TrackedCase[], rules: Partial<Rules>): Plan {
  const tools = collector.tools.map((tool) => ({
    tool,
    cases,
    isSearchComplete: true,
    referenceOf: (id: string) => `ref ${id}`,
  }));
  return decide(collector, tools, { ...RULES, ...rules });
}

describe('limits', () => {
  test('the most severe items are opened first, the rest waits', () => {
    const collector = many('sarif', ['medium', 'critical', 'low', 'high', 'medium']);
    const { actions, belowCount } = decideMany(collector, [], { maxNew: 2 });
    const subjects = actions.flatMap((action) =>
      'subject' in action ? [`${action.kind} ${action.subject.item.title}`] : [],
    );
    expect(subjects).toEqual(['open critical', 'open high', 'defer medium', 'defer medium']);
    expect(belowCount).toBe(1);
  });

  const absent = (count: number, format: Format): TrackedCase[] =>
    Array.from({ length: count }, (_, index) => {
      const known = tracked({ format }, {}, { id: `c${index}` });
      return { ...known, reference: { ...known.reference, shared: `other ${index}` } };
    });

  test('if more would be closed than allowed, nothing that is absent is', () => {
    const collector = report({});
    expect(brief(decideMany(collector, absent(2, 'sarif'), { maxClosed: 2 }))).toBe(
      'close absent, close absent',
    );
    const { actions, problems } = decideMany(collector, absent(3, 'sarif'), { maxClosed: 2 });
    expect(new Set(actions.map((action) => action.kind === 'keep' && action.reason))).toEqual(
      new Set(['too-many-closed']),
    );
    expect(problems).toEqual([{ kind: 'too-many-closed', count: 3, max: 2 }]);
  });

  test('any number of tests that passed is closed', () => {
    const collector = report({ format: 'junit', passed: true });
    expect(brief(decideMany(collector, [tracked({ format: 'junit' })], { maxClosed: 0 }))).toBe(
      'close passed',
    );
  });

  test('what is opened comes first, what is closed comes last', () => {
    const collector = many('sarif', ['high']);
    const known = [...absent(1, 'sarif')];
    expect(brief(decideMany(collector, known, {}))).toBe('open, close absent');
  });
});
