// Replaces @octokit/plugin-rest-endpoint-methods. See README.md.
// @actions/github adds a method for every request of GitHub's API. The action calls `octokit.request` instead.
export function restEndpointMethods() {
  return {};
}
