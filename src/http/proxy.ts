import type { Agent } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { isLoopback } from '../base/address.ts';
import type { Env } from '../base/env.ts';
import { type ProxyCredentials, splitProxyUrl } from '../base/proxy-url.ts';
import { createDirectAgents } from './direct-agent.ts';
import { ProxyError } from './errors.ts';
import { HttpProxyAgent, HttpsProxyAgent, type ProxyServer } from './proxy-agent.ts';

/**
 * Chooses the agent for a URL, according to HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY in upper or lower case.
 * Loopback bypasses the proxy, for which localhost is another host. The returned function throws a ProxyError if the
 * proxy's URL is invalid.
 */
export function createAgentFinder(env: Env): (url: URL) => Agent {
  const agents = new Map<string, Agent>();
  const findDirectAgent = createDirectAgents();
  return (url) => {
    const proxy = findProxy(url, env);
    if (!proxy) return findDirectAgent(url);
    const isHttps = url.protocol === 'https:';
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
 * Whether NO_PROXY excludes the URL: a list of hosts, each with all its subdomains, with or without a port, of IP
 * addresses, of networks (`10.0.0.0/8`), or `*`.
 * The same rules as https://github.com/actions/toolkit/blob/main/packages/http-client/src/proxy.ts, and networks and
 * `*.` at the beginning of a host, which other programs accept.
 */
function isBypassed({ hostname, port, protocol }: URL, env: Env): boolean {
  const host = hostname.toLowerCase();
  const hosts = [host, `${host}:${port || (protocol === 'https:' ? 443 : 80)}`];
  const entries = (env.no_proxy || env.NO_PROXY || '').toLowerCase().split(/[\s,]+/);
  return entries
    .filter((entry) => entry !== '')
    .some((entry) => {
      const suffix = entry.replace(/^\*?\.?/, '.');
      if (entry === '*' || hosts.some((text) => text === entry || text.endsWith(suffix))) return true;
      return isInNetwork(stripBrackets(host), entry);
    });
}

/** Whether the host is an IP address in a network like `10.0.0.0/8` or `fd00::/8`, or the same IPv6 address. */
function isInNetwork(host: string, entry: string): boolean {
  const [, network = '', bits] = /^\[?([^/\]]+)\]?(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
  const version = isIP(network);
  if (!version || isIP(host) !== version) return false;
  const longest = version === 4 ? 32 : 128;
  const prefix = Number(bits ?? longest);
  if (prefix > longest) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(network, prefix, family);
  return list.check(host, family);
}

function stripBrackets(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
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
    hostname: stripBrackets(url.hostname),
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
