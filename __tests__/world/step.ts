import { getEventListeners } from 'node:events';
import { Unredacted } from '../../src/base/unredacted.ts';
import type { StepReport } from '../../src/run.ts';
import type { RestoredEnvironment } from '../../src/stages/saved-environment.ts';
import type { Environment } from '../../src/stages/step.ts';
import { type Network, Sender } from './network.ts';
import { Random } from './random.ts';
import type { StepRecord } from './record.ts';
import type { Schedule } from './schedule.ts';

/** The program under test: what its entry point calls. */
export interface Program {
  readonly runStep: (environment: Environment) => Promise<StepReport | undefined>;
  readonly restoreEnvironment: (
    env: Readonly<Record<string, string | undefined>>,
  ) => RestoredEnvironment | undefined;
}

/** What the runner gives a step. */
export interface StepSetup {
  readonly env: Record<string, string>;
  readonly event: unknown;
  readonly saveState: (name: string, value: string) => void;
}

export interface StepSurroundings {
  readonly schedule: Schedule;
  readonly network: Network;
  readonly program: Program;
  readonly onEnd: () => void;
}

/** A signal is followed by another one, and then by the end of the process. Source: https://github.com/actions/runner */
const SIGNAL_TO_KILL_MS = 10_000;

/** Runs a step until it ends or is stopped. It only sees what the world shows it. */
export function startStep(record: StepRecord, setup: StepSetup, surroundings: StepSurroundings): void {
  const { schedule, network, program, onEnd } = surroundings;
  const random = new Random(record.event.salt, record.number, 1);
  const interruption = new AbortController();
  let isOver = false;
  const stop = () => {
    if (isOver) return;
    record.stoppedAt = schedule.time;
    if (record.event.stop?.how === 'signal') {
      interruption.abort();
      schedule.at(
        schedule.time + SIGNAL_TO_KILL_MS,
        () => {
          isOver = true;
        },
        () => isOver,
      );
      return;
    }
    isOver = true;
    onEnd();
  };
  const sender = new Sender(record, network, { stop, isOver: () => isOver });
  // Post stages begin like this: see src/main.ts.
  const restored = record.stage === 'end' ? program.restoreEnvironment(setup.env) : undefined;
  const environment: Environment = {
    entryPoint: record.stage === 'main' ? 'case' : record.stage === 'start' ? 'watch-start' : 'watch-end',
    env: restored?.env ?? setup.env,
    core: recordCore(record, () => isOver),
    fetch: sender.fetch,
    clock: createClock(schedule, record.event.skew, () => isOver),
    random: random.next,
    randomUUID: random.uuid,
    saveState: (name, value) => setup.saveState(name, value.reveal()),
    event: setup.event,
    readWorkspaceFile: async () => ({ text: new Unredacted('From a file.'), problems: [] }),
    exportVariable: () => undefined,
    isStateLost: record.stage === 'end' && !restored,
    interruption: interruption.signal,
  };
  program.runStep(environment).then(
    (report) => {
      if (isOver) return;
      isOver = true;
      record.report = report;
      record.endedAt = schedule.time;
      onEnd();
    },
    (error: unknown) => void record.errors.push(`The step threw: ${String(error)}`),
  );
}

function createClock(schedule: Schedule, skew: number, isOver: () => boolean): Environment['clock'] {
  return {
    now: () => schedule.time + skew,
    sleep: (ms) => new Promise((resolve) => schedule.at(schedule.time + ms, resolve, isOver)),
    timeoutSignal: (ms) => {
      const controller = new AbortController();
      const { signal } = controller;
      const isUnused = () => isOver() || getEventListeners(signal, 'abort').length === 0;
      schedule.at(schedule.time + Math.ceil(ms), () => controller.abort(), isUnused);
      return signal;
    },
  };
}

function recordCore(record: StepRecord, isOver: () => boolean): Environment['core'] {
  const add = (list: string[]) => (text: string | Error) => {
    if (isOver()) return;
    list.push(String(text));
    record.sent.push(String(text));
  };
  return {
    setOutput: (name, value: string) => {
      if (isOver()) return;
      record.outputs[name] = value;
      record.sent.push(value);
    },
    setSecret: () => undefined,
    setFailed: () => {
      record.hasFailed ||= !isOver();
    },
    info: add([]),
    debug: add([]),
    notice: add(record.notices),
    warning: add(record.warnings),
    error: add(record.errors),
    isDebug: () => true,
    appendSummary: add([]),
  };
}
