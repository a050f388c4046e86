import fc from 'fast-check';
import { anyDryRun, anyFaults, anyService, anySkew, anyStop, either, withPeople } from '../any-history.ts';
import type { RequestKind } from '../history.ts';
import {
  groupingOf,
  type ReportEntry,
  type SyncEvent,
  type SyncFeature,
  type SyncHistory,
  type SyncJob,
} from './history.ts';

type Has = (feature: SyncFeature) => boolean;

const MAX_EVENTS = 16;
const KINDS: readonly RequestKind[] = ['any', 'search', 'create', 'case', 'status', 'comment', 'description'];
/** Short ones make steps overlap; long ones let the index catch up. */
const WAITS = [60_000, 0, 100, 300, 1000, 3000, 10_000, 60_000, 3_600_000] as const;
const MONTH_MS = 31 * 24 * 3_600_000;

/** What a world may have besides nothing and everything: in calm ones, the oracle can expect more. */
const MOODS: readonly (readonly SyncFeature[])[] = [
  ['lagging-index', 'uneven-index', 'short-pages', 'uneven-pages'],
  ['incomplete-reports', 'few-changes', 'branches', 'dry-runs', 'secrets-in-texts'],
  ['people', 'notes-below', 'long-times', 'no-closing-time', 'old-answers', 'clocks'],
  ['faults', 'refused-fields', 'text-limits', 'status-names-only'],
  ['kills', 'signals', 'people', 'few-changes'],
];

/** Any history of worlds with some or all of these features. */
export function anySyncHistoryOf(features: readonly SyncFeature[]): fc.Arbitrary<SyncHistory> {
  const moods = MOODS.map((mood) => mood.filter((feature) => features.includes(feature)));
  const calm = [[], ...moods].map((mood) => ({ arbitrary: anySyncHistory(mood), weight: 1 }));
  return fc.oneof(...calm, { arbitrary: anySyncHistory(features), weight: 4 });
}

/** Any history of a world with these features. The simplest values come first, so that a failing history is shortened to them. */
export function anySyncHistory(features: readonly SyncFeature[]): fc.Arbitrary<SyncHistory> {
  const has: Has = (feature) => features.includes(feature);
  return fc.record({
    service: anyService(has),
    jobs: fc.uniqueArray(anyJob(has), { minLength: 1, maxLength: 3, selector: subjectOf }),
    reports: fc.array(anyReport, { minLength: 1, maxLength: 4 }),
    events: fc.array(withPeople(has, anySyncEvent(has), WAITS), {
      minLength: 1,
      maxLength: MAX_EVENTS,
      size: 'max',
    }),
    ends: fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)),
  });
}

/** Jobs that sync the same cases would have to find the same in their reports. */
function subjectOf(job: SyncJob): string {
  const { format, source, tool, branch } = job;
  return JSON.stringify([format, source, format === 'sarif' && tool, branch, groupingOf(job)]);
}

function anyJob(has: Has): fc.Arbitrary<SyncJob> {
  return fc.record({
    format: fc.constantFrom<SyncJob['format']>('sarif', 'junit', 'json', 'sarif', 'junit'),
    grouping: fc.nat(2),
    source: fc.constantFrom('left' as const, 'right'),
    tool: fc.constantFrom('Scanner' as const, 'Scanner', 'Linter'),
    branch: either<SyncJob['branch']>(has('branches'), 'main', 'topic'),
    isBranchNamed: either(has('branches'), false, true),
    fileCount: fc.constantFrom(1 as const, 2 as const),
    isPattern: fc.boolean(),
    minSeverity: fc.constantFrom('medium' as const, 'medium', 'low', 'high'),
    maxNew: either(has('few-changes'), 20, 0, 1, 2),
    maxClosed: either(has('few-changes'), 20, 0, 1, 2),
    close: either(has('few-changes'), true, true, false),
    onClosed: fc.constantFrom('' as const, '', 'ignore', 'reopen'),
    timeoutSeconds: fc.constantFrom(300, 300, 60, 20),
    isLeaky: either(has('secrets-in-texts'), false, true),
    isDetailed: either(has('refused-fields'), false, true),
  });
}

const anyEntry: fc.Arbitrary<ReportEntry> = fc.record({
  what: fc.nat(3),
  where: fc.nat(2),
  how: fc.constantFrom<ReportEntry['how']>('fails', 'fails', 'fails', 'passes', 'passes', 'skipped'),
  severity: fc.constantFrom<ReportEntry['severity']>('medium', 'medium', 'high', 'low'),
  file: fc.nat(1),
});

const anyReport = fc.array(anyEntry, { maxLength: 6 });

function anySyncEvent(has: Has): fc.Arbitrary<SyncEvent> {
  return fc.record({
    kind: fc.constant('sync' as const),
    wait: fc.constantFrom(...WAITS, ...(has('long-times') ? [MONTH_MS] : [])),
    job: fc.nat(2),
    run: fc.constantFrom<SyncEvent['run']>('new', 'new', 'new', 'same', 'again', 'older'),
    lasts: fc.constantFrom(0, 0, 0, 200, 3000, 20_000, 100_000),
    report: fc.nat(3),
    flaw: has('incomplete-reports') ? anyFlaw : fc.constant(null),
    shift: fc.constantFrom(0, 0, 7),
    on: either<SyncEvent['on']>(has('branches'), 'push', 'push', 'push', 'push', 'pull request', 'tag'),
    isDefaultKnown: either(has('branches'), true, true, true, false),
    faults: has('faults') ? anyFaults(KINDS, 3) : fc.constant([]),
    stop: anyStop(has, { maxRequest: 12, oneIn: 6 }),
    skew: anySkew(has),
    isDryRun: anyDryRun(has),
    salt: fc.nat(9999),
  });
}

const anyFlaw: fc.Arbitrary<SyncEvent['flaw']> = fc.oneof(
  { arbitrary: fc.constant(null), weight: 2 },
  {
    arbitrary: fc.record({
      kind: fc.constantFrom('cut' as const, 'empty', 'missing', 'failed'),
      file: fc.nat(1),
      percent: fc.nat(99),
    }),
    weight: 1,
  },
);
