// Runs the tests with mocha instead of jest: mocha loads each file once for thousands of mutants, jest once for each
// mutant. This file replaces mocha's `bdd` interface, and is what the tests get when they import `@jest/globals`.

import { registerHooks } from 'node:module';
import { relative } from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';

export { expect } from 'expect';

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@jest/globals' ? { url: import.meta.url, shortCircuit: true } : next(specifier, context),
});

/** The suite that what is being loaded belongs to: one per file, and one per `describe` in it. */
let suite;

Mocha.interfaces.bdd = (root) => {
  root.on('pre-require', (_context, file) => {
    // Without a suite of its own, a file's beforeEach would run for the tests of all files.
    suite = Mocha.Suite.create(root, relative(process.cwd(), file));
  });
};

export const beforeAll = (fn) => suite.beforeAll(fn);
export const afterAll = (fn) => suite.afterAll(fn);
export const beforeEach = (fn) => suite.beforeEach(fn);
export const afterEach = (fn) => suite.afterEach(fn);

export function describe(title, fn) {
  const parent = suite;
  suite = Mocha.Suite.create(parent, title);
  fn();
  suite = parent;
}

export function test(title, fn) {
  suite.addTest(new Mocha.Test(title, fn));
}
test.skip = () => {};

for (const define of [describe, test]) {
  define.each = (table) => (title, fn) => {
    for (const row of table) {
      const values = Array.isArray(row) ? row : [row];
      const placeholders = title.match(/%[a-z]/g)?.length ?? 0;
      define(format(title, ...values.slice(0, placeholders)), () => fn(...values));
    }
  };
}
