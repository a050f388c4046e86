/**
 * A jest transform for packages that are written for bundlers: they import JSON without the import attribute that Node
 * requires (`with { type: 'json' }`). Jest warns about that, and its next major version will refuse it.
 */
export default {
  process(code: string): { code: string } {
    return { code: code.replace(/^(import .* from (["']).*\.json\2);?$/gm, "$1 with { type: 'json' };") };
  },
};
