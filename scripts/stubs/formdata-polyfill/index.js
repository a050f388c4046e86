// See ../README.md. Bodies are tested for being a FormData; none ever is.
function leftOut() {
  throw new Error('formdata-polyfill is left out of this action; see scripts/stubs.');
}

export class FormData {
  constructor() {
    leftOut();
  }
}

export { leftOut as formDataToBlob };
