// Makes the copies of packages that are bundled in place of the real ones. See README.md.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { replaceOnce } from './replace.ts';

/** The packages to copy, each with the packages that it imports but doesn't need here. */
const COPIES: Readonly<Record<string, readonly string[]>> = {
  '@actions/core': [],
  '@actions/github': [
    '@actions/http-client',
    '@octokit/plugin-paginate-rest',
    '@octokit/plugin-rest-endpoint-methods',
    'undici',
  ],
  '@octokit/core': ['before-after-hook'],
  '@octokit/graphql': [],
  '@octokit/request': ['json-with-bigint'],
  'jsonc-parser': [],
  'node-fetch': ['data-uri-to-buffer', 'fetch-blob', 'formdata-polyfill'],
};

/** Code in the copies that is left out, or replaced by something shorter. */
const CUTS = [
  {
    file: 'node-fetch/src/body.js',
    text: "await import('./utils/multipart-parser.js')",
    // What loads it, formData(), is never called.
    replacement: '{ toFormData: undefined }',
  },
  // All request bodies are text, and sent at once: no stream reads the bytes, and no pipeline sends them.
  { file: 'node-fetch/src/body.js', text: 'stream = Stream.Readable.from(body);', replacement: '' },
  { file: 'node-fetch/src/body.js', text: 'const pipeline = promisify(Stream.pipeline);', replacement: '' },
  { file: 'node-fetch/src/body.js', text: 'await pipeline(body, dest);', replacement: 'dest.end(body);' },
  {
    file: 'node-fetch/src/body.js',
    text: 'if (!(body instanceof Stream)) {\n\t\treturn Buffer.alloc(0);',
    replacement: 'if (!(body instanceof Stream)) {\n\t\treturn body;',
  },
  {
    file: 'node-fetch/src/index.js',
    text: 'let body = pump(response_, new PassThrough(),',
    // The response itself, rather than a stream behind it. Two need the stream: `deflate` reads the response twice, and
    // nobody reads the body of a redirect, which must end before its connection can be used again.
    replacement: `let body = !isRedirect(response_.statusCode) && !/deflate/.test(response_.headers['content-encoding'])
      ? response_
      : pump(response_, new PassThrough(),`,
  },
] as const;

/** The folders of the replacements in `lib`. Unlike other folders in the bundle, they hold our own code. */
export const REPLACEMENTS = Object.entries(COPIES).flatMap(([name, replaced]) =>
  replaced.map((other) => `node_modules/${name}/node_modules/${other}`),
);

/** Copies the packages to `lib/node_modules`, where the bundler looks first because it starts in `lib`. */
export function copyPackages(): void {
  for (const name of Object.keys(COPIES)) {
    const copy = join('lib', 'node_modules', name);
    cpSync(join('node_modules', name), copy, { recursive: true });
    prepareManifest(copy);
  }
  for (const { file, text, replacement } of CUTS) {
    const path = join('lib', 'node_modules', file);
    writeFileSync(path, replaceOnce(readFileSync(path, 'utf8'), text, replacement));
  }
  for (const folder of REPLACEMENTS) writeReplacement(join('lib', folder));
}

/**
 * Lets the bundler drop what isn't used: declares that loading the modules of a package only defines things, and prefers
 * its ES modules.
 */
function prepareManifest(copy: string): void {
  const file = join(copy, 'package.json');
  const about = JSON.parse(readFileSync(file, 'utf8')) as { main?: string; module?: string };
  writeFileSync(file, JSON.stringify({ ...about, main: about.module ?? about.main, sideEffects: false }));
}

/** Writes a package of one module, which is loaded for every path within the package. */
function writeReplacement(folder: string): void {
  // An npm install may have put the real package here.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(join('scripts', 'bundle', `${basename(folder)}.js`), join(folder, 'index.js'));
  const about = { type: 'module', sideEffects: false, exports: { '.': './index.js', './*': './index.js' } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(about));
}
