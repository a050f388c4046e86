// Gives the chunks that ncc writes the names that the sources give them. See README.md.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceOnce } from './replace.ts';

/** What ncc's statistics say about chunks. */
export interface ChunkStats {
  readonly chunks: readonly {
    readonly id: number;
    readonly initial: boolean;
    readonly origins: readonly { readonly request: string }[];
  }[];
  /** By the name that an `import()` gives them. ncc splits packages off from the code that imports them. */
  readonly namedChunkGroups: Readonly<Record<string, { readonly chunks: readonly number[] }>>;
}

/** How a chunk begins and ends. */
const CHUNK =
  /^export const id = \d+;\nexport const ids = \[\d+\];\nexport const modules = (\{[\s\S]*\});?\s*$/;
/** How ncc's runtime derives the file of a chunk. */
const FILE_NAME = '"" + chunkId + ".index.js"';

/** Joins the chunks of each name to one file, with that name. Throws if an `import()` gives none. */
export function nameChunks(folder: string, stats: ChunkStats): void {
  const idsByName = new Map<string, number[]>();
  for (const { id, initial, origins } of stats.chunks) {
    if (initial) continue;
    const names = Object.entries(stats.namedChunkGroups).flatMap(([name, { chunks }]) =>
      chunks.includes(id) ? name : [],
    );
    if (!names.length)
      throw new Error(
        `Import ${origins.map(({ request }) => request).join(', ')} statically, or name its chunk (webpackChunkName).`,
      );
    const name = names.join('-'); // More than one use the same package.
    idsByName.set(name, [...(idsByName.get(name) ?? []), id]);
  }
  for (const [name, ids] of idsByName) joinChunks(folder, name, ids);
  const files = [...idsByName].flatMap(([name, ids]) => ids.map((id) => [id, `${name}.js`]));
  const runtime = join(folder, 'index.js');
  const code = readFileSync(runtime, 'utf8');
  writeFileSync(
    runtime,
    replaceOnce(code, FILE_NAME, `${JSON.stringify(Object.fromEntries(files))}[chunkId]`),
  );
}

function joinChunks(folder: string, name: string, ids: readonly number[]): void {
  const modules = ids.map((id) => {
    const file = join(folder, `${id}.index.js`);
    const [, text] = CHUNK.exec(readFileSync(file, 'utf8')) ?? [];
    if (!text)
      throw new Error(`scripts/bundle/name-chunks.ts can't read ${file}. Did ncc change its format?`);
    rmSync(file);
    return text;
  });
  const [first = '', ...others] = modules;
  const all = others.length ? `{ ${modules.map((text) => `...${text}`).join(', ')} }` : first;
  writeFileSync(
    join(folder, `${name}.js`),
    `export const ids = ${JSON.stringify(ids)};\nexport const modules = ${all};\n`,
  );
}
