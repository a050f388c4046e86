import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { type ActionRun, runAction } from '../support/run-action.ts';
import { validInputs } from '../support/run-step.ts';
import { useFakesInRealTime } from '../support/use-fakes.ts';

const { datadog } = useFakesInRealTime();

const PRINT_BUILTINS = "process.on('exit', () => console.log('loaded', process.moduleLoadList.join()))";

/** Runs the action, and returns which of Node's own modules it loaded. */
async function run(inputs: ActionRun['inputs'], env: Record<string, string> = {}) {
  const result = await runAction({
    inputs,
    files: { 'print-builtins.cjs': PRINT_BUILTINS },
    env: { ...env, NODE_OPTIONS: '--require ./print-builtins.cjs' },
  });
  const modules = /^loaded (.*)$/m.exec(result.log)?.[1]?.split(',') ?? [];
  return { ...result, hasLoaded: (name: string) => modules.includes(`NativeModule ${name}`) };
}

test('opens a case without loading modules that it does not use', async () => {
  const { outputs, hasLoaded } = await run(validInputs(datadog));
  expect(outputs.outcome).toBe('created');
  const unused = [
    'zlib',
    'fs/promises',
    'child_process',
    'readline',
    'internal/perf/performance',
    'internal/modules/esm/initialize_import_meta',
  ];
  expect(['https', ...unused].filter(hasLoaded)).toEqual(['https']);
});

test('a step that sends no request does not load https', async () => {
  const { outputs, hasLoaded } = await run({ ...validInputs(datadog), project: '' });
  expect(outputs.outcome).toBe('failed');
  expect(['http', 'https', 'tls', 'zlib'].filter(hasLoaded)).toEqual([]);
});

test.each([
  ['gzip', 'gzip', gzipSync],
  ['deflate', 'deflate', deflateSync],
  ['deflate without a header', 'deflate', deflateRawSync],
  ['brotli', 'br', brotliCompressSync],
] as const)('loads zlib to read a response compressed with %s', async (_, encoding, compress) => {
  const server = createServer(async (request, response) => {
    const forwarded = await fetch(`${datadog.url}${request.url}`, {
      method: 'POST',
      headers: request.headers as Record<string, string>,
      body: await text(request),
    });
    response.writeHead(forwarded.status, { 'Content-Encoding': encoding });
    response.end(compress(await forwarded.text()));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const api_url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { outputs, hasLoaded } = await run({ ...validInputs(datadog), api_url });
    expect([outputs.case_key, hasLoaded('zlib')]).toEqual(['OPS-1', true]);
  } finally {
    server.close();
  }
});
