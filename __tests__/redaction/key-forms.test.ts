import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { stripControlCharacters } from '../../src/base/log-text.ts';
import { FakeDatadog } from '../support/fake-datadog.ts';
import { FakeGitHub } from '../support/fake-github.ts';
import { runStep, type StepOptions, TestClock, TestCore, validInputs } from '../support/run-step.ts';

const KEY = FakeDatadog.appKey;

let datadog: FakeDatadog;
let github: FakeGitHub;
beforeAll(async () => {
  [datadog, github] = await Promise.all([FakeDatadog.start(), FakeGitHub.start()]);
});
afterAll(() => Promise.all([datadog.stop(), github.stop()]));
beforeEach(() => {
  datadog.cases.length = 0;
});

const toBase64 = (text: string) => Buffer.from(text).toString('base64');
const toUrlBase64 = (text: string) => Buffer.from(text).toString('base64url');
const toHex = (text: string) => Buffer.from(text).toString('hex');

/** How a program may write a key, by the text around it. */
const FORMS: Readonly<Record<string, (key: string) => string[]>> = {
  'Basic authentication': (key) => ['a', 'ab', 'abc'].map((user) => `Basic ${toBase64(`${user}:${key}`)}`),
  'headers as JSON in Base64': (key) =>
    ['', ' ', '  '].map((indent) =>
      toBase64(`${indent}${JSON.stringify({ 'dd-application-key': key, a: 1 })}`),
    ),
  'Base64 for URLs': (key) => ['', '?', '>?'].map((text) => toUrlBase64(`${text}${key}${text}`)),
  hexadecimal: (key) => [toHex(`a ${key} b`), toHex(key).toUpperCase()],
  'a stray escape character': (key) =>
    Array.from(key, (_, at) => `${key.slice(0, at)}\u001b${key.slice(at)}`),
  'a stray escape character in a colored text': (key) =>
    Array.from(
      key,
      (_, at) => `\u001b[31m${key.slice(0, at)}\u001b${key.slice(at, at + 3)}\u001b[0m${key.slice(at + 3)}`,
    ),
};

/** Every eight characters that can be read in the text, decoded in each way. */
function decode(text: string): string {
  const words = text.match(/[\w+/=-]{8,}/g) ?? [];
  const decoded = words.flatMap((word) => [
    ...[0, 1, 2, 3].map((start) => Buffer.from(word.slice(start), 'base64').toString('latin1')),
    ...[0, 1].map((start) => Buffer.from(word.slice(start), 'hex').toString('latin1')),
  ]);
  return [stripControlCharacters(text), ...decoded].join('\n');
}

/** Runs a step with debug logging on, and returns everything that leaves it except the headers that carry the keys. */
async function runWith(options: StepOptions): Promise<string> {
  datadog.requests.length = 0;
  const core = new TestCore();
  core.isDebugEnabled = true;
  const env = github.env(options.env);
  const inputs = {
    ...validInputs(datadog),
    github_token: FakeGitHub.token,
    log_lines: '10',
    ...options.inputs,
  };
  await runStep({ ...options, inputs, env, clock: new TestClock(), core });
  return [core.visibleText, ...datadog.requests.map(({ body }) => JSON.stringify(body))].join('\n');
}

function failedJob(line: string): void {
  const steps = [{ number: 1, name: 'Run', conclusion: 'failure' }];
  github.jobs = [
    { id: 5, name: 'test', conclusion: 'failure', steps, log: `2026-01-02T03:04:05.1Z ${line}` },
  ];
}

test.each(Object.entries(FORMS))('no part of a key leaves a step in this form: %s', async (_, write) => {
  for (const text of write(KEY)) {
    failedJob(text);
    datadog.injectFault({
      request: 'POST',
      times: 1,
      response: { status: 400, body: { errors: [`bad header ${text}`] } },
    });
    const sent = decode(
      await runWith({ inputs: { description: text, pr_comment: 'true' }, event: { text } }),
    );
    const parts = Array.from({ length: KEY.length - 7 }, (_, start) => KEY.slice(start, start + 8));
    const leaks = parts.filter((part) => !/^\d+$|^sandbox-$/.test(part) && sent.includes(part));
    expect([text, leaks]).toEqual([text, []]);
  }
});

test.each([
  [2300, '[', ']'],
  [2300, '{"a":', '}'],
  [200_000, '[', ']'],
])('an event nested %d levels deep does not cost the case: %s', async (levels, open, close) => {
  const nested = JSON.parse(`${open.repeat(levels)}1${close.repeat(levels)}`);
  const core = await runStep({ inputs: validInputs(datadog), event: { nested }, clock: new TestClock() });
  expect(core.outputs.outcome).toBe('created');
});
