/** When the world begins, in milliseconds since 1970. */
export const BEGINNING = Date.parse('2026-01-02T03:04:05Z');

interface Entry {
  readonly time: number;
  /** Of two entries at the same time, the one that was added first comes first. */
  readonly order: number;
  readonly run: () => void;
  /** Whether nobody waits for the entry any more. */
  readonly isObsolete: (() => boolean) | undefined;
}

/** Turns of the event loop after which nothing runs any more: aborting a request takes two. */
const TURNS = 3;

/** Decides what happens next, in virtual time: nothing else makes time pass. */
export class Schedule {
  time = BEGINNING;
  #order = 0;
  /** A heap: the earliest entry is the first. */
  readonly #heap: Entry[] = [];
  /** What must end before time passes. */
  readonly #holds = new Set<Promise<void>>();

  /** Runs something at a time, in milliseconds since 1970. */
  at(time: number, run: () => void, isObsolete?: () => boolean): void {
    this.#order += 1;
    const entry = { time: Math.max(time, this.time), order: this.#order, run, isObsolete };
    let index = this.#heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (isBefore(this.#get(parent), entry)) break;
      this.#heap[index] = this.#get(parent);
      index = parent;
    }
    this.#heap[index] = entry;
  }

  /** Stops time, for what doesn't happen in virtual time, until the function is called that it returns. */
  hold(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#holds.add(promise);
    return () => {
      this.#holds.delete(promise);
      resolve();
    };
  }

  /** Runs everything until nothing is left. */
  async run(): Promise<void> {
    await this.#settle();
    for (let entry = this.#pop(); entry; entry = this.#pop()) {
      if (entry.isObsolete?.()) continue;
      this.time = entry.time;
      entry.run();
      await this.#settle();
    }
  }

  async #settle(): Promise<void> {
    while (this.#holds.size) await Promise.all(this.#holds);
    await settle();
  }

  #get(index: number): Entry {
    const entry = this.#heap[index];
    if (!entry) throw new Error('The heap has a hole.');
    return entry;
  }

  #pop(): Entry | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (!first || !last || !this.#heap.length) return first;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= this.#heap.length) break;
      if (child + 1 < this.#heap.length && isBefore(this.#get(child + 1), this.#get(child))) child += 1;
      if (isBefore(last, this.#get(child))) break;
      this.#heap[index] = this.#get(child);
      index = child;
    }
    this.#heap[index] = last;
    return first;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order);
}

/** Lets everything run that doesn't wait for the schedule. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
