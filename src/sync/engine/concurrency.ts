import type { DatadogClient } from '../../datadog/client.ts';
import { retryAfterMs } from '../../http/retry.ts';

/** How many requests are under way at most. */
export const MAX_PARALLEL = 4;
/** The pause after a 429 that doesn't say how long to wait. */
const DEFAULT_PAUSE_MS = 1000;
/** A longer pause is probably a mistake of a gateway: each request decides for itself then. */
const MAX_PAUSE_MS = 60_000;

/** The client, whose requests all pause if one of them is limited. */
export function pauseTogether(client: DatadogClient): DatadogClient {
  const { clock } = client;
  let pausedUntilMs = 0;
  return {
    ...client,
    fetch: async (url, init) => {
      while (clock.now() < pausedUntilMs) await clock.sleep(pausedUntilMs - clock.now());
      // The time of this request may be up by now. It must not be sent after that.
      if (init.signal?.aborted) throw new Error('The request was not sent in time.');
      const response = await client.fetch(url, init);
      if (response.status === 429) {
        const pauseMs = retryAfterMs(response, clock.now()) ?? DEFAULT_PAUSE_MS;
        if (pauseMs <= MAX_PAUSE_MS) pausedUntilMs = Math.max(pausedUntilMs, clock.now() + pauseMs);
      }
      return response;
    },
  };
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
