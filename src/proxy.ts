import http from 'node:http';
import https from 'node:https';
import { HttpProxyAgent, HttpsProxyAgent } from 'hpagent';
import { getProxyForUrl } from 'proxy-from-env';
import { isLoopback } from './datadog/sites.ts';

const agents = new Map<string, http.Agent>();

/**
 * The connections to use for an address, by HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY in either case.
 * This very machine is always reached directly: to a proxy, `localhost` would be another one.
 * Throws an Error with the code `PROXY_ADDRESS` where the proxy's own address cannot be read (it may hold a password).
 */
export function agentFor(address: URL): http.Agent {
  const proxy = isLoopback(address.hostname) ? '' : getProxyForUrl(address.href);
  const secure = address.protocol === 'https:';
  if (!proxy) return secure ? https.globalAgent : http.globalAgent;
  const known = agents.get(`${address.protocol} ${proxy}`);
  if (known) return known;
  if (!URL.canParse(proxy))
    throw Object.assign(new Error('The address of the proxy cannot be read.'), { code: 'PROXY_ADDRESS' });
  const options = { keepAlive: true, proxy };
  const agent = secure ? new HttpsProxyAgent(options) : new HttpProxyAgent(options);
  agents.set(`${address.protocol} ${proxy}`, agent);
  return agent;
}
