/** Why a request was aborted that is not needed any more. Without a reason, each abort creates an error with a stack. */
export const NOT_NEEDED = new Error('The request is not needed any more.');

/**
 * Calls `run` with a signal that aborts as soon as one of `signals` does. Rejects then, even if `run` never settles.
 */
export async function runUntilAborted<T>(
  signals: readonly AbortSignal[],
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => {
      controller.abort(NOT_NEEDED);
      // Later, so that an error of `run` itself comes first: it says more.
      setImmediate(reject, new Error('The operation was aborted.'));
    };
  });
  for (const signal of signals) signal.addEventListener('abort', abort, { once: true });
  try {
    if (signals.some((signal) => signal.aborted)) abort();
    return await Promise.race([run(controller.signal), aborted]);
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', abort);
  }
}
