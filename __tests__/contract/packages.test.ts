import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { satisfies } from 'semver';

/** Packages that no module imports: they are run, read as a file, or used by another tool. */
const TOOLS = [
  '@biomejs/biome',
  '@swc/core',
  '@types/node',
  '@types/semver',
  '@vercel/ncc',
  'github-markdown-css',
  'jest',
  'node',
  'typescript',
];

interface Manifest {
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
  readonly overrides?: Record<string, unknown>;
}
interface Lock {
  readonly packages: Record<string, { engines?: { node?: string } }>;
}

async function readJson<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(file, 'utf8')) as T;
}

/** The packages that the modules in a folder import; of `import type`, those that hold only types. */
async function importsIn(folder: string, types?: 'without types'): Promise<string[]> {
  const files = (await readdir(folder, { recursive: true })).filter(
    (name) => /\.(?:ts|js|cjs)$/.test(name) && !/node_modules|^client/.test(name),
  );
  const codes = await Promise.all(files.map((name) => readFile(`${folder}/${name}`, 'utf8')));
  const paths = codes.flatMap((code) =>
    [...code.matchAll(/^(?:import|export|\}) (?:.* )?from '([^']+)';$|\bimport\('([^']+)'\)/gm)].map(
      ([statement, path, lazy]) => {
        const name = path ?? lazy ?? '';
        if (name !== 'sarif' || !statement.startsWith('import type')) return name;
        return types ? 'node:types' : '@types/sarif';
      },
    ),
  );
  return paths
    .filter((path) => !/^(?:\.|node:)/.test(path))
    .map((path) => path.split('/', path.startsWith('@') ? 2 : 1).join('/'));
}

describe('package.json', () => {
  test('declares the packages that are used, and no others', async () => {
    const { dependencies, devDependencies } = await readJson<Manifest>('package.json');
    const used = (
      await Promise.all(['src', '__tests__', 'scripts', 'bench'].map((folder) => importsIn(folder)))
    ).flat();
    expect(Object.keys({ ...dependencies, ...devDependencies }).sort()).toEqual(
      [...new Set([...used, ...TOOLS])].sort(),
    );
  });

  test('declares the packages that the action itself uses as dependencies', async () => {
    const { dependencies } = await readJson<Manifest>('package.json');
    expect(Object.keys(dependencies)).toEqual([...new Set(await importsIn('src', 'without types'))].sort());
  });

  test('installs every package from the registry, none in place of another', async () => {
    const { dependencies, devDependencies, overrides } = await readJson<Manifest>('package.json');
    const versions = Object.values({ ...dependencies, ...devDependencies, ...overrides });
    for (const version of versions) expect(version).toMatch(/^\^?\d+\.\d+\.\d+$/);
  });

  // Otherwise npm prints EBADENGINE. `overrides` pins @octokit/request for this: since 10.0.15 it depends on content-type 3,
  // which requires Node 22.
  for (const file of ['package-lock.json', 'bench/client/package-lock.json'])
    test(`${file} has only packages that support Node 20 and Node 24`, async () => {
      const { packages } = await readJson<Lock>(file);
      const wrong = Object.entries(packages).filter(
        ([, { engines }]) => !['20.19.0', '24.0.0'].every((node) => satisfies(node, engines?.node ?? '*')),
      );
      expect(wrong).toEqual([]);
    });
});

describe('the replacements in the bundle', () => {
  const replaced = { 'fetch-blob': 7, 'formdata-polyfill': 2, undici: 1 };
  for (const [name, count] of Object.entries(replaced))
    test(`${name} throws when it is used`, async () => {
      const exported = Object.values((await import(`../../scripts/bundle/${name}.js`)) as object);
      expect(exported).toHaveLength(count);
      for (const call of exported) {
        expect(() => call()).toThrow(`${name} is not in the bundle. See scripts/bundle/README.md.`);
        expect(() => new call()).toThrow(`${name} is not in the bundle.`);
      }
    });

  test('are only in the bundle: the installed @actions/core gets an ID token', async () => {
    const server = createServer((_, response) => response.end('{"value":"the token"}')).listen(
      0,
      '127.0.0.1',
    );
    await once(server, 'listening');
    const code = "import('@actions/core').then((core) => core.getIDToken()).then(console.log)";
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', code], {
      env: {
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'x',
        ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/?`,
      },
    }).finally(() => server.close());
    expect(stdout).toMatch(/^::add-mask::the token\nthe token\n$/m);
  });
});
