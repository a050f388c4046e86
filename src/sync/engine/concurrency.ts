import type { DatadogClient } from '../../datadog/client.ts';
import type { Clock, Fetch } from '../../http/connection.ts';
import { InterruptedError } from '../../http/errors.ts';
import { retryAfterMs } from '../../http/retry.ts';

/** How many requests are under way at most. */
export const MAX_PARALLEL = 4;
/** The pause after a 429 that doesn't say how long to wait. */
const DEFAULT_PAUSE_MS = 1000;
/** A change waits for a pause of this length. A longer one would take the time that the change itself has. */
const MAX_WAIT_MS = 5000;

/** A request was not sent, or was refused, because the server limits requests for longer than the change has time. */
export class PausedError extends InterruptedError {
  override name = 'PausedError';
}

/** When requests go on after a 429. */
export class RateLimit {
  readonly #clock: Clock;
  #resumesAtMs = 0;
  #pause: Promise<void> | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Sleeps until requests go on, if that is before the deadline. Returns whether it is. */
  async wait(deadlineMs: number): Promise<boolean> {
    if (this.#resumesAtMs >= deadlineMs) return false;
    while (this.#remainingMs > 0) await this.#sleep();
    return true;
  }

  /** The client, whose requests all pause if one of them is limited. */
  apply(client: DatadogClient): DatadogClient {
    return { ...client, fetch: this.#limit(client.fetch, Number.POSITIVE_INFINITY) };
  }

  /** The same for changes, which throw PausedError if the pause is long: they are made again after it. */
  applyToChanges(client: DatadogClient): DatadogClient {
    return { ...client, fetch: this.#limit(client.fetch, MAX_WAIT_MS) };
  }

  #limit(fetch: Fetch, maxWaitMs: number): Fetch {
    const send: Fetch = async (url, init) => {
      if (this.#remainingMs > maxWaitMs) throw new PausedError();
      while (this.#remainingMs > 0) await this.#sleep();
      // The time of this request may be up by now. It must not be sent after that.
      if (init.signal?.aborted) throw new PausedError();
      const response = await fetch(url, init);
      if (response.status === 429) {
        const pauseMs = retryAfterMs(response, this.#clock.now()) ?? DEFAULT_PAUSE_MS;
        this.#resumesAtMs = Math.max(this.#resumesAtMs, this.#clock.now() + pauseMs);
        if (pauseMs > maxWaitMs) throw new PausedError();
      }
      return response;
    };
    return Object.assign(send, fetch.interruption && { interruption: fetch.interruption });
  }

  /** One pause for all that wait. */
  #sleep(): Promise<void> {
    this.#pause ??= this.#clock.sleep(this.#remainingMs).finally(() => {
      this.#pause = undefined;
    });
    return this.#pause;
  }

  get #remainingMs(): number {
    return this.#resumesAtMs - this.#clock.now();
  }
}

/** Calls `run` for each item, at most four at the same time, in order. `run` must not throw. */
export async function forEachParallel<T>(
  items: readonly T[],
  run: (item: T) => Promise<void>,
): Promise<void> {
  const iterator = items.values();
  const work = async () => {
    for (const item of iterator) await run(item);
  };
  await Promise.all(Array.from({ length: MAX_PARALLEL }, work));
}
