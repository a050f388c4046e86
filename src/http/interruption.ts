import type { Clock, Fetch } from './connection.ts';
import { InterruptedError } from './errors.ts';
import { INTERRUPTED_MS } from './time-plan.ts';

/** The network and the clock of a step. */
interface Outside {
  readonly fetch: Fetch;
  readonly clock: Clock;
}

/**
 * A network and a clock that end soon after `interruption` aborts, because the runner then kills the process: a request
 * that changes something may still finish, everything else throws InterruptedError at once.
 */
export function makeInterruptible({ fetch, clock }: Outside, interruption: AbortSignal): Outside {
  return {
    fetch: async (url, init) => {
      if (interruption.aborted) throw new InterruptedError();
      const isRead = (init.method ?? 'GET') === 'GET';
      const end = new AbortController();
      const interrupt = () => {
        if (isRead) return end.abort();
        clock.timeoutSignal(INTERRUPTED_MS).addEventListener('abort', () => end.abort(), { once: true });
      };
      interruption.addEventListener('abort', interrupt, { once: true });
      const signals = init.signal ? [end.signal, init.signal as AbortSignal] : [end.signal];
      try {
        return await fetch(url, { ...init, signal: AbortSignal.any(signals) });
      } catch (error) {
        throw isRead && end.signal.aborted ? new InterruptedError({ cause: error }) : error;
      } finally {
        interruption.removeEventListener('abort', interrupt);
      }
    },
    clock: {
      ...clock,
      now: () => clock.now(),
      timeoutSignal: (ms) => clock.timeoutSignal(ms),
      sleep: async (ms) => {
        let interrupt = (): void => undefined;
        const interrupted = new Promise<never>((_, reject) => {
          interrupt = () => reject(new InterruptedError());
        });
        interruption.addEventListener('abort', interrupt, { once: true });
        if (interruption.aborted) interrupt();
        try {
          await Promise.race([interrupted, clock.sleep(ms)]);
        } finally {
          interruption.removeEventListener('abort', interrupt);
        }
      },
    },
  };
}
