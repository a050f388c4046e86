import type { StepReport } from '../../src/run.ts';
import type { Job, JobEvent, RequestKind, Service } from './history.ts';

// What has happened in a world: what the oracle judges.

/** An attempt of a run of a workflow. */
export interface Attempt {
  readonly server: string;
  readonly run: number;
  readonly attempt: number;
}

/** A job of a run, as GitHub knows it. */
export interface RunningJob {
  readonly id: number;
  readonly attempt: Attempt;
  readonly job: Job;
  readonly startedAt: number;
  readonly endsAt: number;
  readonly result: 'failure' | 'success' | 'cancelled';
}

/** One step of this action, from its start to its end. */
export interface StepRecord {
  /** Counts the steps of a history. */
  readonly number: number;
  readonly job: Job;
  readonly event: JobEvent;
  readonly attempt: Attempt;
  /** What the job belongs to, in the eyes of its author: jobs with the same key share one case. */
  readonly key: string;
  readonly stage: 'main' | 'start' | 'end';
  readonly isFinal: boolean;
  readonly startedAt: number;
  /** `undefined` if the step was killed. */
  endedAt: number | undefined;
  stoppedAt: number | undefined;
  /** What the step says about itself, as data. */
  report: StepReport | undefined;
  readonly outputs: Record<string, string>;
  readonly warnings: string[];
  readonly errors: string[];
  readonly notices: string[];
  hasFailed: boolean;
  /** Everything that left the step, except the headers that carry keys. */
  readonly sent: string[];
  /** Hosts other than those of the workflow that got a key. */
  readonly keyedHosts: string[];
  /** How many of its requests something went wrong with, by what they do. */
  readonly faults: RequestKind[];
  readonly requests: RequestRecord[];
}

/** What is known of a step that has not started. */
export type NewStep = Pick<
  StepRecord,
  'number' | 'job' | 'event' | 'attempt' | 'key' | 'stage' | 'isFinal' | 'startedAt'
>;

/** The record of a step that has not started. */
export function newRecord(step: NewStep): StepRecord {
  return {
    ...step,
    endedAt: undefined,
    stoppedAt: undefined,
    report: undefined,
    outputs: {},
    warnings: [],
    errors: [],
    notices: [],
    hasFailed: false,
    sent: [],
    keyedHosts: [],
    faults: [],
    requests: [],
  };
}

export interface RequestRecord {
  readonly at: number;
  readonly line: string;
  readonly isWrite: boolean;
}

/** One thing that was done to a case. */
export interface Change {
  readonly at: number;
  readonly id: string;
  readonly kind:
    | 'created'
    | 'closed'
    | 'reopened'
    | 'archived'
    | 'moved'
    | 'described'
    | 'commented'
    | 'other';
  readonly by: StepRecord | 'somebody';
  /** The description afterwards. */
  readonly description: string;
}

/** A case as the oracle sees it. */
export interface CaseRecord {
  readonly id: string;
  readonly label: string;
  /** The key of the job whose step created it; `undefined` if a person did. */
  readonly key: string | undefined;
  readonly isOpen: boolean;
  readonly isInProject: boolean;
  readonly description: string;
}

/** A line of the story. */
export interface StoryLine {
  readonly at: number;
  readonly text: string;
}

export interface WorldRecord {
  readonly service: Service;
  readonly jobs: readonly RunningJob[];
  readonly steps: readonly StepRecord[];
  readonly changes: readonly Change[];
  readonly cases: readonly CaseRecord[];
  /** What people wrote into descriptions. */
  readonly notes: readonly { readonly at: number; readonly id: string; readonly text: string }[];
  readonly story: readonly StoryLine[];
  /** When all was quiet and the index had caught up, before each job ran once more. */
  readonly quietAt: number;
}
