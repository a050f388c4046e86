// Builds dist/ from src/: tsc emits JavaScript, ncc bundles it, and the licences of what went in are listed.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const STATS = 'lib/stats.json';

/** The folder of the package that a bundled module belongs to. */
function packageOf(module: string): string | undefined {
  const path = module.replace(/^.*?(?=node_modules\/)/, '');
  return /^node_modules\/(?:@[^/]+\/)?[^/]+(?:.*\/node_modules\/(?:@[^/]+\/)?[^/]+)?/.exec(path)?.[0];
}

interface Module {
  readonly name?: string;
  /** Read, but not bundled. */
  readonly orphan?: boolean;
  readonly modules?: readonly Module[];
}

function names(modules: readonly Module[]): string[] {
  return modules.flatMap((module) => [module.name ?? '', ...names(module.modules ?? [])]);
}

// ncc's own --license misses packages once there is more than one chunk.
function licences(): string {
  const { modules } = JSON.parse(readFileSync(STATS, 'utf8')) as { modules: Module[] };
  const folders = new Set(
    names(modules.filter(({ orphan }) => !orphan)).flatMap(
      (name) => packageOf(name.replaceAll('\\', '/')) ?? [],
    ),
  );
  const texts = [...folders].sort().map((folder) => {
    const { name, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
      string,
      string
    >;
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    return `== ${name}\n${license}\n${file ? readFileSync(join(folder, file), 'utf8').trim() : ''}\n`;
  });
  return texts.join('\n');
}

/**
 * Says of a package what its own package.json does not: that its modules do nothing but define things when they are
 * loaded. So the bundler leaves out those of which nothing is used. It is said of a copy, which only the bundler sees.
 */
function leaveOutUnused(name: string): void {
  const copy = join('lib', 'node_modules', name);
  cpSync(join('node_modules', name), copy, { recursive: true });
  const file = join(copy, 'package.json');
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), sideEffects: false }));
}

function run(script: string, ...words: string[]): void {
  execFileSync(process.execPath, [script, ...words], { stdio: ['ignore', 'ignore', 'inherit'] });
}

for (const folder of ['lib', 'dist']) rmSync(folder, { recursive: true, force: true });
run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json');
leaveOutUnused('@actions/core');
// ncc leaves stale chunks behind, so it always starts from nothing.
run(
  'node_modules/@vercel/ncc/dist/ncc/cli.js',
  'build',
  'lib/main.js',
  '-o',
  'dist',
  '--stats-out',
  STATS,
  '--no-cache',
);
if (!existsSync('dist/index.js')) throw new Error('ncc wrote no dist/index.js');
writeFileSync('dist/LICENSES.txt', licences());
