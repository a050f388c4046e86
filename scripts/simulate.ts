// Lets random histories of a simulated world happen, on every core: npm run simulate [number] [-- --seed 1]
// With `--features spellings,people`, those of worlds with these features only, also if they show open faults.
// See docs/testing.md.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { FEATURES, type Feature } from '../__tests__/world/history.ts';
import { search, startSearches } from './simulate/search.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string' },
    src: { type: 'string', default: 'src' },
    features: { type: 'string' },
  },
});
const count = Number(positionals[0] ?? 10_000);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
if (!(count > 0) || !Number.isInteger(seed))
  throw new Error('Usage: npm run simulate [number] [-- --seed <integer>]');

const cores = count < 100 ? 1 : availableParallelism();
console.log(`${count} histories on ${cores} cores, seed ${seed}`);
const startedAt = performance.now();
const features = values.features?.split(',').map(toFeature);
const searches = { count: Math.ceil(count / cores), src: values.src, ...(features && { features }) };
const results =
  cores === 1 ? [await search({ ...searches, seed })] : await startSearches({ ...searches, seed, cores });
const seconds = (performance.now() - startedAt) / 1000;
const total = results.reduce((sum, { histories }) => sum + histories, 0);
console.log(`${total} histories in ${seconds.toFixed(1)} s: ${(total / seconds).toFixed(0)} a second`);
const failed = results.filter(({ story }) => story);
for (const { story, seed: failedSeed } of failed) console.log(`\nSeed ${failedSeed}:\n${story}`);
if (failed.length) process.exitCode = 1;

function toFeature(name: string): Feature {
  const feature = FEATURES.find((known) => known === name);
  if (!feature) throw new Error(`Unknown feature ${name}. Use some of: ${FEATURES.join(', ')}.`);
  return feature;
}
