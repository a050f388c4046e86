import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { runStep } from '../../../src/run.ts';
import { restoreEnvironment } from '../../../src/stages/saved-environment.ts';
import { anySyncHistoryOf } from './any-history.ts';
import { checkSyncHistory } from './check-history.ts';
import { SYNC_FEATURES } from './history.ts';
import { KNOWN_SYNC_FAULTS } from './known-faults.ts';
import { expandSync } from './short-history.ts';

const program = { runStep, restoreEnvironment };
const HISTORIES = 100;
/** Always the same histories: others are the business of `npm run simulate`. */
const SEED = 1;

for (const { name, history } of KNOWN_SYNC_FAULTS)
  test(`does not happen any more: ${name}`, async () => {
    expect((await checkSyncHistory(expandSync(history), program)).story).toBe('');
  });

test(`${HISTORIES} random histories of reports keep every promise`, async () => {
  const property = fc.asyncProperty(anySyncHistoryOf(SYNC_FEATURES), async (history) => {
    const { story } = await checkSyncHistory(history, program);
    if (story) throw new Error(`\n${story}\n`);
  });
  await fc.assert(property, { numRuns: HISTORIES, seed: SEED });
}, 120_000);
