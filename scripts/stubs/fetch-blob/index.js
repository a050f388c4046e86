// See ../README.md.
function leftOut() {
  throw new Error('fetch-blob is left out of this action; see scripts/stubs.');
}

export class Blob {
  constructor() {
    leftOut();
  }
}

export {
  Blob as default,
  Blob as File,
  leftOut as blobFrom,
  leftOut as blobFromSync,
  leftOut as fileFrom,
  leftOut as fileFromSync,
};
