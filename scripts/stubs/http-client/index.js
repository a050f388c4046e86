// Stands in for @actions/http-client, so that its 1 MB of undici is neither downloaded nor loaded.
// @actions/core needs the real one only for OIDC tokens, which this action never asks for.
// @actions/github builds a client when it is loaded, to find a proxy for its default `fetch`;
// this action always hands it a `fetch` of its own (src/github/client.ts).
// A new version that needs more fails loudly: a missing export ends the build, and what is called throws.

export class HttpClient {
  getAgent() {
    return undefined;
  }
  getAgentDispatcher() {
    return undefined;
  }
  getJson() {
    throw new Error('@actions/http-client is left out of this action; see scripts/stubs/http-client.');
  }
}
