// Stands in for undici, which @actions/github imports for its default `fetch`.
// This action always hands it another one (src/github/client.ts), so this one is never called.
export function fetch() {
  throw new Error('undici is left out of this action; see scripts/stubs/http-client.');
}
