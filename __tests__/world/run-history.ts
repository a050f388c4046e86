import { findAttempt } from './attempts.ts';
import { CaseStore } from './case-store.ts';
import { Datadog } from './datadog.ts';
import { GitHub } from './github.ts';
import type { History, JobEvent } from './history.ts';
import type { Network } from './network.ts';
import { actAs } from './people.ts';
import { Random } from './random.ts';
import {
  type Change,
  newRecord,
  type RunningJob,
  type StepRecord,
  type StoryLine,
  type WorldRecord,
} from './record.ts';
import { keyOf, prepareStep } from './runner.ts';
import { Schedule } from './schedule.ts';
import { type Program, startStep } from './step.ts';
import { describeJob, describeStep, tellChange } from './story.ts';

/** How long it stays quiet, until the index has caught up and every late request is processed. */
const QUIET_MS = 600_000;

/** Lets a history happen. */
export async function runHistory(history: History, program: Program): Promise<WorldRecord> {
  return new World(history, program).run();
}

class World {
  readonly #history: History;
  readonly #program: Program;
  readonly #schedule = new Schedule();
  readonly #store: CaseStore;
  readonly #github = new GitHub(() => this.#schedule.time);
  readonly #network: Network;
  readonly #steps: StepRecord[] = [];
  readonly #changes: Change[] = [];
  readonly #notes: WorldRecord['notes'][number][] = [];
  readonly #story: StoryLine[] = [];
  /** Jobs whose last step of this action has not ended. */
  readonly #busy = new Set<RunningJob>();

  constructor(history: History, program: Program) {
    this.#history = history;
    this.#program = program;
    const random = new Random(1);
    this.#store = new CaseStore({
      service: history.service,
      now: () => this.#schedule.time,
      uuid: random.uuid,
      onChange: (change) => {
        this.#changes.push(change);
        this.#tell(
          tellChange(
            change,
            this.#store.record().find(({ id }) => id === change.id),
          ),
        );
      },
    });
    this.#network = {
      schedule: this.#schedule,
      datadog: new Datadog(this.#store),
      github: this.#github,
      tell: (text, step) => this.#tell(`${describeStep(step)}: ${text}`),
    };
  }

  async run(): Promise<WorldRecord> {
    let time = this.#schedule.time;
    for (const event of this.#history.events) {
      time += event.wait;
      this.#schedule.at(time, () => {
        if (event.kind === 'job') this.#runJob(event, 'any');
        else this.#notes.push(...actAs(event, this.#store, this.#schedule.time));
      });
    }
    await this.#schedule.run();
    const quietAt = this.#schedule.time + QUIET_MS;
    await this.#runOnceMore(quietAt);
    return {
      service: this.#history.service,
      jobs: this.#github.jobs,
      steps: this.#steps,
      changes: this.#changes,
      cases: this.#store.record(),
      notes: this.#notes,
      story: this.#story,
      quietAt,
    };
  }

  /** Runs each job once more, in a run of its own. */
  async #runOnceMore(quietAt: number): Promise<void> {
    let time = quietAt;
    for (const [index] of this.#history.jobs.entries()) {
      const result = this.#history.ends[index] ?? 'success';
      const event = { ...CALM, job: index, result, salt: index };
      this.#schedule.at(time, () => this.#runJob(event, 'final'));
      await this.#schedule.run();
      time = this.#schedule.time + QUIET_MS;
    }
  }

  #runJob(event: JobEvent, phase: 'any' | 'final'): void {
    const job = this.#history.jobs[event.job % this.#history.jobs.length];
    if (!job) return;
    const now = this.#schedule.time;
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
    this.#tell(
      `${describeJob(running)} starts (${event.result === 'success' ? 'will succeed' : `will end as ${event.result}`})`,
    );
    const state: Record<string, string> = {};
    const start = (stage: StepRecord['stage']) => this.#startStep({ event, phase, running, stage, state });
    if (job.action === 'watch') start('start');
    this.#schedule.at(endsAt, () => {
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
      startedAt: this.#schedule.time,
    });
    this.#steps.push(record);
    const { project } = this.#history;
    startStep(record, prepareStep(record, running, { project, state }), {
      schedule: this.#schedule,
      network: this.#network,
      program: this.#program,
      onEnd: () => {
        if (stage !== 'start') this.#busy.delete(running);
        if (stage !== 'start' || record.warnings.length) this.#tellEnd(record);
      },
    });
  }

  #tellEnd(step: StepRecord): void {
    const how = step.endedAt === undefined ? 'is stopped' : `ends${step.hasFailed ? ' with an error' : ''}`;
    const outcome = step.outputs.outcome ? ` (${step.outputs.outcome})` : '';
    const messages = [...step.errors, ...step.warnings, ...step.notices].map(
      (text) => `\n               says: ${text.replaceAll('\n', ' ').slice(0, 300)}`,
    );
    this.#tell(`${describeStep(step)} ${how}${outcome}${messages.join('')}`);
  }

  #tell(text: string): void {
    this.#story.push({ at: this.#schedule.time, text });
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
