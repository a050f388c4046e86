// See ../README.md.
export function fetch() {
  throw new Error('undici is left out of this action; see scripts/stubs.');
}
