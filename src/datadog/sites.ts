/** Where a site's API and its pages are, without a trailing slash. */
export interface Addresses {
  readonly api: string;
  readonly web: string;
}

/** The sites that are known by name. Source: the vendor's published client. */
export const KNOWN: readonly string[] = [
  'datadoghq.com',
  'us3.datadoghq.com',
  'us5.datadoghq.com',
  'ap1.datadoghq.com',
  'ap2.datadoghq.com',
  'uk1.datadoghq.com',
  'datadoghq.eu',
  'ddog-gov.com',
  'us2.ddog-gov.com',
];

// New sites appear under these two domains as two letters and a digit; anything else may be an
// organisation's own web address (acme.datadoghq.com), or somebody else's host: keys do not go there.
const FORM = /^(?:[a-z]{2}\d\.)?(?:datadoghq\.com|ddog-gov\.com)$|^datadoghq\.eu$/;

/**
 * Reads a site as people write it: its name, or an address pasted from the browser.
 * Gives `undefined` for every host that is no API site of Datadog.
 */
export function parse(given: string): Addresses | undefined {
  const address = URL.parse(/^https?:\/\//i.test(given) ? given : `https://${given}`);
  if (!address || address.port || address.username || address.password) return undefined;
  const site = address.hostname.replace(/^(?:app|api)\./, '');
  if (!FORM.test(site)) return undefined;
  // Two labels: the pages are under app.; three: the site is the web host itself. Source: vendor's documentation.
  return {
    api: `https://api.${site}`,
    web: `https://${site.split('.').length === 2 ? `app.${site}` : site}`,
  };
}

/**
 * Reads another API address than a site's: `https` anywhere, `http` on this machine only, since keys travel with it.
 * Gives it without a trailing slash, or `undefined` if it will not do.
 */
export function parseApiUrl(given: string): string | undefined {
  const address = URL.parse(given);
  if (!address || address.username || address.password || address.search || address.hash) return undefined;
  const safe =
    address.protocol === 'https:' || (address.protocol === 'http:' && isLoopback(address.hostname));
  return safe ? address.href.replace(/\/+$/, '') : undefined;
}

/** Whether a host name, as `URL` writes it, means this very machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
