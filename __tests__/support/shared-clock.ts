import { TestClock, waitUntilIdle } from './run-step.ts';

/** The clock of several steps at once: it moves only when all of them sleep, and then to the first one that wakes up. */
export class SharedClock extends TestClock {
  #sleepers: readonly { readonly dueAt: number; readonly wake: () => void }[] = [];
  #isAdvancing = false;

  override async sleep(milliseconds: number): Promise<void> {
    this.delays.push(milliseconds);
    const { promise, resolve: wake } = Promise.withResolvers<void>();
    this.#sleepers = [...this.#sleepers, { dueAt: this.time + milliseconds, wake }];
    if (!this.#isAdvancing) void this.#advance();
    await promise;
  }

  async #advance(): Promise<void> {
    this.#isAdvancing = true;
    while (this.#sleepers.length) {
      await waitUntilIdle();
      this.time = Math.max(this.time, Math.min(...this.#sleepers.map(({ dueAt }) => dueAt)));
      const due = this.#sleepers.filter(({ dueAt }) => dueAt <= this.time);
      this.#sleepers = this.#sleepers.filter((sleeper) => !due.includes(sleeper));
      for (const { wake } of due) wake();
    }
    this.#isAdvancing = false;
  }
}
