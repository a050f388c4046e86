import type { Clock, Fetch } from './connection.ts';
import { InterruptedError, TransportError } from './errors.ts';
import { INTERRUPTED_MS } from './time-plan.ts';

/** The network and the clock of a step. */
interface NetworkAndClock {
  readonly fetch: Fetch;
  readonly clock: Clock;
}

/**
 * A network and a clock that end soon after `interruption` aborts, because the runner then kills the process. A request
 * that changes something may still finish, for 8 seconds; everything else throws InterruptedError at once.
 */
export function makeInterruptible(
  { fetch, clock }: NetworkAndClock,
  interruption: AbortSignal,
): NetworkAndClock {
  const stop = (reject: (error: Error) => void) => reject(new InterruptedError());
  const giveUpLater = (reject: (error: Error) => void) => {
    const error = new TransportError(new InterruptedError(), { notSent: false, proxy: undefined });
    clock.timeoutSignal(INTERRUPTED_MS).addEventListener('abort', () => reject(error), { once: true });
  };
  const send: Fetch = (url, init) => {
    if (interruption.aborted) return Promise.reject(new InterruptedError());
    const isRead = (init.method ?? 'GET') === 'GET';
    return race(fetch(url, init), interruption, isRead ? stop : giveUpLater);
  };
  return {
    fetch: Object.assign(send, { preconnect: fetch.preconnect }),
    clock: {
      now: () => clock.now(),
      timeoutSignal: (ms) => clock.timeoutSignal(ms),
      sleep: (ms) =>
        interruption.aborted
          ? Promise.reject(new InterruptedError())
          : race(clock.sleep(ms), interruption, stop),
    },
  };
}

/** Settles as `work` does, unless `onAbort` rejects first, which is called once the signal aborts. */
async function race<T>(
  work: Promise<T>,
  signal: AbortSignal,
  onAbort: (reject: (error: Error) => void) => void,
): Promise<T> {
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => onAbort(reject);
  });
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
