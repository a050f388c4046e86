// Whether every place that names the version names the one being released. Pure functions: text in, problems out.

/** The text of every file that names the version. */
export interface VersionFiles {
  /** package.json. */
  readonly manifest: string;
  /** package-lock.json. */
  readonly lockfile: string;
  /** src/http/client.ts. */
  readonly userAgent: string;
  /** CHANGELOG.md. */
  readonly changelog: string;
}

const VERSION = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/;

/** Whether a text is a version such as `1.2.0`. */
export function isVersion(text: string): boolean {
  return VERSION.test(text);
}

/** What does not fit the version; empty if everything does. */
export function findVersionProblems(version: string, files: VersionFiles): string[] {
  if (!isVersion(version)) return [`"${version}" is not a version such as 1.2.0.`];
  const { name, version: declared } = JSON.parse(files.manifest) as Record<string, unknown>;
  const locked = (JSON.parse(files.lockfile) as Record<string, unknown>).version;
  const userAgent = /USER_AGENT = '([^']*)'/.exec(files.userAgent)?.[1];
  const problems: string[] = [];
  if (declared !== version) problems.push(`package.json has version ${declared}, not ${version}.`);
  if (locked !== version)
    problems.push(`package-lock.json has version ${locked}, not ${version}: run npm install.`);
  if (userAgent !== `${name}/${version}`)
    problems.push(`src/http/client.ts has ${userAgent}, not ${name}/${version}.`);
  return [...problems, ...findChangelogProblems(version, files.changelog)];
}

function findChangelogProblems(version: string, changelog: string): string[] {
  const [latest] = listSections(changelog);
  if (latest !== version)
    return [`CHANGELOG.md starts with the section ${latest ?? '(none)'}, not with "## ${version}".`];
  return extractNotes(version, changelog) ? [] : [`The section ${version} of CHANGELOG.md is empty.`];
}

/** What CHANGELOG.md says about a version, without its heading: the notes of the release. */
export function extractNotes(version: string, changelog: string): string {
  const lines = changelog.split(/\r?\n/);
  const start = lines.indexOf(`## ${version}`);
  if (start < 0) return '';
  const length = lines.slice(start + 1).findIndex((line) => line.startsWith('## '));
  return lines
    .slice(start + 1, length < 0 ? undefined : start + 1 + length)
    .join('\n')
    .trim();
}

/** The changelog without the section of changes that no version has yet. */
export function withoutUnreleased(changelog: string): string {
  return changelog.replace(/^## Unreleased\r?\n[\s\S]*?(?=^## |$(?![\s\S]))/m, '');
}

function listSections(changelog: string): string[] {
  return [...changelog.matchAll(/^## (.*?)\r?$/gm)].map(([, title = '']) => title);
}

/**
 * Whether the version is new: its tag does not exist, and no newer version of the same major does, because the tag of
 * the major version (such as v1) would move backwards.
 */
export function findTagProblems(version: string, tags: readonly string[]): string[] {
  if (tags.includes(`v${version}`)) return [`The tag v${version} exists already.`];
  const [major = 0] = toNumbers(version);
  const newer = tags
    .map((tag) => tag.replace(/^v/, ''))
    .filter((other) => VERSION.test(other) && toNumbers(other)[0] === major)
    .filter((other) => compareVersions(other, version) > 0);
  if (!newer.length) return [];
  const tagNames = newer.map((other) => `v${other}`).join(' or ');
  return [`v${major} would move backwards: it may point to ${tagNames}.`];
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [toNumbers(a), toNumbers(b)];
  return left.map((number, index) => number - (right[index] ?? 0)).find((difference) => difference) ?? 0;
}

function toNumbers(version: string): number[] {
  return version.split('.').map(Number);
}
