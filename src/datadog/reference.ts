import { createHash } from 'node:crypto';

// Every case that this action opens carries a reference at the end of its description: `ghac` and 32 hexadecimal
// digits, one alphanumeric word so that a phrase search matches it exactly. With a dedup_key the shared reference
// comes last, and a random one above it tells this step's case from duplicates.

/** The reference of all cases with this `dedup_key` in this project. */
export function sharedReference(projectId: string, dedupKey: string): string {
  const hash = createHash('sha256').update(`${projectId.toLowerCase()}\n${dedupKey}`).digest('hex');
  return `ghac${hash.slice(0, 32)}`;
}

/** A reference that no other case has, made from a random UUID. */
export function uniqueReference(uuid: string): string {
  return `ghac${uuid.toLowerCase().replaceAll('-', '')}`;
}

/** Whether a description contains the reference as a whole word. */
export function includesReference(description: string, reference: string): boolean {
  return new RegExp(`(?<![A-Za-z0-9])${reference}(?![A-Za-z0-9])`).test(description);
}
