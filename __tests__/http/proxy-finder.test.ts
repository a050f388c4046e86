import { expect, test } from '@jest/globals';
import { createAgentFinder, findProxy } from '../../src/http/proxy.ts';
import { HttpProxyAgent, HttpsProxyAgent } from '../../src/http/proxy-agent.ts';

const HTTP = new URL('http://api.example/');
const HTTPS = new URL('https://api.example/');

test('chooses one agent with a proxy for each protocol, and keeps it', () => {
  const findAgent = createAgentFinder({ http_proxy: 'one:1', https_proxy: 'https://u:p@[fd00::1]' });
  const agent = findAgent(HTTP);
  expect(agent).toBeInstanceOf(HttpProxyAgent);
  expect(findAgent(new URL('http://other.example/'))).toBe(agent);
  const secureAgent = findAgent(HTTPS) as HttpsProxyAgent;
  expect(secureAgent).toBeInstanceOf(HttpsProxyAgent);
  expect(findAgent(new URL('https://other.example/'))).toBe(secureAgent);
  expect(secureAgent.proxy).toEqual({
    isSecure: true,
    hostname: 'fd00::1',
    port: 443,
    authorization: 'Basic dTpw',
    label: 'proxy [fd00::1]:443 from https_proxy',
  });
});

test('connects to loopback without the proxy', () => {
  const findAgent = createAgentFinder({ all_proxy: 'one:1' });
  for (const url of ['http://localhost/', 'https://127.0.0.1/']) {
    const agent = findAgent(new URL(url));
    expect(agent).not.toHaveProperty('proxy');
    expect(findAgent(new URL(url))).toBe(agent);
  }
});

test.each([
  ['http://', 'HTTP_PROXY is not a valid proxy URL (expected http://host:port)'],
  ['http://[', 'HTTP_PROXY is not a valid proxy URL (expected http://host:port)'],
  ['socks5://one:1', 'HTTP_PROXY has the scheme socks5, but only http and https proxies are supported'],
  ['FTP://one:1', 'HTTP_PROXY has the scheme FTP, but only http and https proxies are supported'],
])('rejects the proxy %s', (text, message) => {
  const fail = () => createAgentFinder({ HTTP_PROXY: text })(HTTP);
  expect(fail).toThrow(expect.objectContaining({ name: 'ProxyError', message, code: 'PROXY_ADDRESS' }));
});

test.each([
  ['http://api.example/', 'api.example:80', true],
  ['http://api.example/', 'api.example:443', false],
  ['https://api.example/', 'api.example:80', false],
  ['https://api.example/', 'api.example:443', true],
  ['https://10.1.2.3/', '10.0.0.0/8', true],
  ['https://11.1.2.3/', '10.0.0.0/8', false],
  ['https://10.1.2.3/', '10.1.2.3/32', true],
  ['https://10.1.2.3/', '0.0.0.0/0', true],
  ['https://10.1.2.3:8443/', 'a.example,10.1.0.0/16', true],
  ['https://10.1.2.3/', '10.0.0.0/33', false],
  ['https://10.1.2.3/', '10.0.0.0/', false],
  ['https://10.1.2.3/', '10.0.0/8', false],
  ['https://10.1.2.3/', 'fd00::/8', false],
  ['https://[fd00::1]/', 'fd00::/8', true],
  ['https://[fd00::1]/', '[fd00::]/8', true],
  ['https://[fd00::1]/', 'fd00:0::1', true],
  ['https://[fe80::1]/', 'fd00::/8', false],
  ['https://[fd00::1]/', 'fd00::/129', false],
  ['https://api.example/', '10.0.0.0/8', false],
  // A name may end with a dot, with which no empty entry of a list must be confused.
  ['https://api.example./', ', ,', false],
  ['https://api.example./', undefined, false],
])('for %s, NO_PROXY=%s excludes the host: %j', (url, list, isExcluded) => {
  const env = { ALL_PROXY: 'one', NO_PROXY: list };
  expect(findProxy(new URL(url), env) === undefined).toBe(isExcluded);
});
