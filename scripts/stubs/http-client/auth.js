// See ../README.md.
export class BearerCredentialHandler {
  constructor() {
    throw new Error('@actions/http-client is left out of this action; see scripts/stubs.');
  }
}
