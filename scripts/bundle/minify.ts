// Makes the chunks that ncc writes faster to load. See README.md.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type JsMinifyOptions, minifySync } from '@swc/core';
import { replaceAll, replaceOnce } from './replace.ts';

/** Built-in modules that are loaded when they are first used, rather than at the start. */
const LAZY_BUILTINS: readonly string[] = ['node:zlib'];
/** What ncc calls `createRequire` of `node:module`. */
const CREATE_REQUIRE = '__WEBPACK_EXTERNAL_createRequire';
/** Where ncc's runtime keeps the folder of files that packages bring along. */
const ASSET_FOLDER = '__nccwpck_require__.ab';
/** Marks a function that is called at once, until the code is minified. */
const EAGER = '__EAGER__';
const OPTIONS: JsMinifyOptions = {
  module: true,
  compress: { passes: 3, ecma: 2022, toplevel: true, keep_classnames: true },
  // Errors name their classes.
  mangle: { toplevel: true, keep_classnames: true },
  // V8 reads ASCII as one byte per character; a single other character doubles the size of the whole file.
  format: { comments: false, asciiOnly: true, ecma: 2022 },
};

/** Rewrites and minifies all chunks in a folder. Throws if there is nothing for a step to rewrite. */
export function minifyChunks(folder: string): void {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.js'))) {
    const file = join(folder, name);
    const code = markModules(readFileSync(file, 'utf8'));
    const rewritten = name === 'index.js' ? dropAssetFolder(rewriteImports(code)) : code;
    if (rewritten.includes(CREATE_REQUIRE)) throw new Error(`${file} loads a module in a way of its own.`);
    // Twice, because renaming and joining leave more to shorten than the passes of one call find.
    const { code: minified } = minifySync(minifySync(rewritten, OPTIONS).code, OPTIONS);
    if (countMarks(minified) !== countMarks(code)) throw new Error(`${file} has lost marked modules.`);
    writeFileSync(file, minified.replaceAll(EAGER, ''));
  }
}

function countMarks(code: string): number {
  return code.split(EAGER).length - 1;
}

/** How ncc loads a built-in module. */
function requireBuiltin(name: string): string {
  return `${CREATE_REQUIRE}(import.meta.url)("${name}")`;
}

/** Loads built-in modules without creating a `require` for each, and some only when they are used. */
function rewriteImports(code: string): string {
  let rewritten = code;
  for (const name of LAZY_BUILTINS) {
    const lazy = `new Proxy({}, { get: (_, key) => process.getBuiltinModule("${name}")[key] })`;
    rewritten = replaceOnce(rewritten, requireBuiltin(name), lazy);
  }
  rewritten = replaceOnce(rewritten, `import { createRequire as ${CREATE_REQUIRE} } from "module";\n`, '');
  return replaceAll(
    rewritten,
    /__WEBPACK_EXTERNAL_createRequire\(import\.meta\.url\)\((?=")/g,
    'process.getBuiltinModule(',
  );
}

/** Leaves out the folder of assets, as there are none: for its path alone, Node would create `import.meta` and a URL. */
function dropAssetFolder(code: string): string {
  if (code.split(ASSET_FOLDER).length !== 2)
    throw new Error(`scripts/bundle expects that nothing but ncc's runtime uses ${ASSET_FOLDER}.`);
  return replaceAll(code, /^.*__nccwpck_require__\.ab = .*$/gm, '');
}

/**
 * Keeps the parentheses around the functions that hold modules. They make V8 compile a module when it reads the file;
 * without them, V8 first skips over the module and then reads it a second time.
 */
function markModules(code: string): string {
  return replaceAll(code, /^(\/\*{3}\/ \d+:\n\/\*{3}\/ )\(\(/gm, `$1${EAGER}((`);
}
