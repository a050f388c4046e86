/** Where the address of a server comes from. */
export type AddressSource =
  | { readonly kind: 'input'; readonly name: string }
  /** An environment variable. */
  | { readonly kind: 'variable'; readonly name: string }
  /** What is the default, such as `site`. */
  | { readonly kind: 'default'; readonly name: string };

/** The source for a message: `from the input api_url`, `from DD_SITE` or `the default site`. */
export function describeSource({ kind, name }: AddressSource): string {
  if (kind === 'default') return `the default ${name}`;
  return kind === 'input' ? `from the input ${name}` : `from ${name}`;
}

/** Whether a host name, as `URL.hostname` spells it, is this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
