// Who this repository is: its owner and name, and its version, wherever a file names them. Pure functions: text in,
// text or problems out.

/** Stands for the owner and name in every file, as long as the repository has no address. */
export const PLACEHOLDER = 'OWNER/REPO';

const REPOSITORY = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\/[\w.-]+$/;
/** A version of this action, such as `v1.1.0`: not that of another action, nor a tag of a user's repository. */
const OWN_VERSION = /(?<![\w/])v(\d+\.\d+\.\d+)\b/g;
const USES_OTHER = /\buses: (?!\S*OWNER\/REPO)/;
/** A note in the README for as long as the repository has no address. */
const NOTE = /^<!-- until the repository has an address -->\n[\s\S]*?^<!-- end -->\n+/gm;

/** The owner and name in package.json; an empty text if it has none. */
export function readRepository(manifest: string): string {
  const { repository = '' } = JSON.parse(manifest) as { readonly repository?: string };
  return repository.replace(/^github:/, '');
}

/** What is wrong with an owner and name; empty if nothing is. */
export function findRepositoryProblems(repository: string): string[] {
  if (REPOSITORY.test(repository) && repository !== PLACEHOLDER) return [];
  return [`"${repository}" is not an owner and name such as acme/datadog-case-action.`];
}

/** A text with another owner and name. Regular expressions hold them with an escaped slash. */
export function setRepository(text: string, from: string, to: string): string {
  const renamed = text.replaceAll(from, to).replaceAll(escapeSlash(from), escapeSlash(to));
  return from === PLACEHOLDER ? renamed.replace(NOTE, '') : renamed;
}

function escapeSlash(text: string): string {
  return text.replace('/', '\\/');
}

/** A document that names another version of this action. `repository` is the current owner and name. */
export function setDocumentedVersion(text: string, repository: string, version: string): string {
  return mapOwnVersions(text, repository, () => `v${version}`);
}

/** The versions of this action that a document names. */
export function listDocumentedVersions(text: string, repository: string): string[] {
  const found: string[] = [];
  mapOwnVersions(text, repository, (match) => {
    found.push(match.slice(1));
    return match;
  });
  return found;
}

function mapOwnVersions(text: string, repository: string, map: (match: string) => string): string {
  const mapLine = (line: string) => {
    const isOther = USES_OTHER.test(line.replaceAll(repository, PLACEHOLDER));
    return isOther ? line : line.replace(OWN_VERSION, map);
  };
  return text.split('\n').map(mapLine).join('\n');
}

/** package.json or package-lock.json with another version. The layout stays as npm writes it. */
export function setManifestVersion(text: string, version: string): string {
  const manifest = JSON.parse(text) as {
    version: string;
    readonly packages?: Readonly<Record<string, { version?: string }>>;
  };
  manifest.version = version;
  const root = manifest.packages?.[''];
  if (root) root.version = version;
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

/** src/http/client.ts with another version. */
export function setUserAgentVersion(text: string, version: string): string {
  return text.replace(/(USER_AGENT = '[^/']*\/)[^']*/, `$1${version}`);
}

/** CHANGELOG.md, where the changes that no version had yet belong to `version`. */
export function nameUnreleased(changelog: string, version: string): string {
  return changelog.replace(/^## Unreleased$/m, `## ${version}`);
}

/** What must change before a release. */
export interface IdentityProblems {
  readonly placeholders: readonly string[];
  /** Versions of this action that aren't the one that is released. */
  readonly versions: readonly string[];
}

/** Finds placeholders and other versions in files, which are given by path. */
export function findIdentityProblems(
  files: ReadonlyMap<string, string>,
  { repository, version }: { readonly repository: string; readonly version: string },
): IdentityProblems {
  const entries = [...files];
  return {
    placeholders: entries
      .filter(([, text]) => setRepository(text, PLACEHOLDER, '') !== text)
      .map(([path]) => `${path} contains ${PLACEHOLDER}.`),
    versions: entries
      .filter(([path]) => isDocument(path))
      .flatMap(([path, text]) =>
        [...new Set(listDocumentedVersions(text, repository))]
          .filter((other) => other !== version)
          .map((other) => `${path} names v${other}, not v${version}.`),
      ),
  };
}

/** Whether users read the file, and expect the version in it to be the newest one. */
export function isDocument(path: string): boolean {
  return /^(?:(?:README|SECURITY)\.md|docs\/.*\.md|examples\/.*\.yml|\.github\/ISSUE_TEMPLATE\/.*)$/.test(
    path,
  );
}

/**
 * Whether the file may name the repository. Not what is built, nor what is about the placeholder itself, which has to
 * contain it.
 */
export function namesRepository(path: string): boolean {
  return (
    /\.(?:[cm]?[jt]s|json|md|yml)$/.test(path) &&
    !/^(?:dist|bench|mutation|scripts\/release|__tests__\/release)\//.test(path)
  );
}
