import type { Env } from '../base/env.ts';
import type { InputIssue } from '../base/errors.ts';
import { didYouMean, suggest } from '../base/suggest.ts';
import { KNOWN_SITES, parseApiUrl, parseSite, type SiteUrls } from '../datadog/sites.ts';
import type { RawInputs } from './raw-inputs.ts';

const SITE_VARIABLES = ['DD_SITE', 'DATADOG_SITE'];
const DEFAULT_SITE = 'datadoghq.com';
/** What Datadog calls the sites whose names don't say it (https://docs.datadoghq.com/getting_started/site/). */
const SITE_ALIASES: ReadonlyMap<string, string> = new Map([
  ['us', 'datadoghq.com'],
  ['us1', 'datadoghq.com'],
  ['eu1', 'datadoghq.eu'],
  ['us1-fed', 'ddog-gov.com'],
]);

// The messages quote `site` and `api_url` in full: both may contain a secret and are redacted only in the log,
// which could not recognise half a secret.

/** Finds Datadog's URLs from `site`, or else the environment, and `api_url`. Invalid ones are empty. */
export function parseSiteUrls(raw: RawInputs, env: Env): { value: SiteUrls; issues: readonly InputIssue[] } {
  const variable = raw.site ? undefined : SITE_VARIABLES.find((name) => env[name]?.trim());
  const text = raw.site || (variable && env[variable]?.trim()) || DEFAULT_SITE;
  const site = parseSite(text);
  const issues: InputIssue[] = [];
  if (!site) {
    const source = variable ? ` (from ${variable})` : '';
    const hint = didYouMean(SITE_ALIASES.get(text.toLowerCase()) ?? suggest(text, KNOWN_SITES));
    const problem = `${JSON.stringify(text)}${source} is not a Datadog site.${hint}`;
    issues.push({ input: 'site', text: `${problem} Use one of: ${KNOWN_SITES.join(', ')}.` });
  }
  const apiUrl = raw.api_url ? parseApiUrl(raw.api_url) : site?.apiUrl;
  if (raw.api_url && !apiUrl) issues.push({ input: 'api_url', text: describeInvalidApiUrl(raw.api_url) });
  return { value: { apiUrl: apiUrl ?? '', webUrl: site?.webUrl ?? '' }, issues };
}

function describeInvalidApiUrl(text: string): string {
  // It may contain a password or a token.
  const redactedUrl = JSON.stringify(text.replace(/\/\/.*@/, '//…@').replace(/[?#].*/, '…'));
  return `${redactedUrl} is not valid. Use an https URL without credentials or query string (http only for localhost).`;
}
