import fc from 'fast-check';
import {
  DEEDS,
  FAULTS,
  type Fault,
  type FaultName,
  type PersonEvent,
  type RequestKind,
  type Service,
  type Stop,
} from '../history.ts';
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
    events: fc.array(anyEvent(has), { minLength: 1, maxLength: MAX_EVENTS, size: 'max' }),
    ends: fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)),
  });
}

/** Jobs that sync the same cases would have to find the same in their reports. */
function subjectOf(job: SyncJob): string {
  const { format, source, tool, branch } = job;
  return JSON.stringify([format, source, format === 'sarif' && tool, branch, groupingOf(job)]);
}

/** The first value, or one of the others if the world has the feature. */
function either<T>(isPossible: boolean, simple: T, ...others: readonly T[]): fc.Arbitrary<T> {
  return isPossible ? fc.constantFrom(simple, simple, ...others) : fc.constant(simple);
}

function anyService(has: Has): fc.Arbitrary<Service> {
  const lag = has('lagging-index') ? fc.constantFrom(0, 0, 500, 1500, 5000, 30_000) : fc.constant(0);
  const lags = has('uneven-index')
    ? fc.tuple(lag, fc.constantFrom(0, 0, 1500, 5000))
    : lag.map((ms): [number, number] => [ms, ms]);
  return fc.record({
    newCaseLag: lags,
    changeLag: lags,
    pageSize: either(has('short-pages'), 100, 1, 2),
    pageLag: either(has('uneven-pages'), 0, 1500, 5000),
    isOld: either(has('old-answers'), false, true),
    hasClosingTime: either(has('no-closing-time'), true, false),
    limit: either<Service['limit']>(
      has('text-limits'),
      null,
      { characters: 1000, how: 'cuts' },
      { characters: 1000, how: 'refuses' },
      { characters: 300, how: 'refuses' },
    ),
    refusesDetails: either(has('refused-fields'), false, true),
    wantsStatusNames: either(has('status-names-only'), false, true),
  });
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

function anyEvent(has: Has): fc.Arbitrary<SyncEvent | PersonEvent> {
  const syncs = anySyncEvent(has);
  if (!has('people')) return syncs;
  const deeds = DEEDS.filter((deed) => deed !== 'writes below' || has('notes-below'));
  const people: fc.Arbitrary<PersonEvent> = fc.record({
    kind: fc.constant('person' as const),
    wait: fc.constantFrom(...WAITS),
    does: fc.constantFrom(...deeds),
    which: fc.nat(2),
  });
  return fc.oneof({ arbitrary: syncs, weight: 3 }, { arbitrary: people, weight: 1 });
}

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
    faults: has('faults') ? anyFaults : fc.constant([]),
    stop: anyStop(has),
    skew: has('clocks') ? fc.constantFrom(0, 0, 0, 60_000, -60_000, 7_200_000, -7_200_000) : fc.constant(0),
    isDryRun: has('dry-runs') ? fc.constantFrom(...Array(9).fill(false), true) : fc.constant(false),
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

const anyFault: fc.Arbitrary<Fault> = fc.record({
  on: fc.constantFrom(...KINDS),
  skip: fc.nat(3),
  times: fc.constantFrom(1, 1, 2, 3, 1000),
  name: fc.constantFrom(...(Object.keys(FAULTS) as FaultName[])),
});
const anyFaults = fc.oneof(
  { arbitrary: fc.constant([]), weight: 2 },
  { arbitrary: fc.array(anyFault, { minLength: 1, maxLength: 2 }), weight: 1 },
);

function anyStop(has: Has): fc.Arbitrary<Stop | null> {
  const hows = [...(has('kills') ? ['kill' as const] : []), ...(has('signals') ? ['signal' as const] : [])];
  if (!hows.length) return fc.constant(null);
  const stop = fc.record({
    request: fc.integer({ min: 1, max: 12 }),
    when: fc.constantFrom('after' as const, 'before' as const),
    how: fc.constantFrom(...hows),
  });
  return fc.oneof({ arbitrary: fc.constant(null), weight: 5 }, { arbitrary: stop, weight: 1 });
}
