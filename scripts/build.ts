// Builds dist/ from src/: tsc emits JavaScript, ncc bundles it and swc minifies it. Then lists the licenses of the
// bundled packages.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyPackages, REPLACEMENTS } from './bundle/copies.ts';
import { minifyChunks } from './bundle/minify.ts';
import { type ChunkStats, nameChunks } from './bundle/name-chunks.ts';
import { shareModules } from './bundle/share-modules.ts';

const STATS = 'lib/stats.json';

/** The folder of the package that a bundled module belongs to. */
function findPackageFolder(module: string): string | undefined {
  const path = module.replace(/^.*?(?=node_modules\/)/, '');
  return /^node_modules\/(?:@[^/]+\/)?[^/]+(?:.*\/node_modules\/(?:@[^/]+\/)?[^/]+)?/.exec(path)?.[0];
}

interface Module {
  readonly name?: string;
  /** Read, but not bundled. */
  readonly orphan?: boolean;
  readonly modules?: readonly Module[];
}

function listNames(modules: readonly Module[]): string[] {
  return modules.flatMap((module) => [module.name ?? '', ...listNames(module.modules ?? [])]);
}

/** The folders of the packages in the bundle. ncc's own --license misses some once there is more than one chunk. */
function readBundledFolders(): string[] {
  const { modules } = JSON.parse(readFileSync(STATS, 'utf8')) as { modules: Module[] };
  const used = listNames(modules.filter(({ orphan }) => !orphan));
  return [...new Set(used.flatMap((name) => findPackageFolder(name.replaceAll('\\', '/')) ?? []))].sort();
}

/** Fails if a replacement isn't bundled, because then the package it replaces isn't imported any more. */
function checkReplacements(bundled: readonly string[]): void {
  const unused = REPLACEMENTS.filter((folder) => !bundled.includes(folder));
  if (unused.length > 0) {
    throw new Error(`Remove from scripts/bundle/copies.ts, nothing imports it: ${unused.join(', ')}`);
  }
}

function describeLicense(folder: string): string {
  const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, string>;
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  return `== ${about.name}\n${about.license}\n${file ? readFileSync(join(folder, file), 'utf8').trim() : ''}\n`;
}

function run(script: string, ...args: string[]): void {
  execFileSync(process.execPath, [script, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
}

for (const folder of ['lib', 'dist']) rmSync(folder, { recursive: true, force: true });
run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json');
copyPackages();
shareModules('lib/main.js', 'lib/run.js');
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
nameChunks('dist', JSON.parse(readFileSync(STATS, 'utf8')) as ChunkStats);
minifyChunks('dist');
// One for each other way to start: src/main.ts reads from its own name which one it is.
for (const name of ['watch-start', 'watch-end', 'sync'])
  writeFileSync(join('dist', `${name}.js`), "import './index.js';\n");
const folders = readBundledFolders();
checkReplacements(folders);
// The replacements are ours.
const packages = folders.filter((folder) => !REPLACEMENTS.includes(folder));
writeFileSync('dist/LICENSES.txt', packages.map(describeLicense).join('\n'));
