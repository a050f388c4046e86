import type { Format } from './format.ts';

/** Adds a problem, once for each kind and file: a broken file can hold millions of entries that can't be read. */
export function addProblem(problems: Problem[], problem: Problem & { readonly file: string }): void {
  const isKnown = problems.some(
    (known) => known.kind === problem.kind && 'file' in known && known.file === problem.file,
  );
  if (!isKnown) problems.push(problem);
}

/** Why a report may not be complete, so that nothing may be closed that it doesn't mention. */
export type Problem =
  | { readonly kind: 'no-match'; readonly pattern: string }
  | { readonly kind: 'too-many-files'; readonly count: number; readonly max: number }
  | { readonly kind: 'empty'; readonly file: string }
  | { readonly kind: 'too-large'; readonly file: string; readonly bytes: number; readonly maxBytes: number }
  | { readonly kind: 'too-large-together'; readonly file: string; readonly maxBytes: number }
  /** `detail` says why, such as `is outside the workspace`. */
  | { readonly kind: 'unreadable'; readonly file: string; readonly detail: string }
  /** Cut off, or not of this format. */
  | { readonly kind: 'malformed'; readonly file: string; readonly format: Format; readonly detail: string }
  /** The counts of a suite say that something failed, and nothing in it says what. */
  | { readonly kind: 'unshown-failures'; readonly file: string; readonly suite: string }
  | { readonly kind: 'unknown-format'; readonly file: string }
  /** JSON that is neither SARIF nor items. */
  | { readonly kind: 'other-json'; readonly file: string }
  | { readonly kind: 'other-format'; readonly file: string; readonly expected: Format }
  /** A version of SARIF whose results look different. */
  | { readonly kind: 'old-sarif'; readonly file: string; readonly version: string }
  | { readonly kind: 'no-runs'; readonly file: string }
  | { readonly kind: 'no-results'; readonly file: string; readonly tool: string }
  | { readonly kind: 'external-results'; readonly file: string; readonly tool: string }
  | { readonly kind: 'execution-failed'; readonly file: string; readonly tool: string }
  | { readonly kind: 'error-notification'; readonly file: string; readonly tool: string }
  /** An entry that can't be read, such as an item without a key. `position` is that of the first, from 1. */
  | { readonly kind: 'malformed-entry'; readonly file: string; readonly position: number }
  | { readonly kind: 'not-marked-complete'; readonly file: string };
