import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { runStep } from '../../src/run.ts';
import { restoreEnvironment } from '../../src/stages/saved-environment.ts';
import { anyHistoryOf } from './any-history.ts';
import { checkHistory } from './check-history.ts';
import { KNOWN_FAULTS, SOUND_FEATURES } from './known-faults.ts';
import { expand } from './short-history.ts';

const program = { runStep, restoreEnvironment };
const HISTORIES = 300;
/** Always the same histories: others are the business of `npm run simulate`. */
const SEED = 1;

for (const { name, state, history } of KNOWN_FAULTS) {
  if (state === 'fixed')
    test(`does not happen any more: ${name}`, async () => {
      expect((await checkHistory(expand(history), program)).story).toBe('');
    });
  else
    test(`still happens (set its state to fixed once it does not): ${name}`, async () => {
      expect((await checkHistory(expand(history), program)).violations).not.toEqual([]);
    });
}

test(`${HISTORIES} random histories keep every promise`, async () => {
  const property = fc.asyncProperty(anyHistoryOf(SOUND_FEATURES), async (history) => {
    const { story } = await checkHistory(history, program);
    if (story) throw new Error(`\n${story}\n`);
  });
  await fc.assert(property, { numRuns: HISTORIES, seed: SEED });
}, 120_000);
