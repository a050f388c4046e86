// Puts deliberate faults into copies of the sources, and checks that random histories find each of them:
// node scripts/simulate/prove.ts [words of a name]
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DELIBERATE_FAULTS, type DeliberateFault } from './deliberate-faults.ts';
import { startSearches, type WorldKind } from './search.ts';

/** Within how many histories a fault must be found. */
const HISTORIES = 1000;
const SEED = 1;

const words = process.argv[2] ?? '';
const faults = DELIBERATE_FAULTS.filter(({ name }) => name.includes(words));
if (!faults.length) throw new Error(`No deliberate fault is named "${words}".`);
// Within the checkout, so that packages are found.
const folder = mkdtempSync('.simulated-');
let missed = 0;
try {
  // All at once, so that a text that is gone is reported before anything runs.
  const copies = faults.map((fault, index) => ({
    fault,
    src: copyWithFault(fault, join(folder, `src-${index}`)),
  }));
  // A fault is only shown by a history that passes without it.
  // A fault is only shown by a history that passes without it.
  for (const world of new Set(faults.map((fault) => fault.world ?? 'jobs'))) {
    const { rule, histories } = await findViolation(world, 'src');
    if (rule) throw new Error(`History ${histories} fails without a fault: ${rule}`);
  }
  for (const { fault, src } of copies) missed += (await isFound(fault, src)) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}
console.log(
  missed ? `${missed} of ${faults.length} faults were not found.` : `All ${faults.length} faults were found.`,
);
if (missed) process.exitCode = 1;

function copyWithFault({ name, file, text, replacement }: DeliberateFault, src: string): string {
  cpSync('src', src, { recursive: true });
  const path = join(src, file);
  const source = readFileSync(path, 'utf8');
  const count = source.split(text).length - 1;
  if (count !== 1) throw new Error(`${name}: ${file} contains this ${count} times, not once:\n${text}`);
  writeFileSync(
    path,
    source.replace(text, () => replacement),
  );
  return src;
}

async function isFound({ name, world = 'jobs' }: DeliberateFault, src: string): Promise<boolean> {
  const { rule, histories } = await findViolation(world, src);
  console.log(`${rule ? `found in history ${histories}` : 'NOT FOUND'}: ${name}${rule ? `\n  ${rule}` : ''}`);
  return rule !== undefined;
}

/** What the first history violates that fails, if any. */
async function findViolation(
  world: WorldKind,
  src: string,
): Promise<{ rule: string | undefined; histories: number }> {
  // A worker of its own, so that the copy is forgotten afterwards.
  const [result] = await startSearches({ world, cores: 1, count: HISTORIES, seed: SEED, src, isBrief: true });
  return { rule: /^Violated: (.*)$/m.exec(result?.story ?? '')?.[1], histories: result?.histories ?? 0 };
}
