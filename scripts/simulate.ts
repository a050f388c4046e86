import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { anyHistory } from '../__tests__/world/any-history.ts';
import { FEATURES, type Feature, type History } from '../__tests__/world/history.ts';
import { judge } from '../__tests__/world/oracle/judge.ts';
import { runHistory } from '../__tests__/world/run-history.ts';
import { tellStory } from '../__tests__/world/story.ts';

const { runStep } = await import('../src/run.ts');
void pathToFileURL;
const features = (process.env.FEATURES ?? '').split(',').filter(Boolean) as Feature[];
const n = Number(process.argv[2] ?? 300);
const opts = { runStep, handlesSignals: false };
const strict = {
  isSuccessQuick: features.includes('quick-success'),
  areSignalsHandled: features.includes('signals'),
};
const run = async (history: History) => {
  const record = await runHistory(history, opts);
  return { record, violations: judge(record, strict) };
};
const started = Date.now();
let count = 0;
const result = await fc.check(
  fc.asyncProperty(anyHistory(features), async (history) => {
    count++;
    return (await run(history)).violations.length === 0;
  }),
  {
    numRuns: n,
    seed: Number(process.env.SEED ?? 1),
    endOnFailure: false,
    ...(process.env.NOSHRINK ? { endOnFailure: true } : {}),
  },
);
const seconds = (Date.now() - started) / 1000;
console.log(
  count,
  'histories',
  (count / seconds).toFixed(1),
  '/s',
  'runs',
  result.numRuns,
  'shrinks',
  result.numShrinks,
);
if (result.counterexample) {
  const [history] = result.counterexample as [History];
  const { record, violations } = await run(history);
  console.log('seed', result.seed, result.counterexamplePath);
  console.log(JSON.stringify(history.jobs));
  console.log(JSON.stringify(history.events));
  console.log(tellStory(history, record));
  for (const { rule, text } of violations) console.log(`VIOLATED ${rule}: ${text}`);
}
void FEATURES;
