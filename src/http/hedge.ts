import { NOT_NEEDED } from './abort.ts';
import { TimeoutError } from './errors.ts';

type Lane<T> = (cancelSignal: AbortSignal) => Promise<T>;

interface HedgeOptions {
  /** Aborts when the second lane is to start, unless the first one has ended by then. */
  readonly startSecond: AbortSignal;
  /** Whether an error of one lane makes the other one pointless. */
  readonly isFinal: (error: unknown) => boolean;
}

/**
 * Runs `first`, and `second` alongside it if that takes long: the first may hang, or may only be slow. Resolves with
 * whichever succeeds first and cancels the other. Rejects once both have failed, or after a final error.
 */
export async function hedge<T>(
  first: Lane<T>,
  second: Lane<T>,
  { startSecond, isFinal }: HedgeOptions,
): Promise<T> {
  const cancellation = new AbortController();
  let start = (): void => undefined;
  const winner = new Promise<T>((resolve, reject) => {
    const errors: unknown[] = [];
    let running = 0;
    const run = (lane: Lane<T>) => {
      running += 1;
      lane(cancellation.signal).then(resolve, (error: unknown) => {
        running -= 1;
        errors.push(error);
        if (isFinal(error)) reject(error);
        // A response says more than a timeout.
        else if (running === 0) reject(errors.find((other) => !(other instanceof TimeoutError)) ?? errors[0]);
      });
    };
    start = () => run(second);
    startSecond.addEventListener('abort', start, { once: true });
    run(first);
  });
  try {
    return await winner;
  } finally {
    startSecond.removeEventListener('abort', start);
    cancellation.abort(NOT_NEEDED);
  }
}
