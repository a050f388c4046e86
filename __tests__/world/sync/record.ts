import type { Service } from '../history.ts';
import type { Change, StepRecord, StoryLine, WorldRecord } from '../record.ts';
import type { ReportEntry, SyncEvent, SyncJob } from './history.ts';

/** A step that syncs a report, as the oracle sees it. */
export interface SyncStep extends StepRecord {
  readonly sync: {
    readonly job: SyncJob;
    readonly event: SyncEvent;
    readonly entries: readonly ReportEntry[];
    /** Whether this is one of the last two runs: the second finds what the first one found. */
    readonly last: 'first' | 'second' | undefined;
  };
}

/** A case as the oracle sees it. */
export interface SyncCase {
  readonly id: string;
  readonly label: string;
  readonly title: string;
  readonly description: string;
  readonly priority: string;
  /** Who opened it: the number of a step; `undefined` if a person or another action did. */
  readonly openedBy: number | undefined;
}

export interface SyncWorldRecord extends Pick<WorldRecord, 'changes' | 'notes' | 'quietAt'> {
  readonly service: Service;
  readonly steps: readonly SyncStep[];
  readonly cases: readonly SyncCase[];
  readonly story: readonly StoryLine[];
  readonly changes: readonly Change[];
}
