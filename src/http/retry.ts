import { toSentence } from '../base/errors.ts';
import { HttpError, NetworkError } from './errors.ts';

const MAX_ATTEMPTS = 6;
const BASE_DELAY_MS = 250;
const MAX_DELAY_MS = 10_000;

/** What limits the retries of a request. An `ApiClient` is one. */
export interface RetryBudget {
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
 * if the server did nothing, because it was not reached or is limiting requests. Throws the last error. Does not sleep
 * if the deadline would pass first.
 */
export async function retry<T>(
  budget: RetryBudget,
  isRetryable: (error: unknown) => boolean,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!isRetryable(error) || (attempts >= MAX_ATTEMPTS && !isUnprocessed(error))) throw error;
      const delayMs = retryDelayMs(error, attempts, budget.random);
      if (budget.clock.now() + delayMs >= budget.deadlineMs) throw error;
      budget.log(`${toSentence(error)} Trying again in ${Math.ceil(delayMs / 100) / 10} s.`);
      await budget.clock.sleep(delayMs);
    }
  }
}

/** Whether the server has certainly done nothing. */
function isUnprocessed(error: unknown): boolean {
  if (error instanceof HttpError) return error.status === 429;
  return error instanceof NetworkError && error.notSent;
}

/**
 * Milliseconds to wait after this number of attempts: what the server asks for, plus exponential backoff with full jitter
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 */
function retryDelayMs(error: unknown, attempts: number, random: () => number): number {
  const requestedMs = (error instanceof HttpError && error.retryAfterMs) || 0;
  return requestedMs + random() * Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** attempts);
}

/**
 * Milliseconds that the server asks to wait; `undefined` if it does not say. Reads `Retry-After` (seconds or a date,
 * https://www.rfc-editor.org/rfc/rfc9110#field.retry-after) and, for a 429, `X-RateLimit-Reset` (seconds until the
 * reset, https://docs.datadoghq.com/api/latest/rate-limits/). Only on 429: other responses carry X-RateLimit-Reset
 * too, and some APIs send a time there
 * (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api).
 */
export function retryAfterMs(
  response: { readonly status: number; readonly headers: { get(name: string): string | null } },
  nowMs: number,
): number | undefined {
  const names = response.status === 429 ? ['retry-after', 'x-ratelimit-reset'] : ['retry-after'];
  for (const name of names) {
    const value = response.headers.get(name)?.trim();
    if (!value) continue;
    const delayMs = /^\d+(?:\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - nowMs;
    if (Number.isFinite(delayMs)) return Math.max(0, delayMs);
  }
  return undefined;
}
