import { type AddressSource, describeSource } from '../base/address.ts';
import type { GivenEnv } from '../base/env.ts';
import type { InputIssue } from '../base/errors.ts';
import { didYouMean, suggest } from '../base/suggest.ts';
import { quoteShort } from '../base/truncate.ts';
import { Unredacted } from '../base/unredacted.ts';
import { KNOWN_SITES, parseApiUrl, parseSite, type SiteUrls } from '../datadog/sites.ts';
import type { GivenInputs, ParseContext, RawInputs } from './raw-inputs.ts';
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

/**
 * Finds Datadog's URLs from `site`, or else the environment, and `api_url`. Invalid ones are empty. Without `site`, the
 * web pages are those of the `api_url` if that is Datadog's own.
 */
export function parseSiteUrls(
  raw: Pick<RawInputs, 'site' | 'api_url'>,
  { givenEnv, redactor }: Pick<ParseContext, 'givenEnv' | 'redactor'>,
): { value: SiteLocation; issues: readonly InputIssue[] } {
  const { given, source } = findSite(raw, givenEnv);
  const alias = SITE_ALIASES.get(given.reveal().toLowerCase());
  const site = alias ? undefined : parseSite(given.reveal());
  const isApiUrlGiven = !raw.api_url.isEmpty;
  const apiUrl = isApiUrlGiven ? parseApiUrl(raw.api_url.reveal()) : site?.apiUrl;
  const siteOfApiUrl = raw.site.isEmpty && apiUrl ? parseSite(apiUrl) : undefined;
  const issues: InputIssue[] = [];
  if (!site) issues.push({ input: 'site', text: describeSite(redactor.redact(given), { source, alias }) });
  if (!apiUrl && isApiUrlGiven) {
    const rule = 'must be an https URL without credentials or query string (http only for localhost).';
    issues.push({ input: 'api_url', text: `${quoteOrigin(redactor.redact(raw.api_url))} ${rule}` });
  }
  return {
    value: {
      apiUrl: apiUrl ?? '',
      webUrl: (siteOfApiUrl ?? site)?.webUrl ?? '',
      source: isApiUrlGiven ? { kind: 'input', name: 'api_url' } : source,
    },
    issues,
  };
}

/** Says what is wrong with a site. */
function describeSite(
  text: string,
  { source, alias }: { readonly source: AddressSource; readonly alias: string | undefined },
): string {
  const origin = source.kind === 'input' ? '' : ` (${describeSource(source)})`;
  const problem =
    !alias && isOwnSubdomain(text)
      ? "is not a Datadog site (it looks like an organization's own address)."
      : `is not a Datadog site.${didYouMean(alias ?? suggest(text, KNOWN_SITES))}`;
  return `${quoteOrigin(text)}${origin} ${problem} Use one of: ${KNOWN_SITES.join(', ')}.`;
}

/** Whether it is the address of an organization's own web pages, such as `acme.datadoghq.com`. */
function isOwnSubdomain(text: string): boolean {
  return /^(?:https?:\/\/)?[a-z0-9-]+\.(?:datadoghq\.(?:com|eu)|ddog-gov\.com)(?:\/|$)/i.test(text);
}

/** The values of `site` and `api_url` that contain more than a host and a path, such as a password. */
export function collectUrlSecrets(given: GivenInputs, env: GivenEnv): Unredacted[] {
  const texts = [given.site, given.api_url, ...SITE_VARIABLES.flatMap((name) => env[name]?.trim() ?? [])];
  return texts.flatMap((url) => {
    const text = url.reveal();
    const userInfo = /^(?:[a-z]+:\/\/)?(.*)@/is.exec(text)?.[1] ?? '';
    const password = userInfo.slice(userInfo.indexOf(':') + 1);
    const query = /[?#](.*)$/s.exec(text)?.[1] ?? '';
    const values = query.split(/[&#]/).map((pair) => pair.slice(pair.indexOf('=') + 1));
    return [userInfo, password, ...values]
      .filter((value) => value !== '')
      .map((value) => new Unredacted(value));
  });
}

function findSite(raw: Pick<RawInputs, 'site'>, env: GivenEnv): { given: Unredacted; source: AddressSource } {
  if (!raw.site.isEmpty) return { given: raw.site, source: { kind: 'input', name: 'site' } };
  for (const name of SITE_VARIABLES) {
    const given = env[name]?.trim();
    if (given && !given.isEmpty) return { given, source: { kind: 'variable', name } };
  }
  return { given: new Unredacted(DEFAULT_SITE), source: { kind: 'default', name: 'site' } };
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
