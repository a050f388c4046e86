const INITIAL_SLOTS = 1024;

/**
 * A set of hashes that knows each by its first 64 bits, in 8 to 16 bytes: a large report has hundreds of thousands of
 * tests that passed.
 */
export class IdSet {
  #slots = new Uint32Array(0);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Adds a hash of at least 16 hexadecimal digits. */
  add(id: string): void {
    if (8 * this.#size >= 3 * this.#slots.length) this.#grow();
    const [high, low] = toWords(id);
    if (insert(this.#slots, high, low)) this.#size += 1;
  }

  has(id: string): boolean {
    const [high, low] = toWords(id);
    const index = find(this.#slots, high, low);
    return this.#slots[index] === high && this.#slots[index + 1] === low;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(Math.max(2 * INITIAL_SLOTS, 2 * old.length));
    for (let index = 0; index < old.length; index += 2) {
      const [high = 0, low = 0] = [old[index], old[index + 1]];
      if (high || low) insert(this.#slots, high, low);
    }
  }
}

/** Two numbers of 32 bits, not both 0, which marks a free slot. */
function toWords(id: string): readonly [number, number] {
  const high = Number.parseInt(id.slice(0, 8), 16) >>> 0;
  const low = Number.parseInt(id.slice(8, 16), 16) >>> 0;
  return high || low ? [high, low] : [0, 1];
}

/** Where the words are, or would be. The number of slots is a power of 2. */
function find(slots: Uint32Array, high: number, low: number): number {
  const mask = slots.length / 2 - 1;
  let slot = low & mask;
  for (;;) {
    const index = 2 * slot;
    const isFree = !slots[index] && !slots[index + 1];
    if (isFree || (slots[index] === high && slots[index + 1] === low)) return index;
    slot = (slot + 1) & mask;
  }
}

/** Returns whether the words are new. */
function insert(slots: Uint32Array, high: number, low: number): boolean {
  const index = find(slots, high, low);
  if (slots[index] || slots[index + 1]) return false;
  slots[index] = high;
  slots[index + 1] = low;
  return true;
}
