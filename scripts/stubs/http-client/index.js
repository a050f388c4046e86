// See ../README.md. @actions/github builds a client when it is loaded, to find a proxy for its default `fetch`;
// this action always hands it a `fetch` of its own (src/github/comment.ts).
export class HttpClient {
  getAgent() {
    return undefined;
  }
  getAgentDispatcher() {
    return undefined;
  }
}
