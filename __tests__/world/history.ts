// What happens in the world, as data: it can be drawn at random, shortened, kept and told.

/** Something that the world can have. Without any of these, it is simple. */
export const FEATURES = [
  'uneven-index',
  'lagging-index',
  'short-pages',
  'uneven-pages',
  'twin-jobs',
  'spellings',
  'notes-below',
  'text-limits',
  'refused-fields',
  'old-answers',
  'no-closing-time',
  'two-servers',
  'servers-share-keys',
  'status-names-only',
  'evaluated-again',
  'signals',
  'kills',
  'faults',
  'people',
  'reopening',
  'streaks',
  'clocks',
  'secrets-in-texts',
  'secrets-in-keys',
  'dry-runs',
] as const;
export type Feature = (typeof FEATURES)[number];

export type JobResult = 'failure' | 'success' | 'cancelled';

/** A job of a workflow, with the steps of this action in it. */
export interface Job {
  /**
   * The main action (one step for failures, one for successes), the watch action, or the main action with `mode: auto`:
   * about its own job, or about the jobs that it needs.
   */
  readonly action: 'main' | 'watch' | 'auto' | 'needs';
  readonly name: string;
  /** Without one, the job itself is the key. Only steps that say which result they report can do without. */
  readonly dedupKey: string;
  readonly branch: string;
  readonly matrix: string;
  readonly server: string;
  readonly reopenHours: number;
  readonly afterFailures: number;
  readonly timeoutSeconds: number;
  readonly onExisting: 'comment' | 'ignore';
  /** Whether the description is a long text. */
  readonly isWordy: boolean;
  /** Where its author has written a key of Datadog's API. */
  readonly leak: 'nowhere' | 'texts' | 'key';
  /** Whether the case has an assignee and a status. */
  readonly isDetailed: boolean;
}

/** Which of Datadog's or GitHub's requests something is about. */
export type RequestKind =
  | 'any'
  | 'search'
  | 'create'
  | 'case'
  | 'status'
  | 'comment'
  | 'description'
  | 'lookup'
  | 'github';

/** What goes wrong with requests of one step. */
export interface Fault {
  readonly on: RequestKind;
  /** How many such requests go well first. */
  readonly skip: number;
  /** How many requests go wrong. */
  readonly times: number;
  readonly name: FaultName;
}

/** When the request is processed, and what its sender gets. */
interface FaultEffect {
  readonly processed: 'never' | 'now' | 'later';
  /** A status, the code of an error, or nothing at all. */
  readonly answer: number | 'ECONNREFUSED' | 'ECONNRESET' | 'nothing' | 'garbage' | 'slow';
}

export const FAULTS = {
  'meets a rate limit': { processed: 'never', answer: 429 },
  'is refused a connection': { processed: 'never', answer: 'ECONNREFUSED' },
  'is lost on its way': { processed: 'never', answer: 'ECONNRESET' },
  'loses its answer': { processed: 'now', answer: 'ECONNRESET' },
  'gets no answer': { processed: 'never', answer: 'nothing' },
  'is processed, but gets no answer': { processed: 'now', answer: 'nothing' },
  'gets no answer and is processed later': { processed: 'later', answer: 'nothing' },
  'gets a 408': { processed: 'never', answer: 408 },
  'is processed, but gets a 408': { processed: 'now', answer: 408 },
  'gets a 500': { processed: 'never', answer: 500 },
  'is processed, but gets a 500': { processed: 'now', answer: 500 },
  'gets a 503': { processed: 'never', answer: 503 },
  'gets a 504 and is processed later': { processed: 'later', answer: 504 },
  'gets a 403': { processed: 'never', answer: 403 },
  'gets an unreadable answer': { processed: 'now', answer: 'garbage' },
  'gets its answer late': { processed: 'now', answer: 'slow' },
} as const satisfies Readonly<Record<string, FaultEffect>>;
export type FaultName = keyof typeof FAULTS;

/** How a step is stopped: before one of its requests is sent, or once it is processed. */
export interface Stop {
  readonly request: number;
  readonly when: 'before' | 'after';
  readonly how: 'kill' | 'signal';
}

/** A job runs, and its steps of this action with it. */
export interface JobEvent {
  readonly kind: 'job';
  /** Milliseconds since the event before. */
  readonly wait: number;
  /** Index of the job. */
  readonly job: number;
  /**
   * A new run, the newest attempt (`twin`: even if a job with the same key runs in it), or another attempt of the newest
   * run or the one before.
   */
  readonly run: 'new' | 'same' | 'twin' | 'again' | 'older';
  readonly result: JobResult;
  /** Milliseconds until the job ends. */
  readonly lasts: number;
  readonly faults: readonly Fault[];
  readonly stop: Stop | null;
  /** Milliseconds by which the runner's clock is ahead. */
  readonly skew: number;
  readonly isDryRun: boolean;
  /** How the project is written: as always, or in another way. */
  readonly isRespelled: boolean;
  /** What the inputs are when they are evaluated at the end of the job. */
  readonly atEnd: 'same' | 'empty' | 'other';
  /** Makes everything that is random about this event. */
  readonly salt: number;
}

export const DEEDS = [
  'closes',
  'reopens',
  'archives',
  'writes above',
  'writes below',
  'moves',
  'copies',
] as const;

/** Somebody does something with one of the cases. */
export interface PersonEvent {
  readonly kind: 'person';
  readonly wait: number;
  readonly does: (typeof DEEDS)[number];
  /** Index of the case, counted from the newest. */
  readonly which: number;
}

export type HistoryEvent = JobEvent | PersonEvent;

/** How Datadog is. */
export interface Service {
  /** Milliseconds until the shards of the index show new cases. */
  readonly newCaseLag: readonly [number, number];
  /** Milliseconds until they show changes of cases. */
  readonly changeLag: readonly [number, number];
  /** The most cases on a page. */
  readonly pageSize: number;
  /** Milliseconds by which every second page is older than the others. */
  readonly pageLag: number;
  /** Whether answers lack what older ones lacked. */
  readonly isOld: boolean;
  readonly hasClosingTime: boolean;
  /** The longest description, and what happens to longer ones. */
  readonly limit: { readonly characters: number; readonly how: 'cuts' | 'refuses' } | null;
  /** Whether assignees and statuses are refused. */
  readonly refusesDetails: boolean;
  /** Whether the deprecated field `status` is refused. */
  readonly wantsStatusNames: boolean;
}

/** Everything that happens, in order. */
export interface History {
  readonly service: Service;
  /** How the project is written in the workflows. */
  readonly project: 'id' | 'key' | 'name';
  readonly jobs: readonly Job[];
  readonly events: readonly HistoryEvent[];
  /** How each job ends when it runs once more, after everything else. */
  readonly ends: readonly ('failure' | 'success')[];
}
