/**
 * Text that may hold secrets. A plain `string` is redacted, or consists of our own words, so only `Redactor.redact` makes
 * text out of this. It can't be shortened, quoted or joined: that doesn't compile, and prints `***` where it does.
 */
export class Unredacted {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  get isEmpty(): boolean {
    return this.#text === '';
  }

  equals(other: Unredacted): boolean {
    return this.#text === other.#text;
  }

  /** The text without the whitespace around it. */
  trim(): Unredacted {
    return new Unredacted(this.#text.trim());
  }

  /** The text itself, for headers, addresses, hashes and parsers. A contract test lists the files that may call this. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return '***';
  }

  toJSON(): string {
    return '***';
  }
}
