// Replaces fetch-blob. See README.md.
function fail() {
  throw new Error('fetch-blob is not in the bundle. See scripts/bundle/README.md.');
}

export {
  fail as Blob,
  fail as default,
  fail as File,
  fail as blobFrom,
  fail as blobFromSync,
  fail as fileFrom,
  fail as fileFromSync,
};
