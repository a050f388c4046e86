// Replaces data-uri-to-buffer. See README.md.
export default function fail() {
  throw new Error('data-uri-to-buffer is not in the bundle. See scripts/bundle/README.md.');
}
