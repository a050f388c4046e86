import { isLoopback } from '../base/address.ts';

/** The URLs of a site's API and web pages, without a trailing slash. */
export interface SiteUrls {
  readonly apiUrl: string;
  readonly webUrl: string;
}

/** Datadog's sites. Source: https://github.com/DataDog/datadog-api-client-typescript */
export const KNOWN_SITES: readonly string[] = [
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

// New sites are named like this (two letters and a digit). Anything else may be an organization's own web
// subdomain (acme.datadoghq.com) or a stranger's host, and keys must not be sent there.
const SITE_PATTERN = /^(?:[a-z]{2}\d\.)?(?:datadoghq\.com|ddog-gov\.com)$|^datadoghq\.eu$/;

/**
 * Parses a site as people write it: its name, or a URL pasted from the browser.
 * Returns `undefined` for every host that isn't a Datadog API site.
 */
export function parseSite(text: string): SiteUrls | undefined {
  const url = URL.parse(/^https?:\/\//i.test(text) ? text : `https://${text}`);
  if (!url || url.port || url.username || url.password) return undefined;
  const site = url.hostname.replace(/^(?:app|api)\./, '');
  if (!SITE_PATTERN.test(site)) return undefined;
  // Web pages of two-label sites are under "app."; others use the site itself (https://docs.datadoghq.com/getting_started/site/).
  const hasTwoLabels = site.split('.').length === 2;
  return { apiUrl: `https://api.${site}`, webUrl: `https://${hasTwoLabels ? `app.${site}` : site}` };
}

/**
 * Parses an API URL that replaces the site's: `https`, or `http` for this machine only, since keys are sent to it.
 * Returns it without a trailing slash and `/api/v2`, which every request adds, or `undefined` if it isn't acceptable.
 */
export function parseApiUrl(text: string): string | undefined {
  const url = URL.parse(text);
  if (!url || url.username || url.password || url.search || url.hash) return undefined;
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
  return isSafe ? url.href.replace(/(?:\/api\/v2)?\/*$/, '') : undefined;
}
