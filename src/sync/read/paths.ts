/** How a container action sees the workspace. Source: https://docs.github.com/actions/sharing-automations/creating-actions/dockerfile-support-for-github-actions */
export const CONTAINER_WORKSPACE = '/github/workspace';

/**
 * A path or URI from a report as it is in every run: percent-decoded, with forward slashes, relative to the workspace if
 * it is inside, in Unicode's composed form.
 */
export function normalizePath(uri: string, workspace: string): string {
  const isFile = /^file:/i.test(uri);
  const decoded = isFile || /%[0-9a-f]{2}/i.test(uri) ? decode(uri) : uri;
  const path = decoded
    .replace(/^file:(?:\/\/(?:localhost(?=\/))?)?/i, '')
    .replaceAll('\\', '/')
    .replace(/^\/+(?=[a-z]:\/)/i, '')
    .normalize('NFC');
  const relative = [workspace, CONTAINER_WORKSPACE].reduce(dropFolder, path.replace(/^\/{2,}/, '/'));
  return collapse(relative);
}

/** Whether a normalized path is certainly in the workspace. */
export function isInWorkspace(path: string): boolean {
  return path !== '' && !/^(?:\/|[a-z]:\/|[a-z][a-z0-9+.-]*:|\.\.(?:\/|$))/i.test(path);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Letter case doesn't matter on Windows, where paths begin with a drive. */
function dropFolder(path: string, folder: string): string {
  const prefix = `${folder.replaceAll('\\', '/').replace(/\/+$/, '').normalize('NFC')}/`;
  if (prefix === '/') return path;
  const isWindows = /^[a-z]:\//i.test(prefix);
  const isInside = isWindows ? path.toLowerCase().startsWith(prefix.toLowerCase()) : path.startsWith(prefix);
  return isInside ? path.slice(prefix.length) : path;
}

/** Without `.` and `..` in the middle, and without empty parts. */
function collapse(path: string): string {
  if (/^[a-z][a-z0-9+.-]+:/i.test(path)) return path; // A URL, such as https: or pkg:.
  const kept: string[] = [];
  for (const [index, segment] of path.split('/').entries()) {
    if (segment === '.' || (segment === '' && index > 0)) continue;
    if (segment === '..' && kept.length && !['', '..'].includes(kept.at(-1) ?? '')) kept.pop();
    else kept.push(segment);
  }
  return kept.join('/');
}
