// Lets random histories of the simulated worlds happen, on every core: npm run simulate [number] [-- --seed 1]
// With `--world jobs` or `--world sync`, those of one world only; with `--features spellings,people` as well, those of
// worlds with these features only, also if they show open faults. See docs/testing.md.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { startSearches, type WorldKind } from './simulate/search.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string' },
    src: { type: 'string', default: 'src' },
    world: { type: 'string' },
    features: { type: 'string' },
  },
});
const WORLDS = ['jobs', 'sync'] as const satisfies readonly WorldKind[];
const count = Number(positionals[0] ?? 10_000);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
if (!(count > 0) || !Number.isInteger(seed))
  throw new Error('Usage: npm run simulate [number] [-- --seed <integer>]');

const features = values.features?.split(',');
const worlds = values.world ? [toWorld(values.world)] : features ? (['jobs'] as const) : WORLDS;
const cores = count < 100 ? 1 : availableParallelism();
for (const world of worlds) {
  console.log(`${count} histories of ${world} on ${cores} cores, seed ${seed}`);
  const startedAt = performance.now();
  const options = { world, count: Math.ceil(count / cores), seed, src: values.src, cores };
  const results = await startSearches({ ...options, ...(features && { features }) });
  const seconds = (performance.now() - startedAt) / 1000;
  const total = results.reduce((sum, { histories }) => sum + histories, 0);
  console.log(`${total} histories in ${seconds.toFixed(1)} s: ${(total / seconds).toFixed(0)} a second`);
  const failed = results.filter(({ story }) => story);
  for (const { story, seed: failedSeed } of failed) console.log(`\nSeed ${failedSeed}:\n${story}`);
  if (failed.length) process.exitCode = 1;
}

function toWorld(name: string): WorldKind {
  const world = WORLDS.find((known) => known === name);
  if (!world) throw new Error(`Unknown world ${name}. Use one of: ${WORLDS.join(', ')}.`);
  return world;
}
