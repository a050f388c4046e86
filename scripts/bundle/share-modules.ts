// Lets ncc join the modules of a step to one scope. See README.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** `import { a, b as c } from './x.js';`, as tsc writes it: on a line of its own. */
const IMPORT = /^import \{(?<names>[^}]*)\} from '(?<path>\.[^']+)';$/gm;
/** Any other static import of a module of our own. */
const OTHER_IMPORT =
  /^(?:import|export) (?!\{[^}]*\} from )[^;=]*from '\.|^export \{[^}]*\} from |^import '\./m;
/** `import('./x.js')`, with a comment inside. */
const DYNAMIC_IMPORT = /\bimport\((?:\s|\/\*[\s\S]*?\*\/)*'(?<path>\.[^']+)'\)/g;

/**
 * ncc joins modules that are loaded together, except those that another chunk imports. So modules of other chunks import
 * them from `root`, which they are joined to, under names of their own. Throws if there is nothing to rewrite.
 */
export function shareModules(entry: string, root: string): void {
  const joined = listImported([root]);
  const exports = new Set<string>();
  for (const file of listAll(entry)) if (!joined.has(file)) importFromRoot(file, { root, joined, exports });
  if (!exports.size) throw new Error(`scripts/bundle expects that other chunks import modules of ${root}.`);
  writeFileSync(root, `${[readFileSync(root, 'utf8'), ...exports].join('\n')}\n`);
}

interface Sharing {
  readonly root: string;
  /** The modules that are joined to the root. */
  readonly joined: ReadonlySet<string>;
  /** Statements that the root needs. */
  readonly exports: Set<string>;
}

/** Makes a module import from the root what is joined to it. */
function importFromRoot(file: string, { root, joined, exports }: Sharing): void {
  const code = readFileSync(file, 'utf8').replace(IMPORT, (line, names: string, path: string) => {
    const source = join(dirname(file), path);
    if (source === root || !joined.has(source)) return line;
    const imports = splitNames(names).map(([name, local]) => {
      const shared = `${source.replace(/\W/g, '_')}__${name}`;
      exports.add(`export { ${name} as ${shared} } from '${toPath(root, source)}';`);
      return `${shared} as ${local}`;
    });
    return `import { ${imports.join(', ')} } from '${toPath(file, root)}';`;
  });
  writeFileSync(file, code);
}

/** The names in `a, b as c`: in the module that is imported, and in the one that imports it. */
function splitNames(names: string): [name: string, local: string][] {
  const entries = names.split(',').map((text) => text.trim());
  return entries
    .filter((entry) => entry)
    .map((entry) => {
      const [name = '', local = name] = entry.split(' as ');
      return [name, local];
    });
}

function toPath(from: string, to: string): string {
  return `./${relative(dirname(from), to).replaceAll('\\', '/')}`;
}

/** Every module of the program, also those that are loaded later. */
function listAll(entry: string): ReadonlySet<string> {
  const all = listImported([entry]);
  for (const file of all) for (const later of listImported(readPaths(file, DYNAMIC_IMPORT))) all.add(later);
  return all;
}

/** These modules, and those that they import statically, themselves or through others. */
function listImported(files: readonly string[]): Set<string> {
  const found = new Set(files);
  for (const file of found) for (const path of readPaths(file, IMPORT)) found.add(path);
  return found;
}

function readPaths(file: string, pattern: RegExp): string[] {
  const code = readFileSync(file, 'utf8');
  if (OTHER_IMPORT.test(code)) throw new Error(`${file} imports in a way that scripts/bundle can't rewrite.`);
  return [...code.matchAll(pattern)].map(({ groups }) => join(dirname(file), groups?.path ?? ''));
}
