import fc from 'fast-check';
import {
  DEEDS,
  FAULTS,
  type Fault,
  type FaultName,
  type Feature,
  type History,
  type HistoryEvent,
  type Job,
  type JobEvent,
  type PersonEvent,
  type RequestKind,
  type Service,
  type Stop,
} from './history.ts';
import type { SyncFeature } from './sync/history.ts';

type Has<F extends string = Feature> = (feature: F) => boolean;
/** Features that the worlds of jobs and of reports have in common. */
type SharedFeature = Feature & SyncFeature;

const MAX_EVENTS = 30;
const GITHUB = 'https://github.com';
const KINDS: readonly RequestKind[] = [
  'any',
  'search',
  'create',
  'create',
  'case',
  'status',
  'comment',
  'description',
  'lookup',
  'github',
];
/** Short ones make steps overlap; long ones let the index catch up. */
const WAITS = [0, 0, 100, 300, 1000, 3000, 10_000, 60_000, 3_600_000] as const;
const DURATIONS = [1000, 1000, 0, 200, 3000, 20_000, 100_000] as const;

/** What a world may have besides nothing and everything: in calm ones, the oracle can expect more. */
const MOODS: readonly (readonly Feature[])[] = [
  ['faults'],
  ['faults', 'lagging-index', 'uneven-index'],
  ['lagging-index', 'uneven-index', 'short-pages', 'uneven-pages'],
  ['reopening', 'lagging-index', 'no-closing-time', 'clocks'],
  ['people', 'notes-below', 'reopening', 'kills', 'signals'],
  ['secrets-in-texts', 'secrets-in-keys', 'dry-runs', 'evaluated-again', 'refused-fields'],
];

/** Any history of worlds with some or all of these features. */
export function anyHistoryOf(features: readonly Feature[]): fc.Arbitrary<History> {
  const moods = MOODS.map((mood) => mood.filter((feature) => features.includes(feature)));
  const calm = [[], ...moods].map((mood) => ({ arbitrary: anyHistory(mood), weight: 1 }));
  return fc.oneof(...calm, { arbitrary: anyHistory(features), weight: 5 });
}

/** Any history of a world with these features. The simplest values come first, so that a failing history is shortened to them. */
export function anyHistory(features: readonly Feature[]): fc.Arbitrary<History> {
  const has: Has = (feature) => features.includes(feature);
  return fc.record({
    service: anyService(has),
    project: fc.constantFrom('id', 'key', 'name'),
    jobs: fc.array(anyJob(has), { minLength: 1, maxLength: 3 }),
    events: fc.array(anyEvent(has), { minLength: 1, maxLength: MAX_EVENTS, size: 'max' }),
    ends: fc.tuple(anyEnd, anyEnd, anyEnd),
  });
}

const anyEnd = fc.constantFrom('success' as const, 'failure' as const);

/** The first value, or one of the others if the world has the feature. */
export function either<T>(isPossible: boolean, simple: T, ...others: readonly T[]): fc.Arbitrary<T> {
  return isPossible ? fc.constantFrom(simple, simple, ...others) : fc.constant(simple);
}

/** Any Datadog. */
export function anyService(has: Has<SharedFeature>): fc.Arbitrary<Service> {
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

function anyJob(has: Has): fc.Arbitrary<Job> {
  return fc
    .record({
      action: fc.constantFrom<Job['action']>('watch', 'main', 'watch', 'main', 'auto', 'needs'),
      name: fc.constantFrom('test', 'deploy'),
      dedupKey: fc.constantFrom('', 'production'),
      branch: fc.constantFrom('main', 'main', 'topic'),
      matrix: fc.constantFrom('null', 'null', '{"os":"linux"}'),
      server: either(has('two-servers'), GITHUB, 'https://ghe.acme.example'),
      reopenHours: either(has('reopening'), 0, 24),
      afterFailures: either(has('streaks'), 1, 2),
      timeoutSeconds: fc.constantFrom(60, 60, 30),
      onExisting: fc.constantFrom('comment' as const, 'ignore' as const),
      isWordy: either(has('text-limits'), false, true),
      leak: fc.constantFrom<Job['leak']>(
        'nowhere',
        ...(has('secrets-in-texts') ? ['texts' as const] : []),
        ...(has('secrets-in-keys') ? ['key' as const] : []),
      ),
      isDetailed: either(has('refused-fields'), false, true),
    })
    .map((job) => {
      const dedupKey = job.dedupKey || (job.action === 'main' ? 'production' : '');
      const isAlone = dedupKey && !has('servers-share-keys');
      return { ...job, dedupKey, server: isAlone ? GITHUB : job.server };
    });
}

function anyEvent(has: Has): fc.Arbitrary<HistoryEvent> {
  return withPeople(has, anyJobEvent(has), WAITS);
}

/** Events, and what people do, if the world has some. */
export function withPeople<T>(
  has: Has<SharedFeature>,
  events: fc.Arbitrary<T>,
  waits: readonly number[],
): fc.Arbitrary<T | PersonEvent> {
  if (!has('people')) return events;
  const deeds = DEEDS.filter((deed) => deed !== 'writes below' || has('notes-below'));
  const people: fc.Arbitrary<PersonEvent> = fc.record({
    kind: fc.constant('person' as const),
    wait: fc.constantFrom(...waits),
    does: fc.constantFrom(...deeds),
    which: fc.nat(2),
  });
  return fc.oneof({ arbitrary: events, weight: 3 }, { arbitrary: people, weight: 1 });
}

function anyJobEvent(has: Has): fc.Arbitrary<JobEvent> {
  return fc.record({
    kind: fc.constant('job' as const),
    wait: fc.constantFrom(...WAITS),
    job: fc.nat(2),
    run: fc.constantFrom<JobEvent['run']>(
      ...(['new', 'new', 'new', 'same', 'again', 'older'] as const),
      ...(has('twin-jobs') ? ['twin' as const] : []),
    ),
    result: fc.constantFrom('failure' as const, 'failure', 'success', 'success', 'cancelled'),
    lasts: fc.constantFrom(...DURATIONS),
    faults: has('faults') ? anyFaults(KINDS, 2) : fc.constant([]),
    stop: anyStop(has, { maxRequest: 8, oneIn: 10 }),
    skew: anySkew(has),
    isDryRun: anyDryRun(has),
    isRespelled: either(has('spellings'), false, true),
    atEnd: either<JobEvent['atEnd']>(has('evaluated-again'), 'same', 'empty', 'other'),
    salt: fc.nat(9999),
  });
}

/** What goes wrong with requests of these kinds; in most steps, nothing. */
export function anyFaults(kinds: readonly RequestKind[], maxSkip: number): fc.Arbitrary<readonly Fault[]> {
  const anyFault: fc.Arbitrary<Fault> = fc.record({
    on: fc.constantFrom(...kinds),
    skip: fc.nat(maxSkip),
    times: fc.constantFrom(1, 1, 2, 3, 1000),
    name: fc.constantFrom(...(Object.keys(FAULTS) as FaultName[])),
  });
  return fc.oneof(
    { arbitrary: fc.constant([]), weight: 2 },
    { arbitrary: fc.array(anyFault, { minLength: 1, maxLength: 2 }), weight: 1 },
  );
}

/** Whether a step is stopped, and at which of its requests; `oneIn` steps is. */
export function anyStop(
  has: Has<SharedFeature>,
  { maxRequest, oneIn }: { readonly maxRequest: number; readonly oneIn: number },
): fc.Arbitrary<Stop | null> {
  const hows = [...(has('kills') ? ['kill' as const] : []), ...(has('signals') ? ['signal' as const] : [])];
  if (!hows.length) return fc.constant(null);
  const stop = fc.record({
    request: fc.integer({ min: 1, max: maxRequest }),
    when: fc.constantFrom('after' as const, 'before' as const),
    how: fc.constantFrom(...hows),
  });
  return fc.oneof({ arbitrary: fc.constant(null), weight: oneIn - 1 }, { arbitrary: stop, weight: 1 });
}

/** How much the clock of a runner is off, in milliseconds. */
export function anySkew(has: Has<SharedFeature>): fc.Arbitrary<number> {
  return has('clocks') ? fc.constantFrom(0, 0, 0, 60_000, -60_000, 7_200_000, -7_200_000) : fc.constant(0);
}

/** Whether a step only looks. */
export function anyDryRun(has: Has<SharedFeature>): fc.Arbitrary<boolean> {
  return has('dry-runs') ? fc.constantFrom(...Array(9).fill(false), true) : fc.constant(false);
}
