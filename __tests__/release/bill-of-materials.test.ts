import { describe, expect, test } from '@jest/globals';
import {
  findBomProblems,
  normalizeBom,
  withoutDevelopment,
} from '../../scripts/release/bill-of-materials.ts';

const LICENSES = '== @actions/core\nMIT\n\n== hpagent\nMIT\nCopyright\n';
const bom = {
  bomFormat: 'CycloneDX',
  serialNumber: 'urn:uuid:00000000-0000-4000-8000-000000000000',
  metadata: { timestamp: '2026-01-02T03:04:05Z', component: { name: 'folder', version: '1.0.0' } },
  components: [
    { name: '@actions/core', version: '3.0.1', externalReferences: [{ type: 'vcs', url: 'git+https://x' }] },
    { name: 'hpagent', version: '1.2.0' },
    { name: 'tunnel', version: '0.0.6' },
  ],
};
type Bom = typeof bom;

describe('the bill of materials', () => {
  test('contains neither a time nor the folder’s name, and always has the same serial number', () => {
    const text = normalizeBom(JSON.stringify(bom), 'case-action');
    const again = { ...bom, serialNumber: 'urn:uuid:1', metadata: { ...bom.metadata, timestamp: 'later' } };
    expect(normalizeBom(JSON.stringify(again), 'case-action')).toBe(text);
    const { serialNumber, metadata, components } = JSON.parse(text) as Bom;
    expect(serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(metadata).toEqual({ component: { name: 'case-action', version: '1.0.0' } });
    expect(components).toEqual(bom.components);
  });

  test('has another serial number if a version differs', () => {
    const other = { ...bom, components: [{ name: 'hpagent', version: '1.2.1' }] };
    const serialNumbers = [bom, other].map(
      (variant) => (JSON.parse(normalizeBom(JSON.stringify(variant), 'case-action')) as Bom).serialNumber,
    );
    expect(new Set(serialNumbers).size).toBe(2);
  });

  test('may list more packages than the bundle has', () => {
    expect(findBomProblems(JSON.stringify(bom), LICENSES)).toEqual([]);
  });

  test('must list every package of the bundle', () => {
    expect(findBomProblems(JSON.stringify(bom), `${LICENSES}\n== undici\nMIT\n`)).toEqual([
      'undici is in dist, but not in the bill of materials.',
    ]);
    expect(findBomProblems(JSON.stringify(bom), '')).toEqual(['dist/LICENSES.txt names no package.']);
  });

  test('must not name a registry', () => {
    const reference = { type: 'distribution', url: 'https://registry.example/hpagent-1.2.0.tgz' };
    const components = [...bom.components, { name: 'x', version: '1.0.0', externalReferences: [reference] }];
    expect(findBomProblems(JSON.stringify({ ...bom, components }), LICENSES)).toEqual([
      'The bill of materials names the registry that x came from.',
    ]);
  });

  test.each(['/home/me/action', 'C:\\Users\\me', 'D:/a/action', '\\\\server\\share', 'file:///home/me'])(
    'must not contain the path %s',
    (path) => {
      const text = JSON.stringify({ ...bom, path });
      expect(findBomProblems(text, LICENSES)).toEqual([
        `The bill of materials contains a local path: ${JSON.stringify(path)}.`,
      ]);
    },
  );
});

describe('without development dependencies', () => {
  test('package.json keeps its dependencies and overrides', () => {
    const rest = { name: 'x', dependencies: { a: '1' }, overrides: { c: '1' } };
    const manifest = { ...rest, devDependencies: { b: '1' } };
    expect(JSON.parse(withoutDevelopment(JSON.stringify(manifest)))).toEqual(rest);
  });

  test('package-lock.json keeps what the bundle needs, also if a tool needs it as well', () => {
    const lock = {
      lockfileVersion: 3,
      packages: {
        '': { name: 'x', dependencies: { a: '1' }, devDependencies: { b: '1' } },
        'node_modules/a': { version: '1.0.0' },
        'node_modules/b': { version: '1.0.0', dev: true },
        'node_modules/c': { version: '1.0.0', devOptional: true },
      },
    };
    expect(JSON.parse(withoutDevelopment(JSON.stringify(lock)))).toEqual({
      lockfileVersion: 3,
      packages: { '': { name: 'x', dependencies: { a: '1' } }, 'node_modules/a': { version: '1.0.0' } },
    });
  });
});
