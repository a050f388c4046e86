import { getEventListeners } from 'node:events';
import { Unredacted } from '../../src/base/unredacted.ts';
import type { Clock } from '../../src/http/connection.ts';
import { createFetch } from '../../src/http/fetch.ts';
import { createAgentFinder } from '../../src/http/proxy.ts';
import type { ActionsCore } from '../../src/report/reporter.ts';
import { runStep as runSrcStep } from '../../src/run.ts';
import type { EntryPoint } from '../../src/stages/step.ts';
import { PROJECT } from './fake-datadog/catalog.ts';
import { FakeDatadog } from './fake-datadog.ts';

/** The UUID that every step here draws. */
const UUID = '0123abcd-0123-4bcd-8123-0123456789ab';
/** The reference of a case without a `dedup_key`. */
export const REFERENCE = 'ghac0123abcd01234bcd81230123456789ab';
/** The end of a description, before the references. */
export const FOOTER =
  '*The workflow finds this case by the line below. Please keep it at the end.*\n\nReference: ';

/** A clock that moves only when something sleeps, or when a request is known to stay unanswered. */
export class TestClock implements Clock {
  /** Milliseconds since 1970. */
  time = Date.parse('2026-01-02T03:04:05Z');
  /** This clock itself, even if it is asked for through another object: a request may outlive its step and its test. */
  readonly self: TestClock = this;
  /** Every delay that was slept, in milliseconds. */
  readonly delays: number[] = [];
  readonly #timeouts: { dueAt: number; controller: AbortController }[] = [];

  now = () => this.time;

  async sleep(milliseconds: number): Promise<void> {
    this.delays.push(milliseconds);
    this.time += milliseconds;
    await new Promise((resolve) => setImmediate(resolve));
  }

  timeoutSignal = (milliseconds: number) => {
    const controller = new AbortController();
    this.#timeouts.push({ dueAt: this.time + milliseconds, controller });
    return controller.signal;
  };

  /**
   * Advances to one pending timeout after another, as long as a client waits for a response that never comes. Throws if
   * the client waits without a timeout.
   */
  advanceToNextTimeout = async (isWaiting: () => boolean) => {
    let idleCount = 0;
    while (idleCount < MAX_IDLE_COUNT) {
      await waitUntilIdle();
      if (!isWaiting()) return;
      const pending = this.#timeouts.filter(
        ({ controller }) => getEventListeners(controller.signal, 'abort').length > 0,
      );
      const [next] = pending.sort((a, b) => a.dueAt - b.dueAt);
      // The server may not have noticed yet that the client has given up.
      idleCount = next ? 0 : idleCount + 1;
      if (!next) continue;
      this.time = Math.max(this.time, next.dueAt);
      next.controller.abort(TIMED_OUT);
    }
    throw new Error(
      'A request stays unanswered, and no timeout of this clock ends it. Does the step use another clock?',
    );
  };
}

/** Created once: without a reason, each abort creates an error with a stack. */
const TIMED_OUT = new DOMException('The operation was aborted due to timeout', 'TimeoutError');

/** How often nothing happens until nothing will: at least two seconds. */
const MAX_IDLE_COUNT = 200;

/** Long enough for requests to local servers to be sent and answered. */
export async function waitUntilIdle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 10));
  // A busy machine may leave no time to this process: wait for turns of the event loop as well.
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

type MessageKind = 'info' | 'debug' | 'notice' | 'warning' | 'error';

/** Records what a step sends to the runner. */
export class TestCore {
  readonly outputs: Record<string, string> = {};
  readonly allMessages: { readonly kind: MessageKind; readonly text: string }[] = [];
  readonly masked: string[] = [];
  /** The variables that a post stage of this step would have. */
  readonly state: Record<string, string> = {};
  /** The variables that later steps of the job would have. */
  readonly exported: Record<string, string> = {};
  summary = '';
  hasFailed = false;
  isDebugEnabled = false;

  readonly core: ActionsCore = {
    setOutput: (name, value: string) => {
      this.outputs[name] = value;
    },
    setSecret: (text) => void this.masked.push(text),
    setFailed: () => {
      this.hasFailed = true;
    },
    info: (text) => this.#record('info', text),
    debug: (text) => this.#record('debug', text),
    notice: (text) => this.#record('notice', text),
    warning: (text) => this.#record('warning', text),
    error: (text) => this.#record('error', text),
    isDebug: () => this.isDebugEnabled,
    appendSummary: (markdown) => {
      this.summary += markdown;
    },
  };

  /** All messages of a kind, one below the other. */
  messages(kind: MessageKind): string {
    return this.allMessages.flatMap((message) => (message.kind === kind ? message.text : [])).join('\n');
  }

  /** Everything that the step wrote for people to read. */
  get visibleText(): string {
    const messages = this.allMessages.map(({ text }) => text);
    return [...messages, ...Object.values(this.outputs), this.summary].join('\n');
  }

  #record(kind: MessageKind, text: string | Error): void {
    this.allMessages.push({ kind, text: String(text) });
  }
}

/** Inputs that open a case in the fake Datadog. */
export function validInputs(datadog: FakeDatadog): Record<string, string> {
  return {
    api_url: datadog.url,
    api_key: FakeDatadog.apiKey,
    app_key: FakeDatadog.appKey,
    project: PROJECT.id,
    title: 'Deploy failed',
  };
}

export interface StepOptions {
  /** Default: the main action. */
  readonly entryPoint?: EntryPoint;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** The payload of the event that started the workflow. */
  readonly event?: unknown;
  /** Files of the workspace, by path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly clock?: TestClock;
  readonly core?: TestCore;
  /** Default: always the same one, and so the same reference. */
  readonly randomUUID?: () => string;
  /** Default: always 0.5. */
  readonly random?: () => number;
  /** Aborts when the runner asks the step to end. */
  readonly interruption?: AbortSignal;
  /** Whether what the first stage saved is missing. */
  readonly isStateLost?: boolean;
}

/** Runs a whole step in this process, against real local servers, on a clock that the test controls. */
export async function runStep(options: StepOptions): Promise<TestCore> {
  const core = options.core ?? new TestCore();
  const inputs = Object.entries(options.inputs ?? {}).map(([name, text]) => [
    `INPUT_${name.toUpperCase()}`,
    text,
  ]);
  await runSrcStep({
    entryPoint: options.entryPoint ?? 'case',
    env: { ...Object.fromEntries(inputs), ...options.env },
    core: core.core,
    fetch: createFetch(createAgentFinder(options.env ?? {})),
    clock: (options.clock ?? new TestClock()).self,
    random: options.random ?? (() => 0.5),
    randomUUID: options.randomUUID ?? (() => UUID),
    interruption: options.interruption ?? new AbortController().signal,
    isStateLost: options.isStateLost ?? false,
    saveState: (name, value) => {
      core.state[`STATE_${name}`] = value.reveal();
    },
    exportVariable: (name, value) => {
      core.exported[name] = value;
    },
    event: options.event,
    readWorkspaceFile: async (path) => {
      const text = options.files?.[path];
      if (text === undefined) throw new Error(`File "${path}" was not found in the workspace.`);
      return { text: new Unredacted(text), problems: [] };
    },
  });
  return core;
}
