import { label, latest, PROJECT } from '../case-store.ts';
import { Chronicle } from '../chronicle.ts';
import { Datadog } from '../datadog.ts';
import { GitHub } from '../github.ts';
import type { Network } from '../network.ts';
import { actAs } from '../people.ts';
import type { WorldRecord } from '../record.ts';
import { type Program, startStep } from '../step.ts';
import type { SyncEvent, SyncHistory, SyncJob } from './history.ts';
import type { SyncStep, SyncWorldRecord } from './record.ts';
import { writeReport } from './reports.ts';
import { newStep, prepareSyncStep } from './runner.ts';
import { findSyncAttempt } from './sync-attempts.ts';
import { describeSync } from './sync-story.ts';
import { WorkspaceFolder } from './workspace.ts';

/** How long it stays quiet, until the index has caught up and every late request is processed. */
const QUIET_MS = 600_000;
/** What a step of the main action has opened. */
const OTHER_CASE = `Something else.\n\n*The workflow finds this case by the line below. Please keep it at the end.*\n\nReference: ghac${'1'.repeat(32)} ghac${'2'.repeat(32)}, opened by run 12 of acme/shop`;

/** Lets a history happen. */
export async function runSyncHistory(history: SyncHistory, program: Program): Promise<SyncWorldRecord> {
  const folder = new WorkspaceFolder();
  try {
    return await new SyncWorld(history, program, folder).run();
  } finally {
    folder.remove();
  }
}

class SyncWorld {
  readonly #history: SyncHistory;
  readonly #program: Program;
  readonly #folder: WorkspaceFolder;
  readonly #chronicle: Chronicle;
  readonly #network: Network;
  readonly #steps: SyncStep[] = [];
  readonly #notes: WorldRecord['notes'][number][] = [];

  constructor(history: SyncHistory, program: Program, folder: WorkspaceFolder) {
    this.#history = history;
    this.#program = program;
    this.#folder = folder;
    this.#chronicle = new Chronicle(history.service);
    this.#network = {
      schedule: this.#chronicle.schedule,
      datadog: new Datadog(this.#chronicle.store),
      github: new GitHub(() => this.#chronicle.schedule.time),
      tell: (text, step) => this.#chronicle.tell(`step ${step.number}: ${text}`),
    };
  }

  async run(): Promise<SyncWorldRecord> {
    this.#chronicle.store.store('somebody', {
      title: 'Something else',
      description: OTHER_CASE,
      projectId: PROJECT.id,
      typeId: '00000000-0000-0000-0000-000000000001',
      statusName: 'Open',
    });
    let time = this.#chronicle.schedule.time;
    for (const event of this.#history.events) {
      time += event.wait;
      this.#chronicle.schedule.at(time, () => {
        if (event.kind === 'sync') this.#startRun(event, undefined);
        else this.#notes.push(...actAs(event, this.#chronicle.store, this.#chronicle.schedule.time));
      });
    }
    await this.#chronicle.schedule.run();
    const quietAt = this.#chronicle.schedule.time + QUIET_MS;
    await this.#runOnceMore(quietAt);
    return {
      service: this.#history.service,
      steps: this.#steps,
      changes: this.#chronicle.changes,
      cases: this.#chronicle.store.cases.map((stored) => {
        const { title, description, priority } = latest(stored);
        const openedBy = stored.by === 'somebody' ? undefined : stored.by.number;
        return { id: stored.id, label: label(stored), title, description, priority, openedBy };
      }),
      notes: this.#notes,
      story: this.#chronicle.story,
      quietAt,
    };
  }

  /** Each job runs twice more, in runs of their own, and finds the same report both times. */
  async #runOnceMore(quietAt: number): Promise<void> {
    let time = quietAt;
    for (const [index] of this.#history.jobs.entries())
      for (const last of ['first', 'second'] as const) {
        const event = { ...CALM, job: index, report: this.#history.ends[index] ?? 0, salt: index };
        this.#chronicle.schedule.at(time, () => this.#startRun(event, last));
        await this.#chronicle.schedule.run();
        time = this.#chronicle.schedule.time + QUIET_MS;
      }
  }

  #startRun(event: SyncEvent, last: SyncStep['sync']['last']): void {
    const { jobs, reports } = this.#history;
    const job = jobs[event.job % jobs.length];
    const entries = reports[event.report % reports.length] ?? [];
    if (!job) return;
    const attempt = findSyncAttempt(this.#steps, job, event.run);
    const startsAt = this.#chronicle.schedule.time + event.lasts;
    const step = newStep({ number: this.#steps.length + 1, job, event, attempt, entries, last, startsAt });
    this.#steps.push(step);
    this.#chronicle.schedule.at(startsAt, () => this.#startStep(step, job));
  }

  #startStep(step: SyncStep, job: SyncJob): void {
    const { event, entries } = step.sync;
    this.#chronicle.tell(describeSync(step));
    const { flaw, shift } = event;
    this.#folder.fill(writeReport({ job, entries, flaw, shift }));
    const resume = this.#chronicle.schedule.hold();
    startStep(step, prepareSyncStep(step, this.#folder.path), {
      schedule: this.#chronicle.schedule,
      network: this.#network,
      program: {
        ...this.#program,
        // Files are read before the first request.
        runStep: async (environment) => {
          const fetch: typeof environment.fetch = (url, init) => {
            resume();
            return environment.fetch(url, init);
          };
          return this.#program.runStep({ ...environment, entryPoint: 'sync', fetch }).finally(resume);
        },
      },
      onEnd: () => this.#chronicle.tellEnd(`step ${step.number}`, step),
    });
  }
}

/** An event of which nothing is special. */
export const CALM: Omit<SyncEvent, 'job' | 'report' | 'salt'> = {
  kind: 'sync',
  wait: 0,
  run: 'new',
  lasts: 0,
  flaw: null,
  shift: 0,
  on: 'push',
  isDefaultKnown: true,
  faults: [],
  stop: null,
  skew: 0,
  isDryRun: false,
};
