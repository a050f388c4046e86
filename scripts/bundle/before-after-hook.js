// Replaces before-after-hook: octokit only wraps its requests, to sign in. See README.md.
function Collection() {
  const wrappers = [];
  const hook = (_name, method, options) =>
    wrappers.reduce((next, wrapper) => (given) => wrapper(next, given), method)(options);
  return Object.assign(hook, { wrap: (_name, wrapper) => void wrappers.push(wrapper) });
}

export default { Collection };
