import type { Env } from './env.ts';

/** Where to read more: a link if the runner says which repository the action comes from, otherwise the path in it. */
export function docsLink({ GITHUB_ACTION_REPOSITORY: repository }: Env, path: string): string {
  // On Enterprise Server, too: actions come from github.com, or are copied under the same name.
  return repository ? `https://github.com/${repository}/blob/HEAD/${path}` : path;
}

/** Whether the text is a link to a page of this action, as `docsLink` makes it. */
export function isDocsLink(env: Env, text: string): boolean {
  const folder = docsLink(env, '');
  const isPage = /^[\w-]+(?:\/[\w-]+)?\.(?:md|yml)(?:#[\w-]+)?$/;
  return folder !== '' && text.startsWith(folder) && isPage.test(text.slice(folder.length));
}
