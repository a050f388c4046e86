import { createHash } from 'node:crypto';

// Each case that this action opens carries one word on the last line of its description: `ghac` and 32 hexadecimal
// digits. One word of letters and digits, so that a search for it as a phrase means it and nothing else. Where a key
// gives that word, a random one stands above it: it tells a step's own case from those of its twins.

/** The reference of all cases with this key in this project: the same for every step, whatever the key contains. */
export function derive(projectId: string, dedupKey: string): string {
  return `ghac${createHash('sha256').update(`${projectId.toLowerCase()}\n${dedupKey}`).digest('hex').slice(0, 32)}`;
}

/** A reference that no other case has, of a random UUID. */
export function fresh(uuid: string): string {
  return `ghac${uuid.toLowerCase().replaceAll('-', '')}`;
}

/** Whether a description carries the reference, as a word of its own. */
export function isIn(description: string, reference: string): boolean {
  return new RegExp(`(?<![A-Za-z0-9])${reference}(?![A-Za-z0-9])`).test(description);
}
