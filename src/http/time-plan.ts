import type { Clock } from './connection.ts';

// Every limit of time in a step, on one screen. `timeout` bounds all of it: a client carries the deadline, and each
// phase gets a client with an earlier one. A phase that has no row here may take all the time that is left.
//
//   sign in · look up names · search ┐
//   failed jobs · streak · file      ┴→ create · search for a lost response → settle → follow-ups → comments

/** What a phase may take of the time that is left, and what it must leave for those after it. */
interface Phase {
  /** A share (0 to 1) of the time that is left. */
  readonly share?: number;
  /** At most this long, in milliseconds. */
  readonly maxMs?: number;
  /** What the phase leaves: a share of the time, but no more than `maxLeaveMs` milliseconds. */
  readonly leaveShare?: number;
  readonly maxLeaveMs?: number;
}

const PHASES = {
  /** Names, and the search for open cases: leaves time to create. */
  lookUp: { leaveShare: 1 / 3, maxLeaveMs: 20_000 },
  /** Listing failed jobs and reading their logs. GitHub is optional. */
  failedJobs: { share: 1 / 2, maxMs: 5000 },
  /** The history that `after_failures` counts. */
  streak: { share: 1 / 3, maxMs: 5000 },
  /** `description_file`: a file system that doesn't respond must not cost the case. */
  file: { share: 1 / 3, maxMs: 2000 },
  /** A create request: leaves time to search for its case if there is no response. */
  create: { leaveShare: 1 / 4, maxLeaveMs: 12_000 },
  /** Looking for a case that another step opened at the same time: leaves time to close one of the two. */
  settle: { leaveShare: 1, maxLeaveMs: 3000 },
  /** Setting what a case can't be created with, if comments follow. */
  followUps: { share: 1 / 2 },
  /** Asking for one case as it is now, since something is decided by it. */
  refresh: { share: 1 / 2 },
  /** A change of status: leaves time to ask whether it happened. */
  status: { share: 2 / 3 },
  /** A timeline comment that something else follows, and closing a duplicate. */
  beforeMore: { share: 1 / 2 },
  /** The pull request comment. GitHub is optional. */
  pullRequestComment: { maxMs: 15_000 },
  /** Finding out that no case is open, all requests together: an outage must not hold up jobs that succeed. */
  findOutNothingIsOpen: { maxMs: 15_000 },
  /** Reading the files of a report: leaves time to open cases. */
  report: { share: 1 / 3 },
  /** All changes that a report makes: leaves time for the search at the end. */
  syncChanges: { leaveShare: 1 / 10, maxLeaveMs: 15_000 },
  /** One change among many: a request that hangs must not take the time of the others. */
  syncChange: { maxMs: 30_000 },
} as const satisfies Readonly<Record<string, Phase>>;

export type PhaseName = keyof typeof PHASES;

/**
 * Pauses before each search for something that should be there already, in milliseconds: the index may lag. The first
 * is short, because most indexes are quick.
 */
export const SEARCH_PAUSES_MS = {
  /** For the case of a create request that had no usable response. */
  lostCreate: [1000, 2000, 3000],
  /** For cases that other steps opened at the same time. */
  settle: [300, 700, 2000, 3000, 4000],
  /** For the failed step of a running job: GitHub's list lags. */
  failedStep: [500, 1000, 1500],
} as const;

/** An open case that was fetched this long ago is fetched again before something is decided by it, in milliseconds. */
export const FRESH_MS = 1000;

/** How long to wait after a request that failed and may succeed, in milliseconds, if the server doesn't say. */
export const RETRY = {
  baseMs: 250,
  maxMs: 10_000,
  /** What the last attempt has, if its pause must be shortened; less if half of the time that is left is less. */
  lastAttemptMs: 1000,
  /** The longest pause before another attempt of a pull request comment. */
  maxCommentMs: 5000,
} as const;

/** A request without side effects that is unanswered for this long, and for this share of the time, is sent again. */
export const HEDGE = { minMs: 2500, share: 1 / 3 } as const;

/** How long the log may take to be read once the step has ended, in milliseconds. */
export const FLUSH_MS = 2000;

/**
 * The longest `timeout` of a watched job's end. After a cancellation, the post stages of all steps share about 4
 * minutes and 45 seconds. Source: https://github.com/actions/runner
 */
export const MAX_POST_TIMEOUT_MS = 120_000;

/**
 * How long requests that are under way may still take after SIGINT. The runner sends SIGTERM after 7.5 seconds and
 * kills the process 2.5 seconds later. Source: https://github.com/actions/runner
 */
export const INTERRUPTED_MS = 8000;

/** Something that must end at a point in time. */
interface Timed {
  readonly clock: Clock;
  /** In milliseconds since 1970. */
  readonly deadlineMs: number;
}

/** How many milliseconds a phase may take. */
export function timeFor(phase: PhaseName, { clock, deadlineMs }: Timed): number {
  const {
    share = 1,
    maxMs = Number.POSITIVE_INFINITY,
    leaveShare = 0,
    maxLeaveMs = 0,
  }: Phase = PHASES[phase];
  const remainingMs = Math.max(0, deadlineMs - clock.now());
  return Math.min(remainingMs * share, maxMs, remainingMs - Math.min(remainingMs * leaveShare, maxLeaveMs));
}

/** The client (or anything else that has a deadline), limited to the time of a phase that starts now. */
export function within<T extends Timed>(phase: PhaseName, timed: T): T {
  return { ...timed, deadlineMs: timed.clock.now() + timeFor(phase, timed) };
}

/** Sleeps, unless the time is up by then. Returns whether it slept. */
export async function pause({ clock, deadlineMs }: Timed, ms: number): Promise<boolean> {
  if (clock.now() + ms >= deadlineMs) return false;
  await clock.sleep(ms);
  return true;
}
