import { afterEach, beforeAll, expect, test } from '@jest/globals';
import { generate } from 'selfsigned';
import { FakeProxy } from '../support/fake-proxy.ts';
import { type ActionRun, runAction, shownLog } from '../support/run-action.ts';
import { validInputs } from '../support/run-step.ts';
import { useFakesInRealTime } from '../support/use-fakes.ts';

const PASSWORD = 'p%ss:w@rd/#?no-such-word';
const ENCODED_PASSWORD = encodeURIComponent(PASSWORD);

interface Certificate {
  readonly key: string;
  readonly cert: string;
}

let certificate: Certificate;
let certificateOfProxy: Certificate;
const { datadog } = useFakesInRealTime();
let proxy: FakeProxy | undefined;
beforeAll(async () => {
  [certificate, certificateOfProxy] = await Promise.all([
    createCertificate('Datadog', { type: 2, value: 'api.datadoghq.eu' }),
    createCertificate('proxy', { type: 7, ip: '127.0.0.1' }),
  ]);
});
afterEach(async () => {
  await proxy?.stop();
  proxy = undefined;
});

/** A certificate that is valid for one name or address only. */
async function createCertificate(
  owner: string,
  altName: { type: 2; value: string } | { type: 7; ip: string },
): Promise<Certificate> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: owner }], {
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [altName] }],
  });
  return { key, cert };
}

async function startProxy(options: { own?: Certificate; credentials?: string } = {}): Promise<FakeProxy> {
  proxy = await FakeProxy.start({ ...certificate, target: datadog.url, ...options });
  return proxy;
}

/** Opens a case at a site that is reached only through the proxy. */
function openThroughProxy(env: Record<string, string>, run: Partial<ActionRun> = {}) {
  const { api_url: _, ...inputs } = validInputs(datadog);
  const files = { 'ca.pem': `${certificate.cert}\n${certificateOfProxy.cert}` };
  const site = { site: 'datadoghq.eu', timeout: '4' };
  return runAction({ inputs: { ...inputs, ...site }, files, caFile: 'ca.pem', env, ...run });
}

test('uses the proxy of the environment, except for loopback', async () => {
  const { url, connects } = await startProxy();
  const { outputs } = await openThroughProxy({ https_proxy: url });
  expect(outputs).toMatchObject({ outcome: 'created', case_url: 'https://app.datadoghq.eu/cases/OPS-1' });
  expect(connects).toEqual(['api.datadoghq.eu:443']);
  const local = await runAction({ inputs: validInputs(datadog), env: { HTTP_PROXY: url } });
  expect(local.outputs.outcome).toBe('created');
  expect(connects).toHaveLength(1);
});

test('treats a proxy without a scheme as an http proxy', async () => {
  const { address } = await startProxy();
  expect((await openThroughProxy({ HTTPS_PROXY: address })).outputs.outcome).toBe('created');
});

test('uses a proxy that expects TLS itself', async () => {
  const { url, connects } = await startProxy({ own: certificateOfProxy });
  expect((await openThroughProxy({ HTTPS_PROXY: url })).outputs.outcome).toBe('created');
  expect(connects).toHaveLength(1);
});

test.each([
  ['as it is', PASSWORD],
  ['percent-encoded', ENCODED_PASSWORD],
])('the password of a proxy may be written %s', async (_, password) => {
  const { address } = await startProxy({ credentials: `user:${PASSWORD}` });
  const env = { HTTPS_PROXY: `http://user:${password}@${address}` };
  expect((await openThroughProxy(env)).outputs.outcome).toBe('created');
});

test('the error names a rejected certificate', async () => {
  const { url } = await startProxy();
  const result = await openThroughProxy({ https_proxy: url, NODE_EXTRA_CA_CERTS: '' });
  expect(result.log).toMatch(/DEPTH_ZERO_SELF_SIGNED_CERT.*NODE_EXTRA_CA_CERTS/);
  expect(result.exitCode).toBe(1);
});

test.each([
  ['wrong credentials', 'user:no-such-word@', 'from HTTPS_PROXY rejected the credentials (407)'],
  ['no credentials', '', 'from HTTPS_PROXY requires credentials (407)'],
])(
  'the error names a proxy that responds with 407 to %s, and no credentials',
  async (_, credentials, message) => {
    const { address } = await startProxy({ credentials: 'other:other' });
    const result = await openThroughProxy({
      HTTPS_PROXY: `http://${credentials}${address}`,
      RUNNER_DEBUG: '1',
    });
    expect([result.exitCode, result.outputs]).toEqual([1, { outcome: 'failed' }]);
    expect(result.log).toContain(`proxy ${address} ${message}`);
    expect(shownLog(result)).not.toContain('no-such-word');
    expect(result.log).not.toContain('may have been created');
  },
);

test.each([
  ['127.0.0.1:9', 'could not connect to proxy 127.0.0.1:9 from HTTPS_PROXY (ECONNREFUSED)'],
  [
    'http://u:no-such-word@127.0.0.1:9',
    'could not connect to proxy 127.0.0.1:9 from HTTPS_PROXY (ECONNREFUSED)',
  ],
  ['http://u:no-such-word@[', 'HTTPS_PROXY is not a valid proxy URL'],
  ['socks5://u:no-such-word@127.0.0.1:9', 'HTTPS_PROXY has the scheme socks5'],
])('the error names the broken proxy %s', async (value, message) => {
  const result = await openThroughProxy({ HTTPS_PROXY: value, RUNNER_DEBUG: '1' });
  expect([result.exitCode, result.outputs]).toEqual([1, { outcome: 'failed' }]);
  expect(result.log).toContain(message);
  expect(`${shownLog(result)}${result.summary}`).not.toContain('no-such-word');
});
