import http from 'node:http';
import https from 'node:https';
import type { Env } from '../base/env.ts';
import { isLoopback } from '../base/loopback.ts';
import { type ProxyCredentials, splitProxyUrl } from '../base/proxy-url.ts';
import { ProxyError } from './errors.ts';
import { HttpProxyAgent, HttpsProxyAgent, type ProxyServer } from './proxy-agent.ts';

/**
 * Chooses the agent for a URL, according to HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY in upper or lower case.
 * Loopback bypasses the proxy, for which localhost is another host. The returned function throws a ProxyError if the
 * proxy's URL is invalid.
 */
export function createAgentFinder(env: Env): (url: URL) => http.Agent {
  const agents = new Map<string, http.Agent>();
  return (url) => {
    const isHttps = url.protocol === 'https:';
    const proxy = findProxy(url, env);
    if (!proxy) return isHttps ? https.globalAgent : http.globalAgent;
    const agent =
      agents.get(url.protocol) ?? (isHttps ? new HttpsProxyAgent(proxy) : new HttpProxyAgent(proxy));
    agents.set(url.protocol, agent);
    return agent;
  };
}

/** The proxy for a URL, or `undefined` if it is to be reached directly. Throws a ProxyError if its URL is invalid. */
export function findProxy(url: URL, env: Env): ProxyServer | undefined {
  if (isLoopback(url.hostname) || isBypassed(url, env)) return undefined;
  const names = [url.protocol === 'https:' ? 'https_proxy' : 'http_proxy', 'all_proxy'];
  const name = names
    .flatMap((lower) => [lower, lower.toUpperCase()])
    .find((candidate) => env[candidate]?.trim());
  return name ? parseProxy(env[name] ?? '', name) : undefined;
}

/**
 * Whether NO_PROXY excludes the URL: a list of hosts, each with all its subdomains, with or without a port, or `*`.
 * The same rules as https://github.com/actions/toolkit/blob/main/packages/http-client/src/proxy.ts, and `*.` at the
 * beginning of a host, which other programs accept.
 */
function isBypassed({ hostname, port, protocol }: URL, env: Env): boolean {
  const host = hostname.toLowerCase();
  const hosts = [host, `${host}:${port || (protocol === 'https:' ? 443 : 80)}`];
  const entries = (env.no_proxy || env.NO_PROXY || '').toLowerCase().split(/[\s,]+/);
  return entries
    .filter((entry) => entry !== '')
    .some((entry) => {
      const suffix = entry.replace(/^\*?\.?/, '.');
      return entry === '*' || hosts.some((text) => text === entry || text.endsWith(suffix));
    });
}

function parseProxy(text: string, variable: string): ProxyServer {
  const { scheme, credentials, address } = splitProxyUrl(text);
  const url = URL.parse(`${scheme.toLowerCase()}://${address}`);
  if (!url?.hostname)
    throw toInvalidProxyError(`${variable} is not a valid proxy URL (expected http://host:port)`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw toInvalidProxyError(
      `${variable} has the scheme ${scheme}, but only http and https proxies are supported`,
    );
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  return {
    isSecure: url.protocol === 'https:',
    // Without the brackets of an IPv6 address.
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port,
    authorization: credentials && toBasicAuthorization(credentials),
    label: `proxy ${url.hostname}:${port} from ${variable}`,
  };
}

function toInvalidProxyError(message: string): ProxyError {
  return new ProxyError(message, { code: 'PROXY_ADDRESS' });
}

function toBasicAuthorization({ user, password }: ProxyCredentials): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
