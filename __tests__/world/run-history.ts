import { findAttempt } from './attempts.ts';
import { Chronicle } from './chronicle.ts';
import { Datadog } from './datadog.ts';
import { GitHub } from './github.ts';
import type { History, JobEvent } from './history.ts';
import type { Network } from './network.ts';
import { actAs } from './people.ts';
import { newRecord, type RunningJob, type StepRecord, type WorldRecord } from './record.ts';
import { keyOf, prepareStep } from './runner.ts';
import { type Program, startStep } from './step.ts';
import { describeJob, describeStep } from './story.ts';

/** How long it stays quiet, until the index has caught up and every late request is processed. */
const QUIET_MS = 600_000;

/** Lets a history happen. */
export async function runHistory(history: History, program: Program): Promise<WorldRecord> {
  return new World(history, program).run();
}

class World {
  readonly #history: History;
  readonly #program: Program;
  readonly #chronicle: Chronicle;
  readonly #github = new GitHub(() => this.#chronicle.schedule.time);
  readonly #network: Network;
  readonly #steps: StepRecord[] = [];
  readonly #notes: WorldRecord['notes'][number][] = [];
  /** Jobs whose last step of this action has not ended. */
  readonly #busy = new Set<RunningJob>();

  constructor(history: History, program: Program) {
    this.#history = history;
    this.#program = program;
    this.#chronicle = new Chronicle(history.service);
    this.#network = {
      schedule: this.#chronicle.schedule,
      datadog: new Datadog(this.#chronicle.store),
      github: this.#github,
      tell: (text, step) => this.#chronicle.tell(`${describeStep(step)}: ${text}`),
    };
  }

  async run(): Promise<WorldRecord> {
    let time = this.#chronicle.schedule.time;
    for (const event of this.#history.events) {
      time += event.wait;
      this.#chronicle.schedule.at(time, () => {
        if (event.kind === 'job') this.#runJob(event, 'any');
        else this.#notes.push(...actAs(event, this.#chronicle.store, this.#chronicle.schedule.time));
      });
    }
    await this.#chronicle.schedule.run();
    const quietAt = this.#chronicle.schedule.time + QUIET_MS;
    await this.#runOnceMore(quietAt);
    return {
      service: this.#history.service,
      jobs: this.#github.jobs,
      steps: this.#steps,
      changes: this.#chronicle.changes,
      cases: this.#chronicle.store.record(),
      notes: this.#notes,
      story: this.#chronicle.story,
      quietAt,
    };
  }

  /** Runs each job once more, in a run of its own. */
  async #runOnceMore(quietAt: number): Promise<void> {
    let time = quietAt;
    for (const [index] of this.#history.jobs.entries()) {
      const result = this.#history.ends[index] ?? 'success';
      const event = { ...CALM, job: index, result, salt: index };
      this.#chronicle.schedule.at(time, () => this.#runJob(event, 'final'));
      await this.#chronicle.schedule.run();
      time = this.#chronicle.schedule.time + QUIET_MS;
    }
  }

  #runJob(event: JobEvent, phase: 'any' | 'final'): void {
    const job = this.#history.jobs[event.job % this.#history.jobs.length];
    if (!job) return;
    const now = this.#chronicle.schedule.time;
    const isBusy = (other: RunningJob) => this.#busy.has(other) || other.endsAt > now;
    const attempt = findAttempt(this.#github.jobs, { job, wanted: event.run, isBusy, keyOf });
    const endsAt = now + event.lasts;
    const running = {
      id: 700 + this.#github.jobs.length,
      attempt,
      job,
      startedAt: now,
      endsAt,
      result: event.result,
    };
    this.#github.jobs.push(running);
    this.#busy.add(running);
    this.#chronicle.tell(
      `${describeJob(running)} starts (${event.result === 'success' ? 'will succeed' : `will end as ${event.result}`})`,
    );
    const state: Record<string, string> = {};
    const start = (stage: StepRecord['stage']) => this.#startStep({ event, phase, running, stage, state });
    if (job.action === 'watch') start('start');
    this.#chronicle.schedule.at(endsAt, () => {
      if (job.action === 'watch') start('end');
      // Neither `if: failure()` nor `if: success()` holds for a cancelled job; `if: always()` does.
      else if (job.action !== 'main' || event.result !== 'cancelled') start('main');
      else this.#busy.delete(running);
    });
  }

  #startStep({ event, phase, running, stage, state }: StepStart): void {
    const { job, attempt } = running;
    const record = newRecord({
      number: this.#steps.length + 1,
      job,
      event,
      attempt,
      key: keyOf(job),
      stage,
      isFinal: phase === 'final',
      startedAt: this.#chronicle.schedule.time,
    });
    this.#steps.push(record);
    const { project } = this.#history;
    startStep(record, prepareStep(record, running, { project, state }), {
      schedule: this.#chronicle.schedule,
      network: this.#network,
      program: this.#program,
      onEnd: () => {
        if (stage !== 'start') this.#busy.delete(running);
        if (stage !== 'start' || record.warnings.length)
          this.#chronicle.tellEnd(describeStep(record), record);
      },
    });
  }
}

interface StepStart {
  readonly event: JobEvent;
  readonly phase: 'any' | 'final';
  readonly running: RunningJob;
  readonly stage: StepRecord['stage'];
  /** What the start of a watched job saves for its end. */
  readonly state: Record<string, string>;
}

const CALM: Omit<JobEvent, 'job' | 'result' | 'salt'> = {
  kind: 'job',
  wait: 0,
  run: 'new',
  lasts: 1000,
  faults: [],
  stop: null,
  skew: 0,
  isDryRun: false,
  isRespelled: false,
  atEnd: 'same',
};
