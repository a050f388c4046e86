import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { generate } from 'selfsigned';
import { FakeProxy } from '../support/fake-proxy.ts';
import { validInputs } from '../support/run-step.ts';
import { runWatchedJob, type WatchedJobRun } from '../support/run-watched-job.ts';
import { useFakesInRealTime } from '../support/use-fakes.ts';

const { datadog } = useFakesInRealTime();
let ownProxy: FakeProxy;
let otherProxy: FakeProxy;
let cert: string;
beforeEach(async () => {
  const generated = await generate([{ name: 'commonName', value: 'api.datadoghq.eu' }], {
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'api.datadoghq.eu' }] }],
  });
  cert = generated.cert;
  const options = { key: generated.private, cert, target: datadog.url };
  [ownProxy, otherProxy] = await Promise.all([FakeProxy.start(options), FakeProxy.start(options)]);
});
afterEach(() => Promise.all([ownProxy.stop(), otherProxy.stop()]));

/** A watched job that fails. Its requests go to datadoghq.eu, through a proxy, so that none leaves this machine. */
function watch({ inputs, env, ...run }: Partial<WatchedJobRun>) {
  const { api_url: _, ...defaults } = validInputs(datadog);
  return runWatchedJob({
    inputs: { ...defaults, site: 'datadoghq.eu', timeout: '2', ...inputs },
    status: 'failure',
    env: { GITHUB_REPOSITORY: 'acme/shop', ...env },
    files: { 'ca.pem': cert },
    ...run,
  });
}

test('uses the proxy from the start of the job, not one that a later step sets', async () => {
  const { start, end } = await watch({
    env: { HTTPS_PROXY: ownProxy.url },
    laterEnv: { HTTPS_PROXY: otherProxy.url, https_proxy: otherProxy.url, NO_PROXY: '*' },
    caFile: 'ca.pem',
  });
  expect([start.exitCode, end.exitCode]).toEqual([0, 0]);
  expect(end.log).toContain('Opened OPS-1');
  expect(new Set(ownProxy.connects)).toEqual(new Set(['api.datadoghq.eu:443']));
  expect(otherProxy.connects).toEqual([]);
});

test('uses no proxy if only a later step sets one', async () => {
  // This address refuses connections without leaving the machine. Unlike loopback, it doesn't bypass proxies.
  const inputs = { api_url: 'https://0.0.0.0:9' };
  const proxies = { HTTPS_PROXY: otherProxy.url, ALL_PROXY: otherProxy.url };
  const { end } = await watch({ inputs, laterEnv: proxies });
  expect(end.exitCode).toBe(0);
  expect(end.log).toContain('could not connect to 0.0.0.0:9');
  expect(otherProxy.connects).toEqual([]);
  await watch({ inputs, env: proxies });
  expect(otherProxy.connects).toContain('0.0.0.0:9');
});

test('uses the site from the start of the job, not one that a later step sets', async () => {
  await watch({
    inputs: { site: '' },
    env: { HTTPS_PROXY: ownProxy.url, DD_SITE: 'us5.datadoghq.com' },
    laterEnv: { DD_SITE: 'datadoghq.eu', DATADOG_SITE: 'datadoghq.eu' },
  });
  expect(new Set(ownProxy.connects)).toEqual(new Set(['api.us5.datadoghq.com:443']));
});

test('still checks certificates if a later step turns that off', async () => {
  const { end } = await watch({
    env: { HTTPS_PROXY: ownProxy.url },
    laterEnv: { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
  });
  expect(end.log).toContain('DEPTH_ZERO_SELF_SIGNED_CERT');
  expect(datadog.requestLines).toEqual([]);
});

test('still rejects a certificate that only a later step trusts', async () => {
  const { end } = await watch({
    env: { HTTPS_PROXY: ownProxy.url },
    laterEnv: { NODE_EXTRA_CA_CERTS: 'ca.pem' },
  });
  expect(end.log).toContain('DEPTH_ZERO_SELF_SIGNED_CERT');
  expect(datadog.requestLines).toEqual([]);
});

test.each(['http://user:pass%21word@', 'user:pass%21word@', 'http://user:1/pass%21word@'])(
  'masks the password of a proxy before it saves the address: %s',
  async (prefix) => {
    const url = ownProxy.url.replace('http://', prefix);
    const { start } = await watch({ env: { HTTPS_PROXY: url } });
    expect(start.log).toMatch(/::add-mask::(?:1\/)?pass%2521word\n/);
    expect(start.log).toMatch(/::add-mask::(?:1\/)?pass!word\n/);
    expect(start.state.environment).toContain(url);
  },
);
