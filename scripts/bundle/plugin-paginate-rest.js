// Replaces @octokit/plugin-paginate-rest. See README.md.
export function paginateRest() {
  return {};
}
