// Checks that the checked out commit can be released, and writes the files of the release.
//
//   npm run release:check                          everything that needs no GitHub; .ci/run does this
//   npm run release:check -- --version 1.2.0 ...   everything; .github/workflows/release.yml does this
//
// Only a release must have replaced the placeholder for the repository's owner and name (npm run release:set).
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findBomProblems, normalizeBom, withoutDevelopment } from './bill-of-materials.ts';
import { findIdentityProblems, findRepositoryProblems, PLACEHOLDER, readRepository } from './identity.ts';
import { listNamingFiles } from './naming-files.ts';
import { findDifferences, hashFiles } from './reproduce.ts';
import { extractNotes, findTagProblems, findVersionProblems, withoutUnreleased } from './versions.ts';
import { findRunProblems } from './workflow-runs.ts';

const { values: options } = parseArgs({
  options: {
    /** The version to release. Without it, this is a dry run for the version of package.json. */
    version: { type: 'string' },
    /** The owner and name of the repository that is released. */
    repository: { type: 'string', default: '' },
    /** The commit to release. */
    commit: { type: 'string' },
    /** A file with the commit's workflow runs, as `gh api --paginate --slurp` prints them. */
    runs: { type: 'string' },
    /** The folder for the release's notes and bill of materials. */
    out: { type: 'string' },
  },
});

const read = (path: string) => readFileSync(path, 'utf8');
const manifest = JSON.parse(read('package.json')) as { readonly name: string; readonly version: string };
const version = options.version ?? manifest.version;
const problems: string[] = [];

function check(title: string, found: readonly string[]): void {
  console.log(`${found.length ? 'FAILED' : 'ok    '} ${title}`);
  for (const problem of found) console.log(`       ${problem}`);
  problems.push(...found);
}

function skip(title: string): void {
  console.log(`       ${title}: skipped, this needs GitHub.`);
}

/** Runs a script with this Node, which works on Windows too, where npm is a batch file. */
function runNode(args: readonly string[], cwd = '.'): string {
  return execFileSync(process.execPath, args, { cwd, encoding: 'utf8', maxBuffer: 2 ** 26 });
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { encoding: 'utf8' }).trim();
}

function createBom(): string {
  const npm = process.env.npm_execpath;
  if (!npm) throw new Error('Start this with npm: npm run release:check');
  const folder = mkdtempSync(join(tmpdir(), 'case-bom-'));
  try {
    for (const name of ['package.json', 'package-lock.json'])
      writeFileSync(join(folder, name), withoutDevelopment(read(name)));
    // From the lock file alone, so that it is the same on every platform.
    const args = ['sbom', '--sbom-format=cyclonedx', '--package-lock-only', '--offline'];
    return normalizeBom(runNode([npm, ...args], folder), manifest.name);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function rebuild(): string[] {
  const committed = hashFiles('dist');
  runNode(['scripts/build.ts']);
  return findDifferences(committed, hashFiles('dist'));
}

const files = {
  manifest: read('package.json'),
  lockfile: read('package-lock.json'),
  userAgent: read('src/http/client.ts'),
  // Between releases, the newest changes are unreleased. A release must name its version.
  changelog: options.version ? read('CHANGELOG.md') : withoutUnreleased(read('CHANGELOG.md')),
};
check(`The version is ${version} everywhere`, [
  ...findVersionProblems(version, files),
  ...findNamedVersions(),
]);
if (options.version === undefined) {
  for (const title of [
    'The repository',
    'The commit',
    'The version is new',
    'All checks of the commit passed',
  ])
    skip(title);
} else {
  check(`The repository is ${options.repository} everywhere`, findNamedRepositories(options.repository));
  const { commit = '', runs = '' } = options;
  const head = git('rev-parse', 'HEAD');
  check(`The commit is ${commit}`, head === commit ? [] : [`${head} is checked out.`]);
  const changes = git('status', '--porcelain');
  check('Nothing differs from the commit', changes ? [changes] : []);
  check('The version is new', findTagProblems(version, git('tag', '--list').split(/\r?\n/)));
  check('All checks of the commit passed', findRunProblems(read(runs), commit));
}
// A build takes a while, so it is skipped if something else is wrong.
if (!problems.length) {
  check('The build reproduces dist byte for byte', rebuild());
  const bom = createBom();
  const bomProblems = findBomProblems(bom, read('dist/LICENSES.txt'));
  check('The bill of materials is complete and contains no local paths', bomProblems);
  if (!problems.length && options.out) writeReleaseFiles(options.out, bom);
}
if (problems.length) {
  console.log('\nThis cannot be released.');
  process.exitCode = 1;
}

function findNamedVersions(): readonly string[] {
  return findIdentityProblems(listNamingFiles(), { repository: readRepository(files.manifest), version })
    .versions;
}

function findNamedRepositories(repository: string): readonly string[] {
  const named = readRepository(files.manifest);
  if (named === PLACEHOLDER || named !== repository) {
    const command = `npm run release:set -- --repository ${repository}`;
    return [`package.json names ${named} as its repository. Run ${command}, and then npm run build.`];
  }
  return [
    ...findRepositoryProblems(repository),
    ...findIdentityProblems(listNamingFiles(), { repository, version }).placeholders,
  ];
}

function writeReleaseFiles(folder: string, bom: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'notes.md'), `${extractNotes(version, files.changelog)}\n`);
  writeFileSync(join(folder, `${manifest.name}-${version}.cdx.json`), bom);
}
