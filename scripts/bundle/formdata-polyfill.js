// Replaces formdata-polyfill. See README.md.
function fail() {
  throw new Error('formdata-polyfill is not in the bundle. See scripts/bundle/README.md.');
}

export { fail as FormData, fail as formDataToBlob };
