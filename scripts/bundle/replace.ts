// Rewrites code of others. What isn't there any more was changed by an update, which must not go unnoticed.

/** Replaces a text that occurs exactly once. Throws if it doesn't. */
export function replaceOnce(code: string, text: string, replacement: string): string {
  const count = code.split(text).length - 1;
  if (count !== 1) throw new Error(`scripts/bundle expects this once, but it occurs ${count} times: ${text}`);
  return code.replace(text, () => replacement);
}

/** Replaces everything that matches a global pattern. Throws if nothing does. */
export function replaceAll(code: string, pattern: RegExp, replacement: string): string {
  const replaced = code.replace(pattern, replacement);
  if (replaced === code) throw new Error(`scripts/bundle expects this, but it doesn't occur: ${pattern}`);
  return replaced;
}
