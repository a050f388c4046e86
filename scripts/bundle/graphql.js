// Replaces @octokit/graphql. See README.md.
function fail() {
  throw new Error('@octokit/graphql is not in the bundle. See scripts/bundle/README.md.');
}

/** What octokit calls when it is created. */
export function withCustomRequest() {
  return { defaults: () => fail };
}
