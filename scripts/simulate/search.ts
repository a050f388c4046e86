import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import fc from 'fast-check';
import { anyHistory, anyHistoryOf } from '../../__tests__/world/any-history.ts';
import { checkHistory, type Verdict } from '../../__tests__/world/check-history.ts';
import { FEATURES, type Feature } from '../../__tests__/world/history.ts';
import { SOUND_FEATURES } from '../../__tests__/world/known-faults.ts';
import type { Program } from '../../__tests__/world/step.ts';
import { anySyncHistory, anySyncHistoryOf } from '../../__tests__/world/sync/any-history.ts';
import { checkSyncHistory } from '../../__tests__/world/sync/check-history.ts';
import { SYNC_FEATURES, type SyncFeature } from '../../__tests__/world/sync/history.ts';

/** How long a failing history may be shortened. */
const MAX_SHRINK_MS = 120_000;

/** Whether jobs open and close cases, or sync reports. */
export type WorldKind = 'jobs' | 'sync';

export interface SearchOptions {
  /** Default: `jobs`. */
  readonly world?: WorldKind;
  readonly count: number;
  readonly seed: number;
  /** The folder of the sources that are tested. */
  readonly src: string;
  /** Default: all but those that only show open faults. */
  readonly features?: readonly string[];
  /** Whether to stop at the first history that fails, without making it shorter. */
  readonly isBrief?: boolean;
}

export interface SearchResult {
  readonly histories: number;
  readonly seed: number;
  /** The shortest history that failed; empty if none did. */
  readonly story: string;
}

/** Lets random histories happen until one fails. */
export async function search(options: SearchOptions): Promise<SearchResult> {
  const program = await loadProgram(options.src);
  const { world = 'jobs', features } = options;
  if (world === 'sync')
    return searchAmong(
      features ? anySyncHistory(features.map(toSyncFeature)) : anySyncHistoryOf(SYNC_FEATURES),
      (history) => checkSyncHistory(history, program),
      options,
    );
  return searchAmong(
    features ? anyHistory(features.map(toFeature)) : anyHistoryOf(SOUND_FEATURES),
    (history) => checkHistory(history, program),
    options,
  );
}

async function searchAmong<T>(
  anyOfThem: fc.Arbitrary<T>,
  check: (history: T) => Promise<Verdict>,
  { count, seed, isBrief = false }: SearchOptions,
): Promise<SearchResult> {
  let histories = 0;
  let shrinkUntil = Number.POSITIVE_INFINITY;
  const property = fc.asyncProperty(anyOfThem, async (history) => {
    // Once there is no more time, no shorter history is looked for.
    if (performance.now() > shrinkUntil) return;
    histories += 1;
    const { violations } = await check(history);
    if (!violations.length) return;
    shrinkUntil = Math.min(shrinkUntil, performance.now() + MAX_SHRINK_MS);
    throw new Error(violations[0]?.text);
  });
  const { counterexample } = await fc.check(property, { numRuns: count, seed, endOnFailure: isBrief });
  const [failed]: (T | undefined)[] = counterexample ?? [];
  return { histories, seed, story: failed ? (await check(failed)).story : '' };
}

/** Throws an Error if there is no such feature. */
function toFeature(name: string): Feature {
  return findFeature(name, FEATURES);
}

function toSyncFeature(name: string): SyncFeature {
  return findFeature(name, SYNC_FEATURES);
}

function findFeature<T extends string>(name: string, features: readonly T[]): T {
  const feature = features.find((known) => known === name);
  if (!feature) throw new Error(`Unknown feature ${name}. Use some of: ${features.join(', ')}.`);
  return feature;
}

async function loadProgram(src: string): Promise<Program> {
  const load = (file: string) => import(pathToFileURL(resolve(src, file)).href) as Promise<Program>;
  const { runStep } = await load('run.ts');
  const { restoreEnvironment } = await load('stages/saved-environment.ts');
  return { runStep, restoreEnvironment };
}

/** Searches on several cores, each with a seed of its own. */
export function startSearches({
  cores,
  ...options
}: SearchOptions & { readonly cores: number }): Promise<SearchResult[]> {
  return Promise.all(
    Array.from({ length: cores }, (_, index) => runWorker({ ...options, seed: (options.seed + index) | 0 })),
  );
}

function runWorker(options: SearchOptions): Promise<SearchResult> {
  return new Promise((done, fail) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: options });
    worker.once('message', done);
    worker.once('error', fail);
  });
}

if (!isMainThread) parentPort?.postMessage(await search(workerData as SearchOptions));
