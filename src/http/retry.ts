import { toSentence } from '../base/errors.ts';
import { HttpError, RequestError, type Tries } from './errors.ts';
import { requestFate } from './fate.ts';
import { RETRY } from './time-plan.ts';

const MAX_ATTEMPTS = 6;
/** A time in 2001, in seconds since 1970. No delay is as long as that. */
const MIN_EPOCH_SECONDS = 1e9;

/** What limits the retries of a request. An `ApiClient` is one. */
interface RetryBudget {
  readonly clock: { now(): number; sleep(ms: number): Promise<void> };
  /** A random number from 0 up to, but not including, 1. */
  readonly random: () => number;
  /** When all attempts must have ended, in milliseconds since 1970. */
  readonly deadlineMs: number;
  /** Receives a line before each retry. */
  readonly log: (line: string) => void;
}

/**
 * Calls `attempt` until it succeeds, as long as `isRetryable` accepts its error: at most 6 times, or until the deadline
 * if the server certainly did nothing. The last pause is shortened so that it ends before the deadline. Throws the last
 * error, which says how often and for how long it was tried.
 */
export async function retry<T>(
  budget: RetryBudget,
  isRetryable: (error: unknown) => boolean,
  attempt: () => Promise<T>,
): Promise<T> {
  const { clock } = budget;
  const startedAtMs = clock.now();
  let isLast = false;
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await attempt();
    } catch (error) {
      const isExhausted: boolean = isLast || (attempts >= MAX_ATTEMPTS && requestFate(error) === 'unknown');
      const pause: Pause | undefined =
        isExhausted || !isRetryable(error) ? undefined : planPause(budget, error, attempts);
      if (!pause) {
        if (attempts > 1 && error instanceof RequestError)
          error.tries = { count: attempts, durationMs: clock.now() - startedAtMs };
        throw error;
      }
      isLast = pause.isLast;
      budget.log(`${toSentence(error)} Trying again in ${toSeconds(pause.ms)} s.${pause.remark}`);
      await clock.sleep(pause.ms);
    }
  }
}

const SINGLE_TRY: Tries = { count: 1, durationMs: 0 };

/** Goes on after `earlier`, which ended a `retry`. An error counts the attempts before and after. */
export async function continueTries<T>(earlier: unknown, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (earlier instanceof RequestError && error instanceof RequestError) {
      const before = earlier.tries ?? SINGLE_TRY;
      const after = error.tries ?? SINGLE_TRY;
      error.tries = {
        count: before.count + after.count,
        durationMs: before.durationMs + after.durationMs,
      };
    }
    throw error;
  }
}

interface Pause {
  readonly ms: number;
  /** Whether it was shortened, so that only one attempt may follow. */
  readonly isLast: boolean;
  /** Why it isn't as long as the server asks, for the log; otherwise empty. */
  readonly remark: string;
}

/**
 * The pause after this number of attempts; `undefined` if no time is left. It is as long as the server asks, plus
 * exponential backoff with full jitter
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/). If the server asks for more than the time
 * that is left, the backoff alone decides: a gateway may be wrong, and to give up helps nobody.
 */
function planPause(
  { clock, random, deadlineMs }: RetryBudget,
  error: unknown,
  attempts: number,
): Pause | undefined {
  const remainingMs = deadlineMs - clock.now();
  if (!(remainingMs > 0)) return undefined;
  const longestMs = remainingMs - Math.min(RETRY.lastAttemptMs, remainingMs / 2);
  const requestedMs = (error instanceof HttpError && error.retryAfterMs) || 0;
  const isPossible = requestedMs <= longestMs;
  const backoffMs = random() * Math.min(RETRY.maxMs, RETRY.baseMs * 2 ** attempts);
  const wantedMs = (isPossible ? requestedMs : 0) + backoffMs;
  return {
    ms: Math.min(wantedMs, longestMs),
    isLast: wantedMs > longestMs,
    remark: isPossible
      ? ''
      : ` The server asks to wait ${toSeconds(requestedMs)} s, but only ${toSeconds(remainingMs)} s are left.`,
  };
}

function toSeconds(ms: number): number {
  return Math.ceil(ms / 100) / 10;
}

/**
 * Milliseconds that the server asks to wait; `undefined` if it does not say. Reads `Retry-After` (seconds or a date,
 * https://www.rfc-editor.org/rfc/rfc9110#field.retry-after) and, for a 429, `X-RateLimit-Reset` (seconds until the
 * reset, https://docs.datadoghq.com/api/latest/rate-limits/). Only on 429: other responses carry X-RateLimit-Reset
 * too. A number that is far too large is a time (seconds or milliseconds since 1970), as some gateways send it. A time
 * is compared with the server's own clock, if the response has a `Date`.
 */
export function retryAfterMs(
  response: { readonly status: number; readonly headers: { get(name: string): string | null } },
  nowMs: number,
): number | undefined {
  const { status, headers } = response;
  const serverNowMs = Date.parse(headers.get('date') ?? '') || nowMs;
  const names = status === 429 ? ['retry-after', 'x-ratelimit-reset'] : ['retry-after'];
  for (const name of names) {
    const delayMs = parseDelay(headers.get(name)?.trim() ?? '', serverNowMs);
    if (delayMs !== undefined) return Math.max(0, delayMs);
  }
  return undefined;
}

function parseDelay(value: string, serverNowMs: number): number | undefined {
  // A header that was sent twice arrives as a list.
  const number = /^\d+(?:\.\d+)?(?=\s*(?:,|$))/.exec(value)?.[0];
  if (number === undefined) {
    const delayMs = Date.parse(value) - serverNowMs;
    return Number.isFinite(delayMs) ? delayMs : undefined;
  }
  const seconds = Number(number);
  if (seconds < MIN_EPOCH_SECONDS) return seconds * 1000;
  return (seconds < MIN_EPOCH_SECONDS * 1000 ? seconds * 1000 : seconds) - serverNowMs;
}
