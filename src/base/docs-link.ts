import type { Env } from './env.ts';

/** Where to read more: a link if the runner says which repository the action comes from, otherwise the path in it. */
export function docsLink({ GITHUB_ACTION_REPOSITORY: repository }: Env, path: string): string {
  // On Enterprise Server, too: actions come from github.com, or are copied under the same name.
  return repository ? `https://github.com/${repository}/blob/HEAD/${path}` : path;
}
