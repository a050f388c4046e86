// Lets random histories of a simulated world happen, on every core: npm run simulate [number] [-- --seed 1]
// See docs/testing.md.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { search, startSearches } from './simulate/search.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string' }, src: { type: 'string', default: 'src' } },
});
const count = Number(positionals[0] ?? 10_000);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
if (!(count > 0) || !Number.isInteger(seed))
  throw new Error('Usage: npm run simulate [number] [-- --seed <integer>]');

const cores = count < 100 ? 1 : availableParallelism();
console.log(`${count} histories on ${cores} cores, seed ${seed}`);
const startedAt = performance.now();
const searches = { count: Math.ceil(count / cores), src: values.src };
const results =
  cores === 1 ? [await search({ ...searches, seed })] : await startSearches({ ...searches, seed, cores });
const seconds = (performance.now() - startedAt) / 1000;
const total = results.reduce((sum, { histories }) => sum + histories, 0);
console.log(`${total} histories in ${seconds.toFixed(1)} s: ${(total / seconds).toFixed(0)} a second`);
const failed = results.filter(({ story }) => story);
for (const { story, seed: failedSeed } of failed) console.log(`\nSeed ${failedSeed}:\n${story}`);
if (failed.length) process.exitCode = 1;
