import { type AddressSource, describeSource } from '../base/address.ts';
import type { Env } from '../base/env.ts';
import type { InputIssue } from '../base/errors.ts';
import { didYouMean, suggest } from '../base/suggest.ts';
import { quoteShort } from '../base/truncate.ts';
import { KNOWN_SITES, parseApiUrl, parseSite, type SiteUrls } from '../datadog/sites.ts';
import type { RawInputs } from './raw-inputs.ts';
import { SITE_VARIABLES } from './variables.ts';

/** Datadog's URLs, and where they come from. */
export interface SiteLocation extends SiteUrls {
  readonly source: AddressSource;
}

const DEFAULT_SITE = 'datadoghq.com';
/** Datadog's keys have 32 characters or more: a shorter text isn't one that was given by mistake. */
const MIN_SECRET_CHARS = 30;
/** Datadog's names for sites that don't appear in their domain (https://docs.datadoghq.com/getting_started/site/). */
const SITE_ALIASES: ReadonlyMap<string, string> = new Map([
  ['us', 'datadoghq.com'],
  ['us1', 'datadoghq.com'],
  ['eu1', 'datadoghq.eu'],
  ['us1-fed', 'ddog-gov.com'],
  ['us.datadoghq.com', 'datadoghq.com'],
  ['us1.datadoghq.com', 'datadoghq.com'],
  ['eu.datadoghq.com', 'datadoghq.eu'],
  ['eu1.datadoghq.com', 'datadoghq.eu'],
]);
/** A scheme, host and port. The parts of a host are limited to 30 characters, because a key may be given by mistake. */
const ORIGIN = /^(?:https?:\/\/)?(?:[a-z0-9-]{1,30}\.)*[a-z0-9-]{1,30}(?::\d{1,5})?(?=[/?#]|$)/i;

/** Finds Datadog's URLs from `site`, or else the environment, and `api_url`. Invalid ones are empty. */
export function parseSiteUrls(
  raw: RawInputs,
  env: Env,
): { value: SiteLocation; issues: readonly InputIssue[] } {
  const { text, source } = findSite(raw, env);
  const alias = SITE_ALIASES.get(text.toLowerCase());
  const site = alias ? undefined : parseSite(text);
  const apiUrl = raw.api_url ? parseApiUrl(raw.api_url) : site?.apiUrl;
  const issues: InputIssue[] = [];
  if (!site) {
    const origin = raw.site ? '' : ` (${describeSource(source)})`;
    const problem =
      !alias && isOwnSubdomain(text)
        ? "is not a Datadog site (it looks like an organization's own address)."
        : `is not a Datadog site.${didYouMean(alias ?? suggest(text, KNOWN_SITES))}`;
    issues.push({
      input: 'site',
      text: `${quoteOrigin(text)}${origin} ${problem} Use one of: ${KNOWN_SITES.join(', ')}.`,
    });
  }
  if (!apiUrl && raw.api_url) {
    const rule = 'must be an https URL without credentials or query string (http only for localhost).';
    issues.push({ input: 'api_url', text: `${quoteOrigin(raw.api_url)} ${rule}` });
  }
  return {
    value: {
      apiUrl: apiUrl ?? '',
      webUrl: site?.webUrl ?? '',
      source: raw.api_url ? { kind: 'input', name: 'api_url' } : source,
    },
    issues,
  };
}

/** Whether it is the address of an organization's own web pages, such as `acme.datadoghq.com`. */
function isOwnSubdomain(text: string): boolean {
  return /^(?:https?:\/\/)?[a-z0-9-]+\.(?:datadoghq\.(?:com|eu)|ddog-gov\.com)(?:\/|$)/i.test(text);
}

/** The values of `site` and `api_url` that contain more than a host and a path, such as a password. */
export function collectUrlSecrets(raw: RawInputs, env: Env): string[] {
  const texts = [raw.site, raw.api_url, ...SITE_VARIABLES.map((name) => env[name]?.trim() ?? '')];
  return texts.flatMap((text) => {
    const userInfo = /^(?:[a-z]+:\/\/)?(.*)@/is.exec(text)?.[1] ?? '';
    const password = userInfo.slice(userInfo.indexOf(':') + 1);
    const query = /[?#](.*)$/s.exec(text)?.[1] ?? '';
    const values = query.split(/[&#]/).map((pair) => pair.slice(pair.indexOf('=') + 1));
    return [userInfo, password, ...values].filter((value) => value !== '');
  });
}

function findSite(raw: RawInputs, env: Env): { text: string; source: AddressSource } {
  if (raw.site) return { text: raw.site, source: { kind: 'input', name: 'site' } };
  for (const name of SITE_VARIABLES) {
    const text = env[name]?.trim();
    if (text) return { text, source: { kind: 'variable', name } };
  }
  return { text: DEFAULT_SITE, source: { kind: 'default', name: 'site' } };
}

/** The text in quotes, with `…` for what may be a password or a token: all but the scheme, host and port. */
function quoteOrigin(text: string): string {
  if (text.length < MIN_SECRET_CHARS && !/[@?#]/.test(text)) return quoteShort(text);
  const host = text.slice(text.lastIndexOf('@') + 1);
  // Behind an @ in a query there can be anything.
  const isAmbiguous = host !== text && /[?#]/.test(text.slice(0, -host.length));
  const origin = (!isAmbiguous && ORIGIN.exec(host)?.[0]) || '';
  return `"${host === text ? '' : '…@'}${origin}${origin.length < host.length ? '…' : ''}"`;
}
