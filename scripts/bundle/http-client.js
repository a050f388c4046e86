// Replaces @actions/http-client. See README.md.
// @actions/github creates a client as soon as it is loaded, to look up the proxy for its default `fetch`.
// So these two must not throw. The action passes its own `fetch`, which has its own proxy settings.
export class HttpClient {
  getAgent() {
    return undefined;
  }
  getAgentDispatcher() {
    return undefined;
  }
}
