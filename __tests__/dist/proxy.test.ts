import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { generate } from 'selfsigned';
import { FakeDatadog } from '../support/fake-datadog.ts';
import { FakeProxy } from '../support/fake-proxy.ts';
import { runAction } from '../support/run-action.ts';
import { validInputs } from '../support/run-step.ts';

let datadog: FakeDatadog;
beforeEach(async () => {
  datadog = await FakeDatadog.start();
});
afterEach(() => datadog.stop());

test('uses the proxy of the environment, except for loopback', async () => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'api.datadoghq.eu' }], {
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'api.datadoghq.eu' }] }],
  });
  const proxy = await FakeProxy.start({ key, cert, target: datadog.url });
  try {
    const { api_url: _, ...inputs } = validInputs(datadog);
    const run = {
      inputs: { ...inputs, site: 'datadoghq.eu' },
      files: { 'ca.pem': cert },
      caFile: 'ca.pem',
    };
    const through = await runAction({ ...run, env: { https_proxy: proxy.url } });
    expect(through.outputs).toMatchObject({
      outcome: 'created',
      case_url: 'https://app.datadoghq.eu/cases/OPS-1',
    });
    expect(proxy.connects).toEqual(['api.datadoghq.eu:443']);

    const { caFile: _ca, ...distrusting } = run;
    const untrusted = await runAction({ ...distrusting, env: { https_proxy: proxy.url } });
    expect(untrusted.log).toMatch(/DEPTH_ZERO_SELF_SIGNED_CERT.*NODE_EXTRA_CA_CERTS/);
    expect(untrusted.exitCode).toBe(1);

    const refused = await runAction({
      ...run,
      env: { HTTPS_PROXY: proxy.url.replace('http://', 'http://user:no-such-word@') },
    });
    expect(refused.log).toMatch(/PROXY_407.*NO_PROXY/);
    expect(refused.log).not.toContain('no-such-word');

    const local = await runAction({ inputs: validInputs(datadog), env: { HTTP_PROXY: proxy.url } });
    expect(local.outputs.outcome).toBe('created');
    expect(proxy.connects).toHaveLength(3);
  } finally {
    await proxy.stop();
  }
});
