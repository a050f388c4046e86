import { createHash } from 'node:crypto';
import { stripControlCharacters } from '../base/log-text.ts';

// Every case that this action opens carries a reference in the last line of its description: `ghac` and 32
// hexadecimal digits, one alphanumeric word so that a phrase search matches it exactly. Only the last line counts:
// the text above it may quote anything, including the reference of another case.

/** What the last line of a description says about its case. */
export interface CaseReference {
  /** Carried by every case with the same `dedup_key`. Equals `unique` if the case has no key. */
  readonly shared: string;
  /** Carried by no other case, except one that the same step opened by accident. */
  readonly unique: string;
  /** The run that opened the case; `undefined` if an earlier version of the action did. */
  readonly openedBy: RunReference | undefined;
}

export interface RunReference {
  readonly id: number;
  /** `owner/name`. */
  readonly repository: string;
}

const EXPLANATION = '*The workflow finds this case by the line below. Please keep it at the end.*';
/** Anything may follow: an editor escapes characters such as `_`, adds a line break, or makes a link. */
const LAST_LINE =
  /^Reference:\s+(ghac[0-9a-f]{32})(?:\s+(ghac[0-9a-f]{32}))?\b(?:, opened by run (\d{1,15}) of ([\w.\\-]+\/[\w.\\-]+))?/;
/** Version 1.0 wrote the references alone: the shared one last, the unique one in the line above it. */
const LEGACY_LINE = /^ghac[0-9a-f]{32}$/;
/** More than the last lines of any description that this action writes. */
const MAX_FOOTER_CHARS = 1000;

/**
 * The references of all cases with this `dedup_key` in this project: the one to write, and after it the one that
 * version 1.0 wrote, if it differs. Keys that look the same are the same: Unicode and line endings are normalized.
 * `project` is its UUID, or the text in the workflow if a search must not depend on a lookup.
 */
export function sharedReferences(project: string, dedupKey: string): readonly [string, ...string[]] {
  const normalized = dedupKey.normalize('NFC').replace(/\r\n?/g, '\n');
  const current = hashReference(project, normalized);
  return normalized === dedupKey ? [current] : [current, hashReference(project, dedupKey)];
}

function hashReference(project: string, dedupKey: string): string {
  const hash = createHash('sha256').update(`${project.toLowerCase()}\n${dedupKey}`).digest('hex');
  return `ghac${hash.slice(0, 32)}`;
}

/** A reference that no other case has, made from a random UUID. */
export function uniqueReference(uuid: string): string {
  return `ghac${uuid.toLowerCase().replaceAll('-', '')}`;
}

/** The end of a description that holds the reference. */
export function renderReference({ shared, unique, openedBy }: CaseReference): string {
  const references = shared === unique ? unique : `${shared} ${unique}`;
  const run = openedBy ? `, opened by run ${openedBy.id} of ${openedBy.repository}` : '';
  return `${EXPLANATION}\n\nReference: ${references}${run}`;
}

/** The description with another reference at its end. */
export function replaceReference(description: string, reference: CaseReference): string {
  const lines = description.trimEnd().split('\n');
  const isFooter = (line: string) => {
    const text = line.trim();
    return !text || text === EXPLANATION || LAST_LINE.test(text) || LEGACY_LINE.test(text);
  };
  while (lines.length && isFooter(lines.at(-1) ?? '')) lines.pop();
  return [...lines, '', renderReference(reference)].join('\n').trimStart();
}

/** Reads the reference from the end of a description; `undefined` if there is none. */
export function parseReference(description: string): CaseReference | undefined {
  const lines = description
    .trimEnd()
    .slice(-MAX_FOOTER_CHARS)
    .split('\n')
    .map((line) => stripControlCharacters(line).trim())
    .filter((line) => line);
  const last = lines.at(-1) ?? '';
  const [, shared, unique, runId, repository] = LAST_LINE.exec(last) ?? [];
  if (shared) {
    const openedBy =
      runId && repository ? { id: Number(runId), repository: repository.replaceAll('\\', '') } : undefined;
    return { shared, unique: unique ?? shared, openedBy };
  }
  if (!LEGACY_LINE.test(last)) return undefined;
  const above = lines.at(-2) ?? '';
  return { shared: last, unique: LEGACY_LINE.test(above) ? above : last, openedBy: undefined };
}
