import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { FakeGitHub } from '../support/fake-github.ts';
import { RawServer } from '../support/raw-server.ts';
import { type ActionRun, runAction } from '../support/run-action.ts';
import { validInputs } from '../support/run-step.ts';
import { createPipe, testOnUnix } from '../support/unix-files.ts';
import { useFakesInRealTime } from '../support/use-fakes.ts';

/** The `timeout` of these steps, and what a process may take beyond it on a busy machine. */
const TIMEOUT_SECONDS = 1;
const MOMENT_SECONDS = 3;

const { datadog } = useFakesInRealTime();
let silent: RawServer;
beforeEach(async () => {
  silent = await RawServer.start();
});
afterEach(async () => {
  await silent.stop();
});

/** Runs a step and checks that its process ends in time. */
async function runInTime({ inputs, ...run }: ActionRun) {
  const result = await runAction({
    ...run,
    inputs: { ...validInputs(datadog), timeout: String(TIMEOUT_SECONDS), ...inputs },
  });
  expect(result.seconds).toBeLessThan(TIMEOUT_SECONDS + MOMENT_SECONDS);
  return result;
}

test('the error names a proxy that never responds and says that nothing was sent', async () => {
  const result = await runInTime({
    inputs: { api_url: '', site: 'datadoghq.eu' },
    env: { HTTPS_PROXY: `127.0.0.1:${silent.port}` },
  });
  expect([result.exitCode, result.outputs]).toEqual([1, { outcome: 'failed' }]);
  expect(result.log).toMatch(
    /timed out.*no connection to api\.datadoghq\.eu through proxy 127\.0\.0\.1:\d+ from HTTPS_PROXY/,
  );
  expect(result.log).not.toContain('may have been created');
  expect(silent.connectionCount).toBeGreaterThan(0);
});

test('a proxy that never responds for GitHub does not keep the process alive', async () => {
  const result = await runInTime({
    inputs: { run_context: 'false', github_token: FakeGitHub.token, pr_comment: 'true', pr_number: '12' },
    env: {
      GITHUB_REPOSITORY: 'acme/shop',
      GITHUB_RUN_ID: '1',
      GITHUB_API_URL: 'http://github.example/api/v3',
      http_proxy: `http://127.0.0.1:${silent.port}`,
    },
  });
  expect(result.outputs.outcome).toBe('created');
  expect(silent.connectionCount).toBeGreaterThan(0);
});

test('ends in time when a TLS handshake gets no response', async () => {
  const result = await runInTime({ inputs: { api_url: `https://localhost:${silent.port}` } });
  expect(result.outputs).toEqual({ outcome: 'failed' });
  expect(result.log).toContain(`no connection to localhost:${silent.port}`);
});

test('fails with an outcome when the server switches protocols (101)', async () => {
  const server = await RawServer.start((socket) =>
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n'),
  );
  const result = await runInTime({ inputs: { api_url: `http://127.0.0.1:${server.port}` } });
  expect([result.exitCode, result.outputs]).toEqual([1, { outcome: 'failed' }]);
  expect(result.log).toContain('HTTP_101');
  await server.stop();
});

describe('description_file', () => {
  const inputs = { description_file: 'report.md' };
  async function expectCaseWithout(create: (file: string) => unknown, problem: string): Promise<void> {
    const setUp = async (workspace: string) => void (await create(join(workspace, 'report.md')));
    const result = await runInTime({ inputs, setUp });
    expect([result.exitCode, result.outputs.outcome]).toEqual([0, 'created']);
    expect(datadog.cases[0]?.attributes.description).toContain(problem);
  }

  test('opens the case without a description_file that is a folder', () =>
    expectCaseWithout((file) => mkdir(file), 'is not a regular file'));

  testOnUnix('opens the case without a description_file that is a named pipe', () =>
    expectCaseWithout(createPipe, 'is not a regular file'),
  );

  testOnUnix('opens the case without a description_file that is a device', () =>
    expectCaseWithout((file) => symlink('/dev/zero', file), 'is outside the workspace'),
  );
});

describe('the log', () => {
  test('a closed log prevents neither the case nor outputs and summary', async () => {
    const result = await runInTime({ inputs: {}, log: 'closed' });
    expect([result.exitCode, result.outputs.outcome]).toEqual([0, 'created']);
    expect(result.summary).toContain('OPS-1');
  });

  test('opens the case although nobody reads the log', async () => {
    const unknown = Array.from({ length: 1000 }, (_, index) => [`unknown_${index}_${'x'.repeat(100)}`, 'x']);
    const result = await runInTime({ inputs: Object.fromEntries(unknown), log: 'unread' });
    expect([result.exitCode, result.outputs.outcome]).toEqual([0, 'created']);
  });

  test('writes the whole log, however long it is', async () => {
    const unknown = Array.from({ length: 100 }, (_, index) => [`unknown_${index}_${'x'.repeat(1000)}`, 'x']);
    const { log } = await runInTime({ inputs: Object.fromEntries(unknown) });
    expect(log.match(/unknown_\d+_/g)).toHaveLength(100);
    expect(log).toContain('::notice');
  });
});

// Node looks up hosts in such threads.
for (const [inputs, exitCode] of [
  [{}, 0],
  [{ project: '' }, 1],
] as const)
  testOnUnix(`a step that exits with ${exitCode} ends although a thread hangs`, async () => {
    const hang = "import { open } from 'node:fs/promises'; void open('pipe');";
    const result = await runInTime({
      inputs,
      env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hang)}` },
      setUp: async (workspace) => createPipe(join(workspace, 'pipe')),
    });
    expect(result.exitCode).toBe(exitCode);
    expect(result.log).not.toContain('ExperimentalWarning');
  });
