import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { generate } from 'selfsigned';
import { DatadogSandbox } from './support/datadog.ts';
import { GithubSandbox } from './support/github.ts';
import { TestProxy } from './support/proxy.ts';
import { runAction } from './support/runner.ts';
import { goodInputs } from './support/step.ts';

let sandbox: DatadogSandbox;
beforeEach(async () => {
  sandbox = await DatadogSandbox.start();
});
afterEach(() => sandbox.stop());

describe('the committed dist, run as a runner would', () => {
  test('opens a case and ends', async () => {
    const ended = await runAction({ inputs: goodInputs(sandbox) });
    expect(ended.exitCode).toBe(0);
    expect(ended.outputs).toMatchObject({
      case_id: sandbox.cases[0]?.id,
      case_key: 'OPS-1',
      outcome: 'created',
    });
    expect(ended.summary).toContain('OPS-1');
    expect(ended.log).toContain('::notice');
  });

  test('fails with everything that is wrong', async () => {
    const ended = await runAction({
      inputs: { ...goodInputs(sandbox), priority: 'P9', assignee: 'x', custom_attributes: '{"a": }' },
    });
    expect(ended.exitCode).toBe(1);
    expect(ended.log).toMatch(/::error::.*line 1, column 7.*"P9".*"x"/);
    expect(ended.outputs).toEqual({ outcome: 'failed' });
    expect(sandbox.calls).toEqual([]);
  });

  test('fails when the API refuses', async () => {
    const ended = await runAction({ inputs: { ...goodInputs(sandbox), app_key: 'a-wrong-application-key' } });
    expect(ended.exitCode).toBe(1);
    expect(ended.log).toContain('403: Forbidden');
    expect(ended.log.replace(/^::add-mask::.*$/gm, '')).not.toContain('a-wrong-application-key');
  });

  test('ends in time when the API never answers', async () => {
    sandbox.fail({ on: 'POST', answer: 'hang' });
    const ended = await runAction({
      inputs: { ...goodInputs(sandbox), timeout: '1', fail_on_error: 'false' },
    });
    expect(ended.exitCode).toBe(0);
    expect(ended.outputs).toEqual({ outcome: 'failed' });
  });

  test('reads its description from the workspace, and nothing from outside it', async () => {
    const inputs = { ...goodInputs(sandbox), description_file: 'report.md' };
    await runAction({ inputs, files: { 'report.md': '# Report' } });
    expect(sandbox.cases[0]?.attributes.description).toMatch(/^# Report\n\nghac[0-9a-f]{32}$/);
    await runAction({ inputs, prepare: (folder) => symlink('/etc/hostname', join(folder, 'report.md')) });
    expect(sandbox.cases[1]?.attributes.description).toContain('outside the workspace');
    await runAction({ inputs: { ...inputs, description_file: '../..' } });
    expect(sandbox.cases[2]?.attributes.description).toContain('outside the workspace');
    await runAction({ inputs: { ...inputs, description_file: '.' } });
    expect(sandbox.cases[3]?.attributes.description).toContain('it is no file');
    await runAction({ inputs, files: { 'report.md': 'x'.repeat(1024 * 1024 + 1) } });
    expect(sandbox.cases[4]?.attributes.description).toContain('1048576 are the most');
  });

  describe('loads nothing that it does not use', () => {
    /** The files of dist that a step loaded, as V8 itself tells. */
    async function loaded(inputs: Record<string, string>, env = {}): Promise<string[]> {
      const folder = await mkdtemp(join(tmpdir(), 'case-coverage-'));
      try {
        const ended = await runAction({
          inputs: { ...goodInputs(sandbox), ...inputs },
          env: { ...env, NODE_V8_COVERAGE: folder },
        });
        expect([ended.exitCode, ended.log]).toEqual([0, expect.not.stringContaining('::warning')]);
        const [name = ''] = await readdir(folder);
        const { result } = JSON.parse(await readFile(join(folder, name), 'utf8')) as {
          result: { url: string }[];
        };
        return result.flatMap(({ url }) => /\/dist\/(.*\.js)$/.exec(url)?.[1] ?? []);
      } finally {
        await rm(folder, { recursive: true });
      }
    }

    test('one chunk opens a case, failed jobs included', async () => {
      const github = await GithubSandbox.start();
      const inputs = {
        github_token: GithubSandbox.token,
        dedup_key: 'k',
        project: 'OPS',
        attributes: 'env: prod',
      };
      expect(await loaded(inputs, github.env())).toEqual(['index.js']);
      expect(github.calls).toHaveLength(1);
      await github.stop();
    });

    test('octokit only for a comment', async () => {
      const github = await GithubSandbox.start();
      const files = await loaded(
        { github_token: GithubSandbox.token, pr_comment: 'true', pr_number: '12' },
        github.env(),
      );
      expect(files.length).toBeGreaterThan(1);
      const texts = await Promise.all(files.map((file) => readFile(`dist/${file}`, 'utf8')));
      expect(texts.some((text) => text.includes('octokit-core.js'))).toBe(true);
      expect(await readFile('dist/index.js', 'utf8')).not.toContain('octokit-core.js');
      await github.stop();
    });
  });

  test('thirty at once with one key end with one open case, which every one of them names', async () => {
    sandbox.lag = 200;
    const inputs = { ...goodInputs(sandbox), dedup_key: 'deploy-main' };
    const ended = await Promise.all(Array.from({ length: 30 }, () => runAction({ inputs })));
    expect(sandbox.open).toHaveLength(1);
    expect(new Set(ended.map(({ outputs }) => outputs.case_id))).toEqual(new Set([sandbox.open[0]?.id]));
    expect(ended.filter(({ outputs }) => outputs.outcome === 'created')).toHaveLength(1);
    for (const { exitCode, log } of ended)
      expect([exitCode, log]).toEqual([0, expect.not.stringContaining('::warning')]);
  }, 120_000);

  test('eight at once whose creates were all done, and all answered with 502, end with one open case', async () => {
    sandbox.fail({ on: 'POST /api/v2/cases$', when: 'after', answer: { status: 502 } });
    let arrived = 0;
    let release = () => {};
    const all = new Promise<void>((resolve) => {
      release = resolve;
    });
    sandbox.gate = ({ method, path }) => {
      if (method !== 'POST' || path !== '/api/v2/cases') return;
      arrived += 1;
      if (arrived === 8) release();
      return all;
    };
    const inputs = { ...goodInputs(sandbox), dedup_key: 'deploy-main' };
    const ended = await Promise.all(Array.from({ length: 8 }, () => runAction({ inputs })));
    expect(sandbox.cases).toHaveLength(8);
    expect(sandbox.open).toHaveLength(1);
    expect(new Set(ended.map(({ outputs }) => outputs.case_id))).toEqual(new Set([sandbox.open[0]?.id]));
    expect(ended.filter(({ outputs }) => outputs.outcome === 'created')).toHaveLength(1);
  }, 120_000);

  test('goes through a proxy where the environment names one', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'api.datadoghq.eu' }], {
      algorithm: 'sha256',
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'api.datadoghq.eu' }] }],
    });
    const proxy = await TestProxy.start({ key, cert, target: sandbox.url });
    try {
      const { api_url: _, ...inputs } = goodInputs(sandbox);
      const step = {
        inputs: { ...inputs, site: 'datadoghq.eu' },
        files: { 'ca.pem': cert },
        caFile: 'ca.pem',
      };
      const through = await runAction({ ...step, env: { https_proxy: proxy.url } });
      expect(through.outputs).toMatchObject({
        outcome: 'created',
        case_url: 'https://app.datadoghq.eu/cases/OPS-1',
      });
      expect(proxy.connects).toEqual(['api.datadoghq.eu:443']);

      const { caFile: _ca, ...distrusting } = step;
      const untrusted = await runAction({ ...distrusting, env: { https_proxy: proxy.url } });
      expect(untrusted.log).toMatch(/DEPTH_ZERO_SELF_SIGNED_CERT.*NODE_EXTRA_CA_CERTS/);
      expect(untrusted.exitCode).toBe(1);

      const refused = await runAction({
        ...step,
        env: { HTTPS_PROXY: proxy.url.replace('http://', 'http://user:no-such-word@') },
      });
      expect(refused.log).toMatch(/PROXY_407.*NO_PROXY/);
      expect(refused.log).not.toContain('no-such-word');

      const local = await runAction({ inputs: goodInputs(sandbox), env: { HTTP_PROXY: proxy.url } });
      expect(local.outputs.outcome).toBe('created');
      expect(proxy.connects).toHaveLength(3);
    } finally {
      await proxy.stop();
    }
  });
});
