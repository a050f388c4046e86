// The software bill of materials: npm's own list of the production dependencies, made reproducible, and checked.
import { createHash } from 'node:crypto';

interface Component {
  readonly name: string;
  readonly version: string;
  readonly externalReferences?: readonly { readonly type: string }[];
}

interface BillOfMaterials {
  readonly bomFormat: string;
  readonly serialNumber?: string;
  readonly metadata: { readonly timestamp?: string; readonly component: Component };
  readonly components: readonly Component[];
}

interface Manifest {
  readonly devDependencies?: unknown;
  readonly packages?: Readonly<Record<string, LockedPackage>>;
}

/** https://docs.npmjs.com/cli/configuring-npm/package-lock-json#packages */
interface LockedPackage {
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly devDependencies?: unknown;
}

/** An absolute path of Linux, macOS or Windows, or a file URL, at the start of a value. */
const LOCAL_PATH = /"(?:file:|\/(?!\/)|[A-Za-z]:[\\/]|\\\\\\\\)[^"]*"/g;

/**
 * package.json or package-lock.json without development dependencies. `npm sbom --omit=dev` would also leave out what
 * both the bundle and a tool need.
 */
export function withoutDevelopment(text: string): string {
  const { devDependencies: _dev, packages, ...rest } = JSON.parse(text) as Manifest;
  if (!packages) return JSON.stringify(rest);
  const { '': { devDependencies: _rootDev, ...root } = {}, ...entries } = packages;
  const production = Object.entries(entries).filter(([, { dev, devOptional }]) => !dev && !devOptional);
  return JSON.stringify({ ...rest, packages: { '': root, ...Object.fromEntries(production) } });
}

/**
 * Makes what `npm sbom` prints the same for the same commit: no time, the package's own name instead of the folder's,
 * and a serial number that is derived from the contents (`actions/attest` requires one).
 */
export function normalizeBom(text: string, packageName: string): string {
  const { serialNumber: _serialNumber, ...bom } = JSON.parse(text) as BillOfMaterials;
  const { timestamp: _timestamp, ...metadata } = bom.metadata;
  const normalized = {
    ...bom,
    metadata: { ...metadata, component: { ...metadata.component, name: packageName } },
  };
  const serialNumber = `urn:uuid:${toUuid(JSON.stringify(normalized))}`;
  return `${JSON.stringify({ ...normalized, serialNumber }, undefined, 2)}\n`;
}

/** A UUID of version 8 (https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-8) from the SHA-256 of a text. */
function toUuid(text: string): string {
  const digits = createHash('sha256').update(text).digest('hex');
  return digits.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-8$4-$5');
}

/**
 * What is wrong with a bill of materials: a package of the bundle is missing, or it reveals something about the machine
 * that made it (a path, or the registry that packages came from). `licenses` is dist/LICENSES.txt.
 */
export function findBomProblems(text: string, licenses: string): string[] {
  const { components } = JSON.parse(text) as BillOfMaterials;
  const listed = new Set(components.map(({ name }) => name));
  const bundled = [...licenses.matchAll(/^== (.+)$/gm)].map(([, name = '']) => name.trim());
  const downloaded = components.filter(({ externalReferences = [] }) =>
    externalReferences.some(({ type }) => type === 'distribution'),
  );
  return [
    ...(bundled.length ? [] : ['dist/LICENSES.txt names no package.']),
    ...bundled
      .filter((name) => !listed.has(name))
      .map((name) => `${name} is in dist, but not in the bill of materials.`),
    ...downloaded.map(({ name }) => `The bill of materials names the registry that ${name} came from.`),
    ...[...text.matchAll(LOCAL_PATH)].map(
      ([path]) => `The bill of materials contains a local path: ${path}.`,
    ),
  ];
}
