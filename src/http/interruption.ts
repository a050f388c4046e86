import type { Clock, Fetch } from './connection.ts';
import { InterruptedError } from './errors.ts';
import { INTERRUPTED_MS } from './time-plan.ts';

/** The network and the clock of a step. */
interface NetworkAndClock {
  readonly fetch: Fetch;
  readonly clock: Clock;
}

/**
 * A network and a clock that end soon after `interruption` aborts, because the runner then kills the process. A request
 * that changes something may still get its response, for 8 seconds; everything else throws InterruptedError at once.
 */
export function makeInterruptible(
  { fetch, clock }: NetworkAndClock,
  interruption: AbortSignal,
): NetworkAndClock {
  const lastMoment = new AbortController();
  const waitForLastMoment = () => {
    const signal = clock.timeoutSignal(INTERRUPTED_MS);
    signal.addEventListener('abort', () => lastMoment.abort(), { once: true });
  };
  interruption.addEventListener('abort', waitForLastMoment, { once: true });
  const send: Fetch = async (url, init) => {
    if (interruption.aborted) throw new InterruptedError();
    const isRead = (init.method ?? 'GET') === 'GET';
    const signal = isRead ? interruption : lastMoment.signal;
    const toError = () => new InterruptedError({ wasSent: !isRead });
    const response = await race(fetch(url, init), signal, toError);
    // A body can hang as well.
    const readText = response.text.bind(response);
    return Object.assign(response, { text: () => race(readText(), signal, toError) });
  };
  return {
    fetch: Object.assign(send, { preconnect: fetch.preconnect, interruption }),
    clock: {
      now: () => clock.now(),
      timeoutSignal: (ms) => clock.timeoutSignal(ms),
      sleep: (ms) =>
        interruption.aborted
          ? Promise.reject(new InterruptedError())
          : race(clock.sleep(ms), interruption, () => new InterruptedError()),
    },
  };
}

/** Settles as `work` does, unless the signal aborts first. */
async function race<T>(work: Promise<T>, signal: AbortSignal, toError: () => Error): Promise<T> {
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(toError());
  });
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
