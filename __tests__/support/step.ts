import { getEventListeners } from 'node:events';
import type { AnnotationProperties } from '@actions/core';
import nodeFetch from 'node-fetch';
import type { Clock } from '../../src/http.ts';
import type { Core } from '../../src/report.ts';
import { run } from '../../src/run.ts';
import { DatadogSandbox, PROJECT } from './datadog.ts';

/** The UUID that every step here draws. */
const UUID = '0123abcd-0123-4bcd-8123-0123456789ab';
/** The reference of a case without a `dedup_key`. */
export const REFERENCE = 'ghac0123abcd01234bcd81230123456789ab';

/** A clock that only moves when something sleeps, or when a request is known never to be answered. */
export class TestClock implements Clock {
  time = Date.parse('2026-01-02T03:04:05Z');
  /** Every pause that was made, in milliseconds. */
  readonly pauses: number[] = [];
  readonly #expiries: { at: number; controller: AbortController }[] = [];

  now = () => this.time;
  random = () => 0.5;

  async sleep(milliseconds: number): Promise<void> {
    this.pauses.push(milliseconds);
    this.time += milliseconds;
    await new Promise((resolve) => setImmediate(resolve));
  }

  expiry = (milliseconds: number) => {
    const controller = new AbortController();
    this.#expiries.push({ at: this.time + milliseconds, controller });
    return controller.signal;
  };

  /** Once nothing else happens any more, time passes until each deadline that a request still waits for. */
  expire = () => {
    setTimeout(() => {
      // node-fetch listens to a signal for as long as the request is under way.
      const waiting = this.#expiries.filter(
        ({ controller }) => getEventListeners(controller.signal, 'abort').length > 0,
      );
      const [due] = waiting.sort((a, b) => a.at - b.at);
      if (!due) return;
      this.time = Math.max(this.time, due.at);
      due.controller.abort();
      if (waiting.length > 1) this.expire();
    }, 10);
  };
}

/** What a step told the runner. */
export class TestCore {
  readonly outputs: Record<string, string> = {};
  readonly said: { kind: string; text: string }[] = [];
  readonly masked: string[] = [];
  summaryText = '';
  failed = false;
  debugging = false;

  readonly asCore = {
    setOutput: (name: string, value: string) => {
      this.outputs[name] = value;
    },
    setSecret: (text: string) => void this.masked.push(text),
    setFailed: (error: string) => {
      this.failed = true;
      this.#say('error', error);
    },
    info: (text: string) => this.#say('info', text),
    debug: (text: string) => this.#say('debug', text),
    notice: (text: string, _: AnnotationProperties) => this.#say('notice', text),
    warning: (text: string, _: AnnotationProperties) => this.#say('warning', text),
    error: (text: string, _: AnnotationProperties) => this.#say('error', text),
    isDebug: () => this.debugging,
    summarise: (text: string) => {
      this.summaryText += text;
    },
  } as unknown as Core;

  /** All messages of a kind, as one text. */
  told(kind: 'info' | 'debug' | 'notice' | 'warning' | 'error'): string {
    return this.said.flatMap((message) => (message.kind === kind ? message.text : [])).join('\n');
  }

  /** Everything that left the step for people to read. */
  get everything(): string {
    return [...this.said.map(({ text }) => text), ...Object.values(this.outputs), this.summaryText].join(
      '\n',
    );
  }

  #say(kind: string, text: string): void {
    this.said.push({ kind, text });
  }
}

/** Inputs that open a case in the sandbox. */
export function goodInputs(sandbox: DatadogSandbox): Record<string, string> {
  return {
    api_url: sandbox.url,
    api_key: DatadogSandbox.apiKey,
    app_key: DatadogSandbox.appKey,
    project: PROJECT.id,
    title: 'Deploy failed',
  };
}

export interface StepOptions {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly payload?: unknown;
  readonly files?: Readonly<Record<string, string>>;
  readonly clock?: TestClock;
  readonly core?: TestCore;
}

/** Runs a whole step in this process, against real local servers, with time in the test's hands. */
export async function step(options: StepOptions): Promise<TestCore> {
  const core = options.core ?? new TestCore();
  const inputs = Object.entries(options.inputs ?? {}).map(([name, text]) => [
    `INPUT_${name.toUpperCase()}`,
    text,
  ]);
  await run({
    env: { ...Object.fromEntries(inputs), ...options.env },
    core: core.asCore,
    fetch: nodeFetch,
    clock: options.clock ?? new TestClock(),
    uuid: () => UUID,
    payload: options.payload,
    readText: async (path) => {
      const text = options.files?.[path];
      if (text === undefined) throw new Error('it is not there');
      return text;
    },
  });
  return core;
}
