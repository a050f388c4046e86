// Replaces undici. See README.md.
function fail() {
  throw new Error('undici is not in the bundle. See scripts/bundle/README.md.');
}

export { fail as fetch };
