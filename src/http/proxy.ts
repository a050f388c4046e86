import http from 'node:http';
import https from 'node:https';
import { HttpProxyAgent, HttpsProxyAgent } from 'hpagent';
import { getProxyForUrl } from 'proxy-from-env';
import { isLoopback } from '../base/loopback.ts';

const agents = new Map<string, http.Agent>();

/**
 * The agent for a URL, according to HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY in upper or lower case.
 * Loopback bypasses the proxy, for which localhost is another host.
 * Throws an Error with the code `PROXY_ADDRESS` if the proxy's URL is invalid (not quoted: it may hold a password).
 */
export function getProxyAgent(url: URL): http.Agent {
  const proxy = isLoopback(url.hostname) ? '' : getProxyForUrl(url.href);
  const isHttps = url.protocol === 'https:';
  if (!proxy) return isHttps ? https.globalAgent : http.globalAgent;
  const cached = agents.get(`${url.protocol} ${proxy}`);
  if (cached) return cached;
  if (!URL.canParse(proxy))
    throw Object.assign(new Error('The address of the proxy cannot be read.'), { code: 'PROXY_ADDRESS' });
  const options = { keepAlive: true, proxy };
  const agent = isHttps ? new HttpsProxyAgent(options) : new HttpProxyAgent(options);
  agents.set(`${url.protocol} ${proxy}`, agent);
  return agent;
}
