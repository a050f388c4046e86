// Makes the chunks that ncc writes faster to load. See README.md.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type JsMinifyOptions, minifySync } from '@swc/core';

/** Built-in modules that are loaded when they are first used, rather than at the start. */
const LAZY_BUILTINS: readonly string[] = ['node:zlib'];
/** What ncc calls `createRequire` of `node:module`. */
const CREATE_REQUIRE = '__WEBPACK_EXTERNAL_createRequire';
/** Marks a function that is called at once, until the code is minified. */
const EAGER = '__EAGER__';
const OPTIONS: JsMinifyOptions = {
  module: true,
  compress: { passes: 3, ecma: 2022, toplevel: true, keep_classnames: true, keep_fnames: true },
  // The names of classes and functions are in errors and their stacks.
  mangle: { toplevel: true, keep_classnames: true, keep_fnames: true },
  // V8 reads ASCII as one byte per character; a single other character doubles the size of the whole file.
  format: { comments: false, asciiOnly: true, ecma: 2022 },
};

/** Rewrites and minifies all chunks in a folder. */
export function minifyChunks(folder: string): void {
  const chunks = readdirSync(folder).filter((name) => name.endsWith('.js'));
  const codes = chunks.map((name) => readFileSync(join(folder, name), 'utf8'));
  for (const name of LAZY_BUILTINS)
    if (!codes.some((code) => code.includes(requireBuiltin(name))))
      throw new Error(`Remove from scripts/bundle/minify.ts, nothing imports it: ${name}`);
  for (const [index, name] of chunks.entries()) {
    const { code } = minifySync(rewriteImports(markModules(codes[index] ?? '')), OPTIONS);
    writeFileSync(join(folder, name), code.replaceAll(EAGER, ''));
  }
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
    rewritten = rewritten.replace(requireBuiltin(name), lazy);
  }
  rewritten = rewritten.replace(
    new RegExp(`${CREATE_REQUIRE}\\(import\\.meta\\.url\\)\\((?=")`, 'g'),
    'process.getBuiltinModule(',
  );
  const isUnused = rewritten.lastIndexOf(CREATE_REQUIRE) === rewritten.indexOf(CREATE_REQUIRE);
  return isUnused ? rewritten.replace(/^import .* from "module";$/m, '') : rewritten;
}

/**
 * Keeps the parentheses around the functions that hold modules. They make V8 compile a module when it reads the file;
 * without them, V8 first skips over the module and then reads it a second time.
 */
function markModules(code: string): string {
  return code.replace(/^(\/\*{3}\/ \d+:\n\/\*{3}\/ )\(\(/gm, `$1${EAGER}((`);
}
