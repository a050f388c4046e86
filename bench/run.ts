// Measures whole steps: their time as ratios within one run, their peak memory, and how they scale.
// Prints the tables and writes them to bench/RESULTS.md. No test measures time.
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { cpus, totalmem, type } from 'node:os';
import { renderComparison } from './comparison.ts';
import { datadog, github } from './environment.ts';
import { renderScaling } from './scaling.ts';
import { CLIENT, CLIENT_FOLDER } from './subjects.ts';
import { renderSync } from './sync.ts';
import { renderWire } from './wire.ts';

const ROUNDS = Number(process.env.ROUNDS ?? 31);
/** Over a wire, the processor counts for less, and so does its load. */
const WIRE_ROUNDS = Math.ceil(ROUNDS / 2);

function buildOfficialClient(): void {
  const npm = process.env.npm_execpath;
  if (!npm) throw new Error('Start this with npm: npm run bench');
  console.log('Installing and bundling the official client, once.');
  for (const args of [
    ['ci', '--no-audit', '--no-fund'],
    ['run', 'build'],
  ])
    execFileSync(process.execPath, [npm, ...args], { cwd: CLIENT_FOLDER, stdio: 'ignore' });
}

if (!existsSync(CLIENT)) buildOfficialClient();
try {
  const [processor] = cpus();
  const text = `# Results of the benchmark

\`npm run bench\` on ${type()}, ${cpus().length} × ${processor?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}: whole processes that talk TLS on loopback, medians of ${ROUNDS} interleaved rounds; ratios are medians of the ratios within each round. Targets are upper limits. Compare within a table only: machines differ, and so does the load from one minute to the next.

${await renderComparison(ROUNDS)}

## Over a wire

${await renderWire(WIRE_ROUNDS)}

## Scaling limits

${await renderScaling()}

## Syncing reports

${await renderSync()}
`;
  writeFileSync('bench/RESULTS.md', text);
  console.log(text);
} finally {
  await Promise.all([datadog.stop(), github.stop()]);
}
